"""Every route that an administrator's tool calls is answered, and every other one says that it is
not simulated.

The list is made of the pages of Microsoft that the bot's adapters name; it is longer than what the
bot calls today.
"""

import json
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from simulator.healthy.people import COMPANY, INTEGRATION
from tests.simulator.conftest import BC, LOGIN, Visitor
from tests.simulator.packing import package

NOBODY = "00000000-0000-4000-8000-000000000001"
DISCOVERY = "https://globaldisco.crm.dynamics.com"
BATCH = (
    "--batch_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    "GET /api/data/v9.2/WhoAmI HTTP/1.1\r\nAccept: application/json\r\n\r\n\r\n--batch_1--\r\n"
)


@dataclass(frozen=True)
class Route:
    """`body` is JSON, or a form for Entra ID, or text as it is; `status` what a good call gets."""

    site: str
    method: str
    path: str
    body: Any = None
    status: int = 200
    kind: str = "application/json"

    def __str__(self) -> str:
        return f"{self.site} {self.method} {self.path[:70]}"


def _entra(method: str, path: str, body: Any = None, status: int = 200) -> Route:
    return Route("entra", method, path, body, status)


def _sales(method: str, path: str, body: Any = None, status: int = 200) -> Route:
    return Route("sales", method, path, body, status)


def _bc(method: str, path: str, body: Any = None, status: int = 200) -> Route:
    return Route("bc", method, path, body, status)


ENTRA = (
    _entra("GET", "{tenant}/v2.0/.well-known/openid-configuration"),
    _entra("GET", "adventure-example.onmicrosoft.com/v2.0/.well-known/openid-configuration"),
    _entra("GET", "common/v2.0/.well-known/openid-configuration"),
    _entra("GET", "organizations/v2.0/.well-known/openid-configuration"),
    _entra("GET", "{tenant}/discovery/v2.0/keys"),
    _entra("GET", f"common/userrealm/{INTEGRATION}?api-version=1.0"),
    *(
        _entra(
            "GET",
            f"common/discovery/instance?api-version={version}"
            "&authorization_endpoint=https://login.microsoftonline.com/common/oauth2/authorize",
        )
        for version in ("1.0", "1.1")
    ),
    _entra(
        "POST",
        "{tenant}/oauth2/v2.0/token",
        {
            "grant_type": "client_credentials",
            "client_id": "{bot}",
            "client_secret": "{secret}",
            "scope": "{sales}/.default",
        },
    ),
    _entra(
        "POST",
        "{tenant}/oauth2/v2.0/token",
        {
            "grant_type": "password",
            "client_id": "{admin}",
            "username": INTEGRATION,
            "password": "{password}",
            "scope": "{sales}/.default offline_access openid profile",
        },
    ),
    _entra(
        "POST",
        "{tenant}/oauth2/v2.0/devicecode",
        {"client_id": "{admin}", "scope": "{sales}/.default"},
    ),
    *(
        _entra(
            "POST",
            "{tenant}/oauth2/v2.0/token",
            {"grant_type": grant, "client_id": "{admin}", "device_code": "none", "code": "none"},
            400,
        )
        for grant in ("device_code", "urn:ietf:params:oauth:grant-type:device_code")
    ),
    _entra(
        "POST",
        "{tenant}/oauth2/v2.0/token",
        {"grant_type": "refresh_token", "client_id": "{admin}", "refresh_token": "none"},
        400,
    ),
)
SALES = (
    _sales("GET", "WhoAmI"),
    _sales("GET", "WhoAmI()"),
    _sales("GET", "RetrieveVersion()"),
    _sales(
        "GET",
        "RetrieveCurrentOrganization(AccessType=@p1)"
        "?@p1=Microsoft.Dynamics.CRM.EndpointAccessType'Default'",
    ),
    _sales(
        "GET",
        "EntityDefinitions?$select=LogicalName,EntitySetName,PrimaryIdAttribute"
        "&$filter=LogicalName eq 'systemuser'",
    ),
    _sales("GET", "$metadata"),
    *(
        _sales("GET", f"{table}?$top=1")
        for table in (
            *("systemusers", "roles", "teams", "businessunits", "organizations", "solutions"),
            *("importjobs", "asyncoperations", "transactioncurrencies", "salesorders"),
            *("nav_connections", "nav_accountstatisticses", "appmodules", "msdyn_postconfigs"),
        )
    ),
    _sales("GET", "salesorders?$select=statecode&$filter=statecode eq 1&$top=1"),
    _sales("GET", "systemusers?$select=fullname&$filter=isdisabled eq false&$orderby=fullname"),
    _sales("GET", "systemusers?$select=fullname&$count=true&$top=2"),
    _sales("GET", "systemusers?$expand=systemuserroles_association($select=name)"),
    _sales(
        "GET",
        "roles?$select=name&$filter=Microsoft.Dynamics.CRM.In(PropertyName='name',"
        'PropertyValues=["Salesperson"])',
    ),
    _sales("GET", "systemusers({user})/systemuserroles_association?$select=name,roleid"),
    _sales(
        "POST",
        "systemusers({user})/systemuserroles_association/$ref",
        {"@odata.id": "{sales}/api/data/v9.2/roles({role})"},
        204,
    ),
    _sales("DELETE", "systemusers({user})/systemuserroles_association({held})/$ref", None, 204),
    _sales(
        "DELETE",
        "systemusers({user})/systemuserroles_association/$ref"
        "?$id={sales}/api/data/v9.2/roles({held})",
        None,
        204,
    ),
    _sales("GET", "teams({team})/teamroles_association?$select=name"),
    _sales("GET", "teams({team})/teammembership_association?$select=fullname"),
    _sales("PATCH", "organizations({organisation})", {"issopintegrationenabled": True}, 204),
    _sales("PATCH", "systemusers({user})", {"isintegrationuser": True}, 204),
    Route("sales", "POST", "$batch", BATCH, 200, "multipart/mixed; boundary=batch_1"),
    _sales("POST", "StageSolution", {"CustomizationFile": "{package}"}),
    _sales(
        "POST",
        "ImportSolution",
        {
            "OverwriteUnmanagedCustomizations": True,
            "PublishWorkflows": True,
            "CustomizationFile": "{package}",
            "ImportJobId": NOBODY,
        },
        204,
    ),
    _sales(
        "POST",
        "ImportSolutionAsync",
        {
            "OverwriteUnmanagedCustomizations": True,
            "PublishWorkflows": True,
            "CustomizationFile": "{package}",
        },
    ),
    _sales("GET", f"RetrieveFormattedImportJobResults(ImportJobId={NOBODY})", None, 404),
    _sales("POST", "PublishAllXml", {}, 204),
)
SERVICE = f"ODataV4/Company('{COMPANY}')"
AUTOMATION = "api/microsoft/automation/v2.0/companies({company})"
CENTRAL = (
    _bc("GET", "/environments/v1.2"),
    _bc("GET", "/admin/v2.29/applications/BusinessCentral/environments"),
    _bc("GET", "/admin/v2.29/applications/BusinessCentral/environments/Production"),
    _bc("GET", "api/v2.0/companies"),
    _bc("GET", "api/v2.0/companies({company})"),
    _bc("GET", "api/microsoft/automation/v2.0/companies"),
    *(
        _bc("GET", f"{AUTOMATION}/{name}")
        for name in (
            *("users", "users({bc_user})", "users({bc_user})/userPermissions", "permissionSets"),
            *("features", "extensions", "securityGroups"),
        )
    ),
    _bc("GET", "ODataV4/$metadata"),
    _bc("GET", "ODataV4/Company"),
    *(
        _bc("GET", f"{SERVICE}/{name}")
        for name in (
            *("CRM_Connection_Setup", "CRM_Connection_Setup('')", "Users", "Job_Queue_Entries"),
            *("Integration_Table_Mapping_List", "General_Ledger_Setup", "ProductItemAvailability"),
        )
    ),
    _bc("PATCH", f"{SERVICE}/CRM_Connection_Setup('')", {"User_Name": INTEGRATION}),
    *(
        Route("on_premises", "GET", path)
        for path in ("ODataV4/$metadata", "ODataV4/Company", f"{SERVICE}/General_Ledger_Setup")
    ),
)
ROUTES = (*ENTRA, *SALES, *CENTRAL, Route("discovery", "GET", "Instances"))


@pytest.mark.parametrize("route", ROUTES, ids=str)
async def test_route_is_answered(visitor: Visitor, route: Route) -> None:
    await visitor.patch_sales({"user_roles": {"bot": {"system-administrator": True}}})
    answer = await _called(visitor, _filled(route, _known(visitor)))
    assert answer.status_code == route.status, answer.text[:300]


UNKNOWN = (
    _entra("GET", "{tenant}/oauth2/v2.0/invented"),
    _entra("GET", "{tenant}/oauth2/v2.0/authorize"),
    _entra("DELETE", "{tenant}/oauth2/v2.0/token"),
    Route("sales_host", "GET", "/main.aspx"),
    Route("sales_host", "POST", "/XRMServices/2011/Organization.svc/web"),
    _sales("GET", "systemusers?fetchXml=<fetch/>"),
    _sales("GET", "opportunities"),
    _sales("POST", "CloneAsPatch", {}),
    _bc("GET", "/invented"),
    _bc("GET", "api/contoso/invented/v1.0/things"),
    _bc("GET", "WS/Codeunit/Invented"),
    Route("on_premises", "GET", "WS/Codeunit/Invented"),
)


@pytest.mark.parametrize("route", UNKNOWN, ids=str)
async def test_what_is_not_simulated_says_so(visitor: Visitor, route: Route) -> None:
    answer = await _called(visitor, _filled(route, _known(visitor)))
    assert answer.status_code == 501, answer.text[:300]
    assert answer.text.strip().endswith(".")
    assert "simulate" in answer.text


def _known(visitor: Visitor) -> dict[str, str]:
    facts, ready = visitor.simulation.world.facts, visitor.ready
    tables = facts["sales"]["adventure"]["tables"]
    return {
        "{tenant}": ready["tenant"],
        "{sales}": ready["sales_url"],
        "{bot}": ready["apps"]["bot"]["client_id"],
        "{secret}": ready["apps"]["bot"]["client_secret"],
        "{admin}": ready["apps"]["admin"]["client_id"],
        "{password}": facts["accounts"][INTEGRATION]["password"],
        "{user}": tables["systemusers"]["integration"]["systemuserid"],
        "{role}": tables["roles"]["salesperson"]["roleid"],
        "{held}": tables["roles"]["bc-integration-user"]["roleid"],
        "{team}": tables["teams"]["root-team"]["teamid"],
        "{organisation}": tables["organizations"]["adventure"]["organizationid"],
        "{company}": facts["business_central"]["Production"]["companies"][COMPANY]["id"],
        "{bc_user}": facts["business_central"]["Production"]["users"]["ADA"]["User_Security_ID"],
        "{package}": package(name="MadeUpSolution", version="1.0.0.1"),
    }


def _filled(route: Route, known: dict[str, str]) -> Route:
    path, body = route.path, route.body if isinstance(route.body, str) else json.dumps(route.body)
    for mark, value in known.items():
        path, body = path.replace(mark, value), body.replace(mark, value)
    filled = body if isinstance(route.body, str) else json.loads(body)
    return Route(route.site, route.method, path, filled, route.status, route.kind)


async def _called(visitor: Visitor, route: Route) -> httpx.Response:
    method, path, body = route.method, route.path, route.body
    if route.site == "entra":
        return await visitor.http.request(method, f"{LOGIN}/{path}", data=body)
    if route.site == "sales_host":
        return await visitor.http.request(method, visitor.ready["sales_url"] + path)
    if route.site == "on_premises":
        bc = visitor.ready["bc"]
        key = (bc["on_premises_user"], bc["on_premises_access_key"])
        return await visitor.http.request(method, f"{bc['on_premises_url']}/{path}", auth=key)
    if route.site == "discovery":
        return await _discovered(visitor, path)
    content: dict[str, Any] = {} if body is None else {"json": body}
    if isinstance(body, str):
        content = {"content": body.encode(), "headers": {"Content-Type": route.kind}}
    if route.site == "sales":
        return await visitor.sales(method, path, **content)
    if method == "PATCH":
        content["headers"] = {"If-Match": "*"}
    if path.startswith("/"):
        return await visitor._call(method, BC + path, BC, "bot", content)
    return await visitor.bc(method, path, **content)


async def _discovered(visitor: Visitor, path: str) -> httpx.Response:
    """Discovery is for people only."""
    known = _known(visitor)
    form = {
        "grant_type": "password",
        "client_id": known["{admin}"],
        "username": INTEGRATION,
        "password": known["{password}"],
        "scope": f"{DISCOVERY}/.default",
    }
    address = f"{LOGIN}/{visitor.ready['tenant']}/oauth2/v2.0/token"
    issued = await visitor.http.post(address, data=form)
    assert issued.status_code == 200, issued.text
    bearer = {"Authorization": f"Bearer {issued.json()['access_token']}"}
    return await visitor.http.get(f"{DISCOVERY}/api/discovery/v2.0/{path}", headers=bearer)
