"""No secret of the world leaves it by the control address, and a mask sent back changes none."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from simulator.healthy.people import COMPANY, INTEGRATION
from simulator.merge_patch import MASK, SECRET_KEYS, is_secret
from tests.simulator.conftest import LOGIN, Visitor

SETUP: dict[str, str] = {
    "Password": "made-up-page-password",
    "NAVODataAccesskey": "made-up-page-access-key",
    "Connection_String": "Url=https://x.example; Password=made-up-in-a-string;",
}
SALES = {"nav_dynamicsnavodataaccesskey": "made-up-sales-access-key"}


def _strings(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text of the facts with the key that it stands under."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _strings(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each, key)
    elif isinstance(value, str):
        yield key, value


def _secrets(visitor: Visitor) -> set[str]:
    facts = visitor.simulation.world.facts
    found = {text for key, text in _strings(facts) if is_secret(key) and text}
    return found | {visitor.ready[name] for name in ("signing_secret", "bot_token", "app_token")}


async def _fill_in(visitor: Visitor) -> None:
    """Secrets where a healthy world has none yet."""
    dataverse = {"cds_connection_setup": {"setup": {"Client_Secret": "made-up-app-secret"}}}
    pages = {
        "companies": {COMPANY: {"pages": {"crm_connection_setup": {"setup": SETUP}, **dataverse}}}
    }
    await visitor.patch({"business_central": {"Production": pages}})
    await visitor.patch_sales({"tables": {"organizations": {"adventure": SALES}}})


async def _use_everything(visitor: Visitor) -> None:
    """One call with each kind of secret, in header, body and query."""
    ready = visitor.ready
    bc, identity = ready["bc"], ready["managed_identity"]
    await visitor.sign_in(ready["sales_url"])
    await visitor.control.get(
        identity["endpoint"],
        params={"api-version": "2019-08-01", "resource": ready["sales_url"]},
        headers={"X-IDENTITY-HEADER": identity["header"]},
    )
    await visitor.http.get(
        f"{bc['on_premises_url']}/ODataV4/Company",
        auth=(bc["on_premises_user"], bc["on_premises_access_key"]),
    )
    secret = ready["apps"]["bot"]["client_secret"]
    await visitor.http.get(f"{LOGIN}/common/discovery/instance", params={"x": secret})
    await visitor.http.get("http://login.microsoftonline.com/", params={"x": secret})
    await visitor.control.post("/api/auth.test", params={"token": ready["bot_token"]})


async def test_world_masks_every_secret(visitor: Visitor) -> None:
    await _fill_in(visitor)
    shown = await visitor.control.get("/_world")
    for secret in _secrets(visitor):
        assert secret not in shown.text
    masked = {key.lower() for key, text in _strings(shown.json()) if text == MASK}
    assert masked == SECRET_KEYS


async def test_what_is_drawn_as_a_secret_is_under_a_secret_key(visitor: Visitor) -> None:
    ready = visitor.ready
    told = [
        *(app["client_secret"] for app in ready["apps"].values() if app["client_secret"]),
        ready["managed_identity"]["header"],
        ready["bc"]["on_premises_access_key"],
        *(each["password"] for each in visitor.simulation.world.facts["accounts"].values()),
    ]
    assert set(told) <= _secrets(visitor)


async def test_log_of_calls_holds_no_secret_and_no_query(visitor: Visitor) -> None:
    await _fill_in(visitor)
    await _use_everything(visitor)
    log = await visitor.control.get("/_world/calls")
    assert {row["site"] for row in log.json()} == {"entra", "bc", "proxy", "slack"}
    assert [row["path"] for row in log.json() if "?" in row["path"]] == []
    for secret in _secrets(visitor):
        assert secret not in log.text


async def test_user_in_an_address_is_not_logged(visitor: Visitor) -> None:
    host, _, port = visitor.ready["proxy"].removeprefix("http://").partition(":")
    async with httpx.AsyncClient(trust_env=False) as http:
        target = b"http://user:made-up-key@bc.example/x"
        address = httpx.URL(scheme="http", host=host, port=int(port), raw_path=b"/")
        request = http.build_request("GET", address, extensions={"target": target})
        assert (await http.send(request)).status_code == 405
    (row,) = await visitor.calls(site="proxy")
    assert row["path"] == "http://bc.example/x"


async def test_world_sent_back_masked_changes_no_secret(visitor: Visitor) -> None:
    await _fill_in(visitor)
    before = _secrets(visitor)
    shown = (await visitor.control.get("/_world")).json()
    shown.pop("slack")
    await visitor.patch(shown)
    assert _secrets(visitor) == before
    assert (await visitor.sign_in(visitor.ready["sales_url"])).status_code == 200


@pytest.mark.parametrize("name", ["password", "Password", "NAVODataAccesskey"])
async def test_empty_secret_is_shown_as_empty(visitor: Visitor, name: str) -> None:
    await visitor.patch({"accounts": {INTEGRATION: {name: ""}}})
    shown = (await visitor.control.get("/_world")).json()
    assert shown["accounts"][INTEGRATION][name] == ""
