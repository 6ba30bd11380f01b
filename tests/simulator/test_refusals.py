"""Every refusal of Entra ID can be provoked, and a device code is refused when it is polled."""

from typing import Any

import httpx
import pytest

from simulator.entra.errors import REFUSALS
from simulator.healthy.people import INTEGRATION
from tests.simulator.conftest import LOGIN, Number, Visitor

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
# AADSTS number -> the error word and the suberror that it comes with
WORDS: dict[int, tuple[str, str | None]] = {
    50013: ("invalid_client", None),
    50034: ("invalid_grant", None),
    50053: ("invalid_grant", None),
    50055: ("invalid_grant", None),
    50057: ("invalid_grant", None),
    50059: ("invalid_request", None),
    50076: ("invalid_grant", "basic_action"),
    50079: ("invalid_grant", "basic_action"),
    50105: ("invalid_grant", None),
    50126: ("invalid_grant", None),
    50194: ("invalid_request", None),
    50196: ("invalid_grant", None),
    53000: ("invalid_grant", None),
    53003: ("invalid_grant", None),
    530032: ("invalid_grant", None),
    530035: ("invalid_grant", None),
    65001: ("invalid_grant", "consent_required"),
    650057: ("invalid_resource", None),
    700016: ("unauthorized_client", None),
    700024: ("invalid_client", None),
    700025: ("invalid_client", None),
    700027: ("invalid_client", None),
    700211: ("invalid_client", None),
    700212: ("invalid_client", None),
    700213: ("invalid_client", None),
    7000215: ("invalid_client", None),
    7000218: ("invalid_client", None),
    7000222: ("invalid_client", None),
    70011: ("invalid_scope", None),
    70016: ("authorization_pending", None),
    70018: ("bad_verification_code", None),
    70019: ("expired_token", None),
    70020: ("expired_token", None),
    90002: ("invalid_request", None),
    90024: ("temporarily_unavailable", None),
    90033: ("temporarily_unavailable", None),
    90038: ("invalid_request", None),
    90055: ("temporarily_unavailable", None),
    900144: ("invalid_request", None),
    9001023: ("invalid_request", None),
    500011: ("invalid_resource", None),
}


def _token_address(visitor: Visitor) -> str:
    return f"{LOGIN}/{visitor.ready['tenant']}/oauth2/v2.0/token"


async def _password(visitor: Visitor, app: str = "admin") -> httpx.Response:
    body = {
        "grant_type": "password",
        "client_id": visitor.ready["apps"][app]["client_id"],
        "username": INTEGRATION,
        "password": visitor.simulation.world.facts["accounts"][INTEGRATION]["password"],
        "scope": f"{visitor.ready['sales_url']}/.default openid offline_access",
    }
    return await visitor.http.post(_token_address(visitor), data=body)


async def _device(visitor: Visitor, app: str = "admin") -> tuple[dict[str, Any], dict[str, str]]:
    client_id = visitor.ready["apps"][app]["client_id"]
    scope = f"{visitor.ready['sales_url']}/.default"
    address = f"{LOGIN}/{visitor.ready['tenant']}/oauth2/v2.0/devicecode"
    flow = await visitor.http.post(address, data={"client_id": client_id, "scope": scope})
    poll = {
        "grant_type": DEVICE_GRANT,
        "client_id": client_id,
        "device_code": flow.json()["device_code"],
    }
    return flow.json(), poll


async def _decide(visitor: Visitor, flow: dict[str, Any], *, approve: bool = True) -> None:
    decision = {"user_code": flow["user_code"], "account": INTEGRATION, "approve": approve}
    assert (await visitor.control.post("/_entra/device", json=decision)).status_code == 204


@pytest.mark.parametrize("number", WORDS)
async def test_app_is_refused_by_the_number_that_the_world_says(
    visitor: Visitor, aadsts: Number, number: int
) -> None:
    await visitor.patch({"apps": {"bot": {"refuse": number}}})
    answer = await visitor.sign_in(visitor.ready["sales_url"])
    assert aadsts(answer) == number
    assert (answer.json()["error"], answer.json().get("suberror")) == WORDS[number]
    assert answer.status_code == REFUSALS[number].status
    await visitor.patch({"apps": {"bot": {"refuse": None}}})
    assert (await visitor.sign_in(visitor.ready["sales_url"])).status_code == 200


def test_every_refusal_is_a_client_error_or_passes() -> None:
    for row in REFUSALS.values():
        passing = row.error == "temporarily_unavailable"
        assert (row.status in (429, 503)) if passing else (row.status in (400, 401))


async def test_refused_app_has_no_grant_left(visitor: Visitor, aadsts: Number) -> None:
    first = (await _password(visitor)).json()
    _, poll = await _device(visitor)
    await visitor.patch({"apps": {"admin": {"refuse": 53003}}})
    refresh = {
        "grant_type": "refresh_token",
        "refresh_token": first["refresh_token"],
        "client_id": poll["client_id"],
    }
    answers = [
        await _password(visitor),
        *[await visitor.http.post(_token_address(visitor), data=each) for each in (poll, refresh)],
    ]
    assert [aadsts(answer) for answer in answers] == [53003] * 3


async def test_refused_account_cannot_sign_in_by_password(visitor: Visitor, aadsts: Number) -> None:
    await visitor.patch({"accounts": {INTEGRATION: {"refuse": 50105}}})
    answer = await _password(visitor)
    assert aadsts(answer) == 50105
    assert INTEGRATION in answer.json()["error_description"]


@pytest.mark.parametrize(
    "patch",
    [
        {"apps": {"bot": {"refuse": 12}}},
        {"apps": {"bot": {"refuse": True}}},
        {"apps": {"bot": {"refuse": [53003]}}},
        {"apps": {"bot": "gone"}},
        {"accounts": None},
        {"accounts": {INTEGRATION: {"refuse": "53003"}}},
        {"tenants": {"adventure": {"device_interval": "soon"}}},
        {"tenants": {"adventure": {"device_lifetime": -1}}},
    ],
)
async def test_fact_that_cannot_be_is_refused_and_changes_nothing(
    visitor: Visitor, patch: dict[str, Any]
) -> None:
    before = (await visitor.control.get("/_world")).json()
    answer = await visitor.control.patch("/_world", json={**patch, "slack": {"home_tab": False}})
    assert answer.status_code == 400
    assert " cannot be " in answer.json()["error"]
    assert (await visitor.control.get("/_world")).json() == before


@pytest.mark.parametrize(("approve", "number"), [(True, None), (False, 70030)])
async def test_device_code_is_pending_until_somebody_decides(
    visitor: Visitor, aadsts: Number, approve: bool, number: int | None
) -> None:
    flow, poll = await _device(visitor)
    assert aadsts(await visitor.http.post(_token_address(visitor), data=poll)) == 70016
    await _decide(visitor, flow, approve=approve)
    answer = await visitor.http.post(_token_address(visitor), data=poll)
    if number is None:
        assert answer.status_code == 200
    else:
        assert aadsts(answer) == number


@pytest.mark.parametrize(
    ("state", "number"),
    [
        ({"refuse": 53003}, 53003),
        ({"assigned": False}, 50105),
        ({"enabled": False}, 50057),
        ({"locked": True}, 50053),
    ],
)
async def test_device_code_of_a_refused_account_is_refused_at_the_poll(
    visitor: Visitor, aadsts: Number, state: dict[str, Any], number: int
) -> None:
    await visitor.patch({"accounts": {INTEGRATION: state}})
    flow, poll = await _device(visitor)
    await _decide(visitor, flow)
    assert aadsts(await visitor.http.post(_token_address(visitor), data=poll)) == number


@pytest.mark.parametrize("state", [{"mfa_required": True}, {"must_register_mfa": True}])
async def test_person_with_a_device_code_does_mfa_in_the_browser(
    visitor: Visitor, state: dict[str, Any]
) -> None:
    await visitor.patch({"accounts": {INTEGRATION: state}})
    flow, poll = await _device(visitor)
    await _decide(visitor, flow)
    assert (await visitor.http.post(_token_address(visitor), data=poll)).status_code == 200


async def test_tenant_says_how_long_a_device_code_lives(visitor: Visitor, aadsts: Number) -> None:
    flow, _ = await _device(visitor)
    assert (flow["interval"], flow["expires_in"]) == (5, 900)
    await visitor.patch({"tenants": {"adventure": {"device_interval": 1, "device_lifetime": 0}}})
    flow, poll = await _device(visitor)
    assert (flow["interval"], flow["expires_in"]) == (1, 0)
    assert aadsts(await visitor.http.post(_token_address(visitor), data=poll)) == 70019


async def test_public_client_flows_that_are_off_need_a_credential(
    visitor: Visitor, aadsts: Number
) -> None:
    await visitor.patch({"apps": {"admin": {"public_client": False}}})
    assert aadsts(await _password(visitor)) == 7000218
    flow, poll = await _device(visitor)
    await _decide(visitor, flow)
    assert aadsts(await visitor.http.post(_token_address(visitor), data=poll)) == 7000218
