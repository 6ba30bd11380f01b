"""The server on premises answers as the online environment does, to a user with a key."""

from typing import Any

import httpx
import pytest

from simulator.healthy.people import COMPANY, SECOND_COMPANY
from tests.simulator.conftest import BC, Visitor

SETUP = "CRM_Connection_Setup('')"


async def _call(visitor: Visitor, method: str, path: str, **more: Any) -> httpx.Response:
    """`path` is below the instance."""
    bc = visitor.ready["bc"]
    good = (bc["on_premises_user"], bc["on_premises_access_key"])
    address = f"{bc['on_premises_url']}/{path}"
    return await visitor.http.request(method, address, **{"auth": good, **more})


async def _user(visitor: Visitor, change: dict[str, Any]) -> None:
    await visitor.patch({"on_premises": {"server": {"users": {"SYNC": change}}}})


@pytest.mark.parametrize(
    "path",
    [
        "ODataV4/$metadata",
        "ODataV4/Company",
        f"ODataV4/Company('{COMPANY}')",
        f"ODataV4/Company('{COMPANY}')/Users",
        f"ODataV4/Company('{COMPANY}')/Users?$filter=User_Name eq 'ADA'&$select=State",
        f"ODataV4/General_Ledger_Setup?company={COMPANY}",
    ],
)
async def test_server_answers_as_the_online_environment_does(visitor: Visitor, path: str) -> None:
    online, here = await visitor.bc("GET", path), await _call(visitor, "GET", path)
    assert here.status_code == 200
    root = f"{BC}/v2.0/{visitor.ready['tenant']}/Production"
    assert here.text == online.text.replace(root, visitor.ready["bc"]["on_premises_url"])


async def test_companies_have_their_columns(visitor: Visitor) -> None:
    row = (await _call(visitor, "GET", "ODataV4/Company")).json()["value"][0]
    assert {"Name", "Id", "Display_Name", "Evaluation_Company"} <= row.keys()


async def test_connection_is_enabled_on_the_server_too(visitor: Visitor) -> None:
    path = f"ODataV4/Company('{COMPANY}')/{SETUP}"
    on = await _call(visitor, "PATCH", path, json={"Is_Enabled": True}, headers={"If-Match": "*"})
    assert on.json()["Is_Enabled"]
    (row,) = await visitor.calls(site="bc")
    assert row["note"] == f"opened page 5330 of {COMPANY} in BC150"


@pytest.mark.parametrize(
    "auth",
    [None, ("SYNC", "wrong"), ("NOBODY", ""), ("SYNC", "")],
)
async def test_user_without_the_key_is_challenged(
    visitor: Visitor, auth: tuple[str, str] | None
) -> None:
    answer = await _call(visitor, "GET", "ODataV4/Company", auth=auth)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic realm=")
    assert answer.json()["error"]["code"] == "Authentication_InvalidCredentials"


@pytest.mark.parametrize("authorization", ["Basic", "Basic ?", "Basic /////w==", "Bearer x"])
async def test_garbage_instead_of_credentials_is_challenged(
    visitor: Visitor, authorization: str
) -> None:
    headers = {"Authorization": authorization}
    answer = await _call(visitor, "GET", "ODataV4/Company", auth=None, headers=headers)
    assert answer.status_code == 401


async def test_token_of_entra_is_not_for_the_server(visitor: Visitor) -> None:
    headers = {"Authorization": f"Bearer {await visitor.token(BC)}"}
    answer = await _call(visitor, "GET", "ODataV4/Company", auth=None, headers=headers)
    assert answer.status_code == 401


async def test_disabled_user_is_refused(visitor: Visitor) -> None:
    await _user(visitor, {"enabled": False})
    assert (await _call(visitor, "GET", "ODataV4/Company")).status_code == 401


@pytest.mark.parametrize("key", ["", None])
async def test_user_without_a_key_cannot_enter(visitor: Visitor, key: str | None) -> None:
    await _user(visitor, {"access_key": key})
    answer = await _call(visitor, "GET", "ODataV4/Company", auth=("SYNC", ""))
    assert answer.status_code == 401


async def test_changed_key_counts_at_once_and_names_do_not_mind_case(visitor: Visitor) -> None:
    await _user(visitor, {"access_key": "new"})
    assert (await _call(visitor, "GET", "ODataV4/Company")).status_code == 401
    answer = await _call(visitor, "GET", "ODataV4/Company", auth=("sync", "new"))
    assert answer.status_code == 200


async def test_key_has_the_shape_of_a_web_service_access_key(visitor: Visitor) -> None:
    assert len(visitor.ready["bc"]["on_premises_access_key"]) == 44


async def test_server_has_the_standard_api(visitor: Visitor) -> None:
    rows = (await _call(visitor, "GET", "api/v2.0/companies")).json()["value"]
    assert [row["name"] for row in rows] == [COMPANY, SECOND_COMPANY]


@pytest.mark.parametrize(
    ("door", "path"), [("odata_enabled", "ODataV4/Company"), ("api_enabled", "api/v2.0/companies")]
)
async def test_door_that_is_closed_allows_no_method(visitor: Visitor, door: str, path: str) -> None:
    await visitor.patch({"on_premises": {"server": {door: False}}})
    answer = await _call(visitor, "GET", path)
    assert answer.status_code == 405
    assert answer.json()["error"]["code"] == "BadRequest_MethodNotAllowed"


@pytest.mark.parametrize(("query", "status"), [("", 404), ("?tenant=b", 404), ("?tenant=A", 200)])
async def test_server_with_tenants_wants_the_tenant(
    visitor: Visitor, query: str, status: int
) -> None:
    await visitor.patch({"on_premises": {"server": {"tenant": "a"}}})
    answer = await _call(visitor, "GET", f"ODataV4/Company{query}")
    assert answer.status_code == status


@pytest.mark.parametrize("path", ["api/v2.0/items", "OData/Company", "WS/services"])
async def test_other_doors_of_the_server_are_not_simulated(visitor: Visitor, path: str) -> None:
    assert (await _call(visitor, "GET", path)).status_code == 501


async def test_unknown_instance_is_not_there(visitor: Visitor) -> None:
    address = visitor.ready["bc"]["on_premises_url"].replace("BC150", "BC999")
    answer = await visitor.http.get(f"{address}/ODataV4/Company")
    assert answer.status_code == 404


async def test_server_whose_environment_is_gone_is_unavailable(visitor: Visitor) -> None:
    await visitor.patch({"business_central": {"Production": None}})
    answer = await _call(visitor, "GET", "ODataV4/Company")
    assert answer.json()["error"]["code"] == "Internal_TenantUnavailable"


@pytest.mark.parametrize(
    "address",
    ["https://bc.adventure-example.com/BC150", "https://other.adventure-example.com:7048/BC150"],
)
async def test_proxy_reaches_the_server_on_its_own_port_only(
    visitor: Visitor, address: str
) -> None:
    with pytest.raises(httpx.ProxyError, match="403"):
        await visitor.http.get(address)


async def test_moved_server_is_reached_at_its_new_place(visitor: Visitor) -> None:
    await visitor.patch({"on_premises": {"server": {"host": "nav.contoso.example", "port": 443}}})
    answer = await visitor.http.get("https://nav.contoso.example/BC150/ODataV4/Company")
    assert answer.status_code == 401
