"""A crowd of made-up users, for what only shows with many: paging, mapping, memory."""

from typing import Any

from simulator.healthy.business_central import ENVIRONMENT
from simulator.healthy.people import DOMAIN
from simulator.healthy.sales import CREATED
from simulator.world import BadFactError, World

LARGEST = 200_000
PARTS = ("sales_users", "business_central_users")


def gather(world: World, wanted: dict[str, Any]) -> None:
    """Adds `sales_users` to the Sales organisation and `business_central_users` to the
    environment, numbered from 1: the same number is the same person, by authentication email.

    A crowd of the same size is the same crowd. Raises `BadFactError`.
    """
    for part, number in wanted.items():
        if part not in PARTS or type(number) is not int or not 0 <= number <= LARGEST:
            raise BadFactError(f"a crowd has {' and '.join(PARTS)}, each up to {LARGEST:,}")
    world.touched()
    organisation = world.facts["sales"]["adventure"]
    unit = organisation["tables"]["businessunits"]["root"]["businessunitid"]
    rows = organisation["tables"]["systemusers"]
    for number in range(1, wanted.get("sales_users", 0) + 1):
        row = _sales_user(number, unit, organisation["id"])
        rows[f"crowd-{number}"] = row | {"versionnumber": world.next_version()}
    users = world.facts["business_central"][ENVIRONMENT]["users"]
    for number in range(1, wanted.get("business_central_users", 0) + 1):
        users[f"CROWD-{number}"] = _bc_user(number)


def _address(number: int) -> str:
    return f"person.{number}@{DOMAIN}"


def _id(kind: int, number: int) -> str:
    return f"{kind:08x}-0000-4000-8000-{number:012x}"


def _sales_user(number: int, unit: str, organisation: str) -> dict[str, Any]:
    return {
        "systemuserid": _id(1, number),
        "domainname": _address(number),
        "internalemailaddress": _address(number),
        "firstname": "Person",
        "lastname": str(number),
        "fullname": f"Person {number}",
        "azureactivedirectoryobjectid": _id(2, number),
        "applicationid": None,
        "isdisabled": False,
        "islicensed": True,
        "isintegrationuser": False,
        "accessmode": 0,
        "invitestatuscode": 4,
        "_businessunitid_value": unit,
        "organizationid": organisation,
        "createdon": CREATED,
        "modifiedon": CREATED,
    }


def _bc_user(number: int) -> dict[str, Any]:
    return {
        "User_Security_ID": _id(3, number),
        "User_Name": f"PERSON.{number}",
        "Full_Name": f"Person {number}",
        "State": "Enabled",
        "Windows_User_Name": "",
        "License_Type": "Full User",
        "Authentication_Email": _address(number),
    }
