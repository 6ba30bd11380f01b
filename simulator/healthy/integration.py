"""What the integration solution keeps in Sales, and the app and posts that it changes."""

from typing import Any

from simulator.identifiers import Draw

CREATED = "2026-01-15T08:00:00Z"
Rows = dict[str, dict[str, Any]]
STAMPS = {"createdon": CREATED, "modifiedon": CREATED}
ACTIVE = {"statecode": 0, "statuscode": 1}


def integration_tables(draw: Draw, accounts: Rows) -> dict[str, Rows]:
    """Nobody has connected Business Central yet: there is no nav_connection, and no default."""
    return {
        "nav_connections": {},
        "nav_defaultconnections": {},
        "nav_accountstatisticses": {
            key: _statistics(draw, number, account)
            for number, (key, account) in enumerate(accounts.items(), start=1)
        },
        "appmodules": {"hub": _app(draw)},
        "msdyn_postconfigs": {
            entity: _post_config(draw, entity) for entity in ("account", "salesorder")
        },
    }


def _statistics(draw: Draw, number: int, account: dict[str, Any]) -> dict[str, Any]:
    balance = 1250.5 * number
    amounts = {"nav_balancelcy": balance, "nav_totallcy": balance, "nav_creditlimitlcy": 10000.0}
    return {
        "nav_accountstatisticsid": draw.guid(),
        "nav_name": account["name"],
        "nav_customerno": account["accountnumber"],
        **amounts,
        **{f"{name}_base": amount for name, amount in amounts.items()},
        "nav_overdueamountsasof": CREATED,
        "_nav_accountid_value": account["accountid"],
        **ACTIVE,
        **STAMPS,
    }


def _app(draw: Draw) -> dict[str, Any]:
    return {
        "appmoduleid": draw.guid(),
        "name": "Sales Hub",
        "uniquename": "msdynce_saleshub",
        "url": "saleshub",
        "appmoduleversion": "9.1.2.3",
        "clienttype": 4,
        "isdefault": False,
        "ismanaged": True,
        "publishedon": CREATED,
        **ACTIVE,
        **STAMPS,
    }


def _post_config(draw: Draw, entity: str) -> dict[str, Any]:
    return {
        "msdyn_postconfigid": draw.guid(),
        "msdyn_entityname": entity,
        "msdyn_entitydisplayname": entity.capitalize(),
        "msdyn_configurewall": True,
        "msdyn_stepscount": 1,
        "msdyn_status": 1,
        **ACTIVE,
        **STAMPS,
    }
