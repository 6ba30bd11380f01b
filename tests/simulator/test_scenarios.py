"""Every scenario changes what it says, and nothing stays of it."""

from collections.abc import Awaitable, Callable

import pytest

from simulator.healthy.people import COMPANY, INTEGRATION
from simulator.scenarios import SCENARIOS
from tests.simulator.conftest import BC, Visitor

Seen = Callable[[Visitor], Awaitable[object]]


async def _integration_user(visitor: Visitor) -> dict[str, object]:
    query = f"$filter=internalemailaddress eq '{INTEGRATION}'"
    expand = "$expand=systemuserroles_association($select=name,_roletemplateid_value)"
    rows = (await visitor.sales("GET", f"systemusers?{query}&{expand}")).json()["value"]
    return dict(rows[0]) if rows else {}


def _of_user(column: str) -> Seen:
    async def seen(visitor: Visitor) -> object:
        return (await _integration_user(visitor)).get(column)

    return seen


async def _roles(visitor: Visitor) -> object:
    rows = (await _integration_user(visitor))["systemuserroles_association"]
    assert isinstance(rows, list)
    return {row["name"] for row in rows}


async def _token(visitor: Visitor) -> object:
    answer = await visitor.sign_in(visitor.ready["sales_url"])
    return answer.json().get("error_codes", "token")


async def _account(visitor: Visitor) -> object:
    """The integration account, signing in with its password as Business Central does."""
    account = visitor.simulation.world.facts["accounts"][INTEGRATION]
    answer = await visitor.sign_in(
        visitor.ready["sales_url"],
        "integration",
        grant_type="password",
        username=INTEGRATION,
        password=account["password"],
    )
    return answer.json().get("error_codes", "token")


async def _solution(visitor: Visitor) -> object:
    query = "$filter=uniquename eq 'MicrosoftDynamicsNavIntegration'"
    return len((await visitor.sales("GET", f"solutions?{query}")).json()["value"])


async def _who(visitor: Visitor) -> object:
    answer = await visitor.sales("GET", "WhoAmI")
    return answer.status_code, answer.headers["content-type"], answer.headers.get("retry-after")


async def _version(visitor: Visitor) -> object:
    return (await visitor.sales("GET", "RetrieveVersion")).json()["Version"]


async def _currency(visitor: Visitor) -> object:
    return (await visitor.page("GET", "General_Ledger_Setup")).json()["value"][0]["LCY_Code"]


async def _services(visitor: Visitor) -> object:
    return len((await visitor.bc("GET", "ODataV4/")).json()["value"])


async def _company(visitor: Visitor) -> object:
    return (await visitor.bc("GET", f"ODataV4/Company('{COMPANY}')")).status_code


async def _companies(visitor: Visitor) -> object:
    visitor.tokens.pop(f"bot {BC}", None)
    return (await visitor.bc("GET", "api/v2.0/companies")).status_code


SEEN: dict[str, Seen] = {
    "wrong-secret": _token,
    "secret-expired": _token,
    "tenant-unknown": _token,
    "bot-not-consented": _companies,
    "account-disabled": _account,
    "account-locked": _account,
    "password-expired": _account,
    "mfa-required": _account,
    "federated-account": _account,
    "user-disabled": _of_user("isdisabled"),
    "user-unlicensed": _of_user("islicensed"),
    "user-missing": _of_user("systemuserid"),
    "user-is-administrator": _roles,
    "role-missing": _roles,
    "solution-missing": _solution,
    "app-not-in-organisation": _who,
    "currency-mismatch": _currency,
    "old-version": _version,
    "throttled": _who,
    "dataverse-down": _who,
    "administration-mode": _who,
    "services-unpublished": _services,
    "company-missing": _company,
    "bc-app-not-registered": _companies,
}


@pytest.mark.parametrize("name", [each.name for each in SCENARIOS if each.name != "healthy"])
async def test_scenario_changes_what_is_seen_and_healthy_brings_it_back(
    visitor: Visitor, name: str
) -> None:
    seen = SEEN[name]
    healthy = await seen(visitor)
    await visitor.become(name)
    assert await seen(visitor) != healthy
    await visitor.become("healthy")
    assert await seen(visitor) == healthy


@pytest.mark.parametrize(
    ("name", "numbers"),
    [("wrong-secret", [7000215]), ("secret-expired", [7000222]), ("tenant-unknown", [90002])],
)
async def test_sign_in_scenarios_give_their_number(
    visitor: Visitor, name: str, numbers: list[int]
) -> None:
    await visitor.become(name)
    assert await _token(visitor) == numbers


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("account-disabled", 50057),
        ("account-locked", 50053),
        ("password-expired", 50055),
        ("mfa-required", 50076),
        ("federated-account", 70002),
    ],
)
async def test_account_scenarios_give_their_number(
    visitor: Visitor, name: str, number: int
) -> None:
    assert await _account(visitor) == "token"
    await visitor.become(name)
    assert await _account(visitor) == [number]


async def test_bot_without_consent_is_still_known_to_sales(visitor: Visitor) -> None:
    await visitor.become("bot-not-consented")
    assert await _companies(visitor) == 401
    visitor.tokens.clear()
    assert (await visitor.sales("GET", "WhoAmI")).status_code == 200


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("app-not-in-organisation", 403, "0x80072560"),
        ("administration-mode", 403, "0x80048405"),
        ("throttled", 429, "0x80072322"),
    ],
)
async def test_dataverse_scenarios_give_their_code(
    visitor: Visitor, name: str, status: int, code: str
) -> None:
    await visitor.become(name)
    answer = await visitor.sales("GET", "WhoAmI")
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_administrators_may_enter_in_administration_mode(visitor: Visitor) -> None:
    await visitor.become("administration-mode")
    await visitor.patch_sales({"user_roles": {"bot": {"system-administrator": True}}})
    assert (await visitor.sales("GET", "WhoAmI")).status_code == 200


async def test_disabled_app_user_is_refused(visitor: Visitor) -> None:
    await visitor.patch_sales({"tables": {"systemusers": {"bot": {"isdisabled": True}}}})
    answer = await visitor.sales("GET", "WhoAmI")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "0x80040225")


async def test_underscores_serve_as_hyphens(visitor: Visitor) -> None:
    await visitor.become("wrong_secret")


async def test_unknown_scenario_is_refused_with_the_list(visitor: Visitor) -> None:
    answer = await visitor.control.post("/_world/scenario", json={"name": "rainy"})
    assert answer.status_code == 404
    assert all(each.name in answer.json()["error"] for each in SCENARIOS)
