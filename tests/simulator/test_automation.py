"""The automation API: users, their permissions, sets, groups, features and extensions."""

from typing import Any

import httpx
import pytest

from simulator.healthy.people import COMPANY, PEOPLE
from tests.simulator.conftest import BC, LOGIN, Visitor

ROOT = "api/microsoft/automation/v2.0"
ANY = {"If-Match": "*"}
NOBODY = "00000000-0000-4000-8000-000000000000"


def _facts(visitor: Visitor) -> dict[str, Any]:
    found: dict[str, Any] = visitor.simulation.world.facts["business_central"]["Production"]
    return found


async def _call(visitor: Visitor, method: str, path: str, **more: Any) -> httpx.Response:
    """`path` is below the company."""
    company = _facts(visitor)["companies"][COMPANY]["id"]
    return await visitor.bc(method, f"{ROOT}/companies({company})/{path}", **more)


def _outcome(answer: httpx.Response) -> tuple[int, str]:
    code = answer.json()["error"]["code"] if answer.status_code >= 400 else ""
    return answer.status_code, code


def _id(visitor: Visitor, user: str) -> str:
    return str(_facts(visitor)["users"][user]["User_Security_ID"])


async def test_companies_are_those_of_the_standard_api(visitor: Visitor) -> None:
    automated = (await visitor.bc("GET", f"{ROOT}/companies")).json()["value"]
    assert automated == (await visitor.bc("GET", "api/v2.0/companies")).json()["value"]


async def test_users_have_no_authentication_email(visitor: Visitor) -> None:
    rows = (await _call(visitor, "GET", "users?$filter=state eq 'Enabled'")).json()["value"]
    assert {row["userName"] for row in rows} == {person.upper() for person in PEOPLE}
    assert not any("@adventure" in str(value) for row in rows for value in row.values())
    one = await _call(visitor, "GET", f"users({rows[0]['userSecurityId']})?$select=userName")
    assert one.json()["userName"] == rows[0]["userName"]


async def test_a_user_is_changed_with_its_current_etag(visitor: Visitor) -> None:
    path = f"users({_id(visitor, 'VERA')})"
    etag = (await _call(visitor, "GET", path)).json()["@odata.etag"]
    body = {"state": "Disabled"}
    assert _outcome(await _call(visitor, "PATCH", path, json=body)) == (
        400,
        "BadRequest_InvalidToken",
    )
    first = await _call(visitor, "PATCH", path, json=body, headers={"If-Match": etag})
    assert first.json()["state"] == "Disabled"
    assert _facts(visitor)["users"]["VERA"]["State"] == "Disabled"
    second = await _call(visitor, "PATCH", path, json=body, headers={"If-Match": etag})
    assert _outcome(second) == (409, "Request_EntityChanged")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"userName": "X"}, "BadRequest_InvalidOperation"),
        ({"authenticationEmail": "x@y"}, "BadRequest"),
        ({"displayName": "X", "state": "Away"}, "Application_EvaluateException"),
        ({"displayName": "X" * 81}, "Application_StringExceededLength"),
        ({"expiryDate": "tomorrow"}, "BadRequest"),
    ],
)
async def test_what_a_user_cannot_be_is_refused_as_a_whole(
    visitor: Visitor, body: dict[str, str], code: str
) -> None:
    before = dict(_facts(visitor)["users"]["VERA"])
    path = f"users({_id(visitor, 'VERA')})"
    assert _outcome(await _call(visitor, "PATCH", path, json=body, headers=ANY)) == (400, code)
    assert _facts(visitor)["users"]["VERA"] == before


async def test_permissions_are_given_changed_and_taken(visitor: Visitor) -> None:
    path = f"users({_id(visitor, 'VERA')})/userPermissions"
    given = await _call(visitor, "POST", path, json={"roleId": "D365 READ"})
    assert given.status_code == 201
    row = given.json()
    assert (row["displayName"], row["scope"]) == ("Dynamics 365 Read access", "System")
    one = f"{path}({row['id']})"
    changed = await _call(visitor, "PATCH", one, json={"company": COMPANY}, headers=ANY)
    assert (changed.json()["roleId"], changed.json()["company"]) == ("D365 READ", COMPANY)
    assert len((await _call(visitor, "GET", path)).json()["value"]) == 2
    assert (await _call(visitor, "DELETE", one, headers=ANY)).status_code == 204
    assert (await _call(visitor, "GET", one)).status_code == 404


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"roleId": "NOPE"}, "Internal_InvalidTableRelation"),
        ({"roleId": "D365 READ", "company": "Nope"}, "Internal_InvalidTableRelation"),
        ({"roleId": "D365 BUS FULL ACCESS"}, "Internal_EntityWithSameKeyExists"),
        ({"role": "D365 READ"}, "BadRequest"),
    ],
)
async def test_permission_that_cannot_be_given_is_refused(
    visitor: Visitor, body: dict[str, str], code: str
) -> None:
    path = f"users({_id(visitor, 'VERA')})/userPermissions"
    assert _outcome(await _call(visitor, "POST", path, json=body)) == (400, code)


@pytest.mark.parametrize("name", ["permissionSets", "securityGroups", "features", "extensions"])
async def test_sets_are_listed_and_their_rows_found(visitor: Visitor, name: str) -> None:
    rows = (await _call(visitor, "GET", name)).json()["value"]
    assert rows
    key = rows[0].get("packageId", rows[0]["id"])
    quoted = f"'{key}'" if name in ("permissionSets", "features") else key
    assert (await _call(visitor, "GET", f"{name}({quoted})")).json()["@odata.etag"]
    assert _outcome(await _call(visitor, "DELETE", f"{name}({quoted})", headers=ANY))[0] == 405


async def test_features_are_turned_on_and_off_unless_they_are_one_way(visitor: Visitor) -> None:
    body = {"updateInBackground": True, "startDateTime": "2026-01-01T00:00:00Z"}
    for key, outcome in (("ReadOnlyExport", 204), ("SalesPrices", 400)):
        path = f"features('{key}')"
        on = await _call(visitor, "POST", f"{path}/Microsoft.NAV.activate", json=body)
        assert on.status_code == 204
        assert (await _call(visitor, "GET", path)).json()["enabled"] == "All Users"
        off = await _call(visitor, "POST", f"{path}/Microsoft.NAV.deactivate")
        assert off.status_code == outcome


async def test_extensions_are_installed_uninstalled_and_unpublished(visitor: Visitor) -> None:
    path = f"extensions({_facts(visitor)['extensions']['addon']['packageId']})"
    for action, status in (
        ("uninstall", 400),
        ("install", 204),
        ("install", 400),
        ("unpublish", 400),
        ("uninstall", 204),
        ("unpublish", 204),
        ("install", 404),
    ):
        answer = await _call(visitor, "POST", f"{path}/Microsoft.NAV.{action}")
        assert answer.status_code == status, action


async def test_users_come_from_microsoft_365_for_a_person_only(visitor: Visitor) -> None:
    action = "users/Microsoft.NAV.getNewUsersFromOffice365"
    assert (await _call(visitor, "POST", action)).status_code == 403
    account = "ada.admin@adventure-example.onmicrosoft.com"
    body = {
        "grant_type": "password",
        "client_id": visitor.ready["apps"]["admin"]["client_id"],
        "username": account,
        "password": visitor.simulation.world.facts["accounts"][account]["password"],
        "scope": f"{BC}/.default",
    }
    token = await visitor.http.post(f"{LOGIN}/organizations/oauth2/v2.0/token", data=body)
    as_ada = {"Authorization": f"Bearer {token.json()['access_token']}"}
    answer = await _call(visitor, "POST", action, headers=as_ada)
    assert answer.status_code == 204
    assert "INTEGRATION" in _facts(visitor)["users"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"users({NOBODY})", 404, "Internal_RecordNotFound"),
        ("users(ada)", 400, "Application_InvalidGUID"),
        ("features('Nope')", 404, "Internal_RecordNotFound"),
        ("nope", 404, "BadRequest_ResourceNotFound"),
        ("users(x)/nope", 404, "BadRequest_ResourceNotFound"),
        ("users?$filter=Nope eq 1", 400, "BadRequest"),
    ],
)
async def test_what_is_not_there_is_said(
    visitor: Visitor, path: str, status: int, code: str
) -> None:
    assert _outcome(await _call(visitor, "GET", path)) == (status, code)


@pytest.mark.parametrize("name", ["scheduledJobs", "usersPermissions", "configurationPackages"])
async def test_what_only_the_real_api_has_is_not_simulated(visitor: Visitor, name: str) -> None:
    assert (await _call(visitor, "GET", name)).status_code == 501


AUTOMATION, DATA = f"{ROOT}/companies", "api/v2.0/companies"


@pytest.mark.parametrize(
    ("consents", "open_path", "closed_path"),
    [(["API.ReadWrite.All"], DATA, AUTOMATION), (["Automation.ReadWrite.All"], AUTOMATION, DATA)],
)
async def test_each_api_wants_its_own_permission_in_the_token(
    visitor: Visitor, consents: list[str], open_path: str, closed_path: str
) -> None:
    await visitor.patch({"apps": {"bot": {"consents": {"business_central": consents}}}})
    assert (await visitor.bc("GET", open_path)).status_code == 200
    assert _outcome(await visitor.bc("GET", closed_path)) == (
        401,
        "Authentication_InvalidCredentials",
    )


@pytest.mark.parametrize(
    ("taken", "path"),
    [
        ("D365 AUTOMATION", f"{ROOT}/companies"),
        ("EXTEN. MGT. - ADMIN", "extensions"),
    ],
)
async def test_a_missing_permission_set_is_403(visitor: Visitor, taken: str, path: str) -> None:
    app = {"permission_sets": {taken: None}}
    call = visitor.bc if "/" in path else lambda method, p: _call(visitor, method, p)
    assert (await call("GET", path)).status_code == 200
    await visitor.patch_environment({"applications": {"bot": app}})
    assert _outcome(await call("GET", path)) == (403, "Authorization")


async def test_reading_and_changing_pages_are_different_permissions(visitor: Visitor) -> None:
    sets = {"D365 BUS FULL ACCESS": None, "D365 AUTOMATION": None, "D365 READ": True}
    await visitor.patch_environment({"applications": {"bot": {"permission_sets": sets}}})
    page = "CRM_Connection_Setup('')"
    assert (await visitor.page("GET", page)).status_code == 200
    answer = await visitor.page("PATCH", page, json={"SDKVersion": 9}, headers=ANY)
    assert _outcome(answer) == (403, "Authorization")


async def test_no_app_can_be_given_super(visitor: Visitor) -> None:
    app = {"bot": {"permission_sets": {"SUPER": True}}}
    patch = {"business_central": {"Production": {"applications": app}}}
    answer = await visitor.control.patch("/_world", json=patch)
    assert answer.status_code == 400
    assert "SUPER" in answer.json()["error"]


@pytest.mark.parametrize(
    ("version", "path", "status"),
    [
        ("15.17.47256.0", "users/$count", 501),
        ("15.17.47256.0", "users({})/displayName", 501),
        ("24.0.1.0", "userGroups", 501),
        ("25.0.1.0", "userGroups", 404),
    ],
)
async def test_what_the_automation_api_has_and_the_simulator_not_is_501(
    visitor: Visitor, version: str, path: str, status: int
) -> None:
    await visitor.patch_environment({"version": version})
    answer = await _call(visitor, "GET", path.format(_id(visitor, "VERA")))
    assert answer.status_code == status


async def test_a_row_may_be_sent_back_with_its_annotations(visitor: Visitor) -> None:
    path = f"users({_id(visitor, 'VERA')})"
    etag = (await _call(visitor, "GET", path)).json()["@odata.etag"]
    body = {"@odata.etag": etag, "displayName": "Vera V."}
    answer = await _call(visitor, "PATCH", path, json=body, headers=ANY)
    assert answer.json()["displayName"] == "Vera V."
