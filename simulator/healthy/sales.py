"""The Sales organisation: its units, users, roles, currencies and solutions."""

from typing import Any

from simulator.healthy.identity import TENANT
from simulator.healthy.integration import integration_tables
from simulator.healthy.people import ADMINISTRATOR, DOMAIN, INTEGRATION, NORTH, PEOPLE, address
from simulator.healthy.roles import BOT_ROLE, PRIVILEGES, roles
from simulator.healthy.selling import selling_tables
from simulator.healthy.solution_jobs import no_jobs, past_jobs
from simulator.identifiers import Draw

HOST = "adventure-example.crm4.dynamics.com"
API_HOST = "adventure-example.api.crm4.dynamics.com"
CREATED = "2026-01-15T08:00:00Z"
Rows = dict[str, dict[str, Any]]


def sales(draw: Draw, identity: dict[str, Any]) -> dict[str, Any]:
    organisation_id = draw.guid()
    units = _business_units(draw)
    currencies = _currencies(draw)
    users = _users(draw, identity, units, organisation_id)
    tables = {
        "organizations": {"adventure": _organisation_row(organisation_id, currencies["EUR"])},
        "businessunits": units,
        "systemusers": users,
        "roles": roles(draw, units),
        "teams": _teams(draw, units),
        "transactioncurrencies": currencies,
        "solutions": _solutions(draw),
        **past_jobs(draw),
    }
    currency = currencies["EUR"]["transactioncurrencyid"]
    tables |= selling_tables(draw, users[ADMINISTRATOR]["systemuserid"], currency)
    tables |= integration_tables(draw, tables["accounts"])
    return {
        "adventure": {
            "tenant": TENANT,
            "host": HOST,
            "id": organisation_id,
            "environment_id": draw.guid(),
            "name": "Adventure Example",
            "unique_name": "orgadventureexample",
            "version": "9.2.26101.00184",
            "condition": "running",
            "clock_ahead": 0,
            "retry_after": 7,
            "limits": {"requests": 6000, "seconds": 1200, "concurrent": 52},
            "tables": tables,
            "user_roles": _user_roles(),
            "team_roles": {"root-team": {}},
            "team_members": {"root-team": {person: True for person in PEOPLE if person != NORTH}},
            "privileges": PRIVILEGES,
            **no_jobs(),
        }
    }


def _organisation_row(organisation_id: str, currency: dict[str, Any]) -> dict[str, Any]:
    return {
        "organizationid": organisation_id,
        "name": "orgadventureexample",
        "issopintegrationenabled": False,
        "currencydecimalprecision": 2,
        "_basecurrencyid_value": currency["transactioncurrencyid"],
        "basecurrencyprecision": 2,
        "basecurrencysymbol": currency["currencysymbol"],
        "languagecode": 1033,
        "createdon": CREATED,
        "modifiedon": CREATED,
    }


def _business_units(draw: Draw) -> Rows:
    root, north = draw.guid(), draw.guid()
    return {
        "root": _unit(root, "Adventure Example", None),
        "north": _unit(north, "North Region (example)", root),
    }


def _unit(unit_id: str, name: str, parent: str | None) -> dict[str, Any]:
    return {
        "businessunitid": unit_id,
        "name": name,
        "_parentbusinessunitid_value": parent,
        "isdisabled": False,
        "createdon": CREATED,
        "modifiedon": CREATED,
    }


def _currencies(draw: Draw) -> Rows:
    known = {
        "EUR": ("Euro", "€", 1.0),
        "USD": ("US Dollar", "$", 1.08),
        "DKK": ("Krone", "kr", 7.46),
    }
    return {
        code: {
            "transactioncurrencyid": draw.guid(),
            "isocurrencycode": code,
            "currencyname": name,
            "currencysymbol": symbol,
            "currencyprecision": 2,
            "exchangerate": rate,
            "statecode": 0,
            "createdon": CREATED,
            "modifiedon": CREATED,
        }
        for code, (name, symbol, rate) in known.items()
    }


def _solutions(draw: Draw) -> Rows:
    known = {
        "MicrosoftDynamicsNavIntegration": (
            "Dynamics 365 Business Central Integration",
            "9.1.0.12",
        ),
        "bcbi_CdsBaseIntegration": ("Business Central Dataverse Base Integration", "1.0.0.11"),
    }
    return {
        name: {
            "solutionid": draw.guid(),
            "uniquename": name,
            "friendlyname": friendly,
            "version": version,
            "ismanaged": True,
            "isvisible": True,
            "installedon": CREATED,
            "createdon": CREATED,
            "modifiedon": CREATED,
        }
        for name, (friendly, version) in known.items()
    }


def _teams(draw: Draw, units: Rows) -> Rows:
    unit = units["root"]
    return {
        "root-team": {
            "teamid": draw.guid(),
            "name": unit["name"],
            "teamtype": 0,
            "isdefault": True,
            "_businessunitid_value": unit["businessunitid"],
            "createdon": CREATED,
            "modifiedon": CREATED,
        }
    }


def _user_roles() -> dict[str, dict[str, bool]]:
    sellers = {
        person: {"salesperson/north" if person == NORTH else "salesperson": True}
        for person in PEOPLE
    }
    sellers[ADMINISTRATOR]["system-administrator"] = True
    synchronising = {
        "bc-integration-administrator": True,
        "bc-integration-user": True,
        "bc-base-integration": True,
    }
    return {
        **sellers,
        "integration": dict(synchronising),
        "integration-app": dict(synchronising),
        "bot": {BOT_ROLE: True},
    }


def _users(draw: Draw, identity: dict[str, Any], units: Rows, organisation_id: str) -> Rows:
    accounts, apps = identity["accounts"], identity["apps"]
    root = units["root"]["businessunitid"]
    rows: Rows = {
        "integration": _user(draw, accounts[INTEGRATION], INTEGRATION)
        | {"isintegrationuser": True, "accessmode": 4}
    }
    for person in PEOPLE:
        rows[person] = _user(draw, accounts[address(person)], address(person))
    for key, app in (("bot", "bot"), ("integration-app", "integration")):
        rows[key] = application_user(draw.guid(), apps[app])
    for row in rows.values():
        row["_businessunitid_value"] = root
        row["organizationid"] = organisation_id
    rows[NORTH]["_businessunitid_value"] = units["north"]["businessunitid"]
    return rows


def _user(draw: Draw, account: dict[str, Any], upn: str) -> dict[str, Any]:
    first, _, last = account["display_name"].partition(" ")
    return {
        "systemuserid": draw.guid(),
        "domainname": upn,
        "internalemailaddress": upn,
        "firstname": first,
        "lastname": last,
        "fullname": account["display_name"],
        "azureactivedirectoryobjectid": account["object_id"],
        "applicationid": None,
        "isdisabled": False,
        "islicensed": True,
        "isintegrationuser": False,
        "accessmode": 0,
        "invitestatuscode": 4,
        "createdon": CREATED,
        "modifiedon": CREATED,
    }


def application_user(user_id: str, app: dict[str, Any]) -> dict[str, Any]:
    """The row that the platform fills in for an app: named after its service principal."""
    login = f"{app['client_id']}@{DOMAIN}"
    return {
        "systemuserid": user_id,
        "domainname": login,
        "internalemailaddress": login,
        "firstname": "#",
        "lastname": app["display_name"],
        "fullname": f"# {app['display_name']}",
        "azureactivedirectoryobjectid": app["object_id"],
        "applicationid": app["client_id"],
        "isdisabled": False,
        "islicensed": False,
        "isintegrationuser": False,
        "accessmode": 4,
        "invitestatuscode": 0,
        "createdon": CREATED,
        "modifiedon": CREATED,
    }
