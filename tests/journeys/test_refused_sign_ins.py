"""Every refusal of Entra ID that is explained is met in Slack, with its sentence and its remedy."""

import re

import pytest

from dynamics.aadsts import AADSTS
from tests.reports import passed_in
from tests.setups import give_secret, new_name, save_setup
from tests.stage import Actor, BotProcess, Json, Stage, words_of

INTEGRATION = "integration@adventure-example.onmicrosoft.com"
PASSWORD = "correct-horse-battery-41"
OLGA = "olga.operator@adventure-example.onmicrosoft.com"

OF_ANYBODY = (
    50034, 50053, 50055, 50057, 50059, 50076, 50079, 50105, 50126, 50194, 50196, 53000, 53003,
    530032, 530035, 65001, 650057, 700016, 700025, 700027, 7000215, 7000222, 7000218, 70011, 70016,
    70018, 70019, 70020, 90002, 9001023, 900144, 90038, 90055, 90024, 90033, 500011,
)  # fmt: skip
"""The fact sheet's table of AADSTS numbers (entra/reference-error-codes)."""
OF_ASSERTIONS = (50013, 50027, 700021, 700023, 700211, 700212, 700213, 700024, 700038, 70002, 70030)
OF_USERS = (
    50034, 50053, 50055, 50057, 50076, 50079, 50105, 50126, 53000, 53003, 530032, 530035, 65001,
    650057, 700016, 7000218, 70002,
)  # fmt: skip
OF_DEVICE_CODES = (70018, 70019, 70020, 70030, 7000218, 50105, 53003, 65001)

NAMES: list[str] = []


@pytest.fixture
async def name(olga: Actor, bot: BotProcess) -> str:
    """One connection for all numbers, with both secrets; its integration user's password is made
    known to the world again for each test, because a scenario makes everything as it was."""
    await known_password(olga.stage)
    if not NAMES:
        fresh = new_name()
        await save_setup(olga, fresh)
        await give_secret(olga, bot, fresh)
        done = await bot.run("secret", "set", fresh, "integration_password", stdin=PASSWORD)
        assert done.returncode == 0, done.stderr
        NAMES.append(fresh)
    return NAMES[0]


async def known_password(stage: Stage, **facts: object) -> None:
    await stage.change({"accounts": {INTEGRATION: {"password": PASSWORD, **facts}}})


async def report_of(olga: Actor, name: str) -> str:
    await olga.types(f"/d365 test {name}")
    return words_of(await olga.sees(f"Test of {name}"))


TO_WAIT_FOR = (70016, 90055, 90024, 90033)
"""Nothing to look up: these are over after a while."""


def assert_explained(report: str, check: str, number: int) -> None:
    """The check is red, says what the number means, and what to do stands right below."""
    told = AADSTS[number]
    lines = report.splitlines()
    red = [at for at, line in enumerate(lines) if f"*{check}* failed" in line]
    assert red, report
    code = "" if number in TO_WAIT_FOR else f" (AADSTS{number})"
    assert lines[red[0]].endswith(f"failed: {shown(told.sentence)}{code}"), report
    assert lines[red[0] + 1] == f"*What to do:* {shown(told.remedy)}", report


def shown(text: str) -> str:
    return text.replace("&", "&amp;")


def test_every_explained_number_is_met_here() -> None:
    assert set(OF_ANYBODY) | set(OF_ASSERTIONS) == set(AADSTS)
    assert set(OF_USERS) | set(OF_DEVICE_CODES) <= set(AADSTS)


async def test_the_shared_connection_is_whole(olga: Actor, name: str) -> None:
    assert "every check passed" in await report_of(olga, name)


@pytest.mark.parametrize("number", [*OF_ANYBODY, *OF_ASSERTIONS])
async def test_a_refusal_of_the_bots_app_is_explained(olga: Actor, name: str, number: int) -> None:
    await olga.stage.change({"apps": {"bot": {"refuse": number}}})
    assert_explained(await report_of(olga, name), "Sign-in", number)


@pytest.mark.parametrize("number", OF_USERS)
async def test_a_refusal_of_the_integration_user_is_explained(
    olga: Actor, name: str, number: int
) -> None:
    await known_password(olga.stage, refuse=number)
    report = await report_of(olga, name)
    assert_explained(report, "Integration sign-in", number)
    assert "Sign-in" in passed_in(report)


@pytest.mark.parametrize(
    ("scenario", "number"),
    [
        ("account-disabled", 50057),
        ("account-locked", 50053),
        ("password-expired", 50055),
        ("mfa-required", 50076),
    ],
)
async def test_an_integration_user_who_cannot_sign_in_is_explained(
    olga: Actor, name: str, scenario: str, number: int
) -> None:
    await olga.stage.scenario(scenario)
    await known_password(olga.stage)
    assert_explained(await report_of(olga, name), "Integration sign-in", number)


async def test_a_federated_integration_user_is_explained(olga: Actor, name: str) -> None:
    await olga.stage.scenario("federated-account")
    await known_password(olga.stage)
    report = await report_of(olga, name)
    assert "*Integration sign-in* failed: The account is federated" in report
    assert "let Business Central sign in with an app" in report


ADMIN, BOT, USER = "admin", "bot", INTEGRATION
_EXPIRED = {"main": {"expires": "2026-01-31T00:00:00+00:00"}}
_GONE = {"id": "00000000-0000-4000-8000-00000000dead", "domain": "moved-example.onmicrosoft.com"}


@pytest.mark.parametrize(
    ("check", "number", "patch"),
    [
        ("Sign-in", 7000215, {"apps": {BOT: {"secrets": {"main": None}}}}),
        ("Sign-in", 7000222, {"apps": {BOT: {"secrets": _EXPIRED}}}),
        ("Sign-in", 700025, {"apps": {BOT: {"public_client": True}}}),
        ("Sign-in", 700016, {"apps": {BOT: None}}),
        ("Sign-in", 90002, {"tenants": {"adventure": _GONE}}),
        ("Integration sign-in", 50126, {"accounts": {USER: {"password": "another"}}}),
        ("Integration sign-in", 50034, {"accounts": {USER: None}}),
        ("Integration sign-in", 50105, {"accounts": {USER: {"assigned": False}}}),
        ("Integration sign-in", 50079, {"accounts": {USER: {"must_register_mfa": True}}}),
        ("Integration sign-in", 65001, {"apps": {ADMIN: {"consents": {"dataverse": None}}}}),
        ("Integration sign-in", 7000218, {"apps": {ADMIN: {"public_client": False}}}),
        ("Integration sign-in", 700016, {"apps": {ADMIN: None}}),
    ],
)
async def test_what_is_wrong_in_entra_is_explained_by_its_number(
    olga: Actor, name: str, check: str, number: int, patch: Json
) -> None:
    await olga.stage.change(patch)
    assert_explained(await report_of(olga, name), check, number)


async def begin(olga: Actor, name: str, **tenant: int) -> str:
    """The code, of a tenant that is asked as often as the bot asks."""
    await olga.stage.change({"tenants": {"adventure": {"device_interval": 1, **tenant}}})
    await olga.types(f"/d365 sign-in {name}")
    shown = words_of(await olga.sees("enter the code"))
    found = re.search(r"enter the code \*?([A-Z0-9]+)", shown)
    assert found, shown
    return found[1]


async def decide(stage: Stage, code: str, *, approve: bool) -> None:
    await stage.tell("/_entra/device", {"user_code": code, "account": OLGA, "approve": approve})


async def see_why(olga: Actor, name: str, number: int) -> None:
    said = await olga.sees(f"The sign-in for *{name}* did not work")
    told = AADSTS[number]
    assert f"{shown(told.sentence)} {shown(told.remedy)}" in words_of(said)
    assert said["ephemeral"]


@pytest.mark.parametrize("number", OF_DEVICE_CODES)
async def test_a_refusal_of_a_device_code_is_explained(olga: Actor, name: str, number: int) -> None:
    await begin(olga, name)
    await olga.stage.change({"apps": {"admin": {"refuse": number}}})
    await see_why(olga, name, number)


async def test_a_declined_sign_in_is_explained(olga: Actor, name: str) -> None:
    code = await begin(olga, name)
    await decide(olga.stage, code, approve=False)
    await see_why(olga, name, 70030)


async def test_a_code_that_nobody_enters_is_explained_when_it_is_over(
    olga: Actor, name: str
) -> None:
    """Until then 70016 says that nobody entered it, and the bot asks on."""
    await begin(olga, name, device_lifetime=2)
    await see_why(olga, name, 70019)


async def test_an_account_that_may_not_is_explained_after_the_code_was_entered(
    olga: Actor, name: str
) -> None:
    await olga.stage.change({"accounts": {OLGA: {"refuse": 50105}}})
    code = await begin(olga, name)
    await decide(olga.stage, code, approve=True)
    await see_why(olga, name, 50105)


async def test_an_app_without_public_flows_is_explained_after_the_code_was_entered(
    olga: Actor, name: str
) -> None:
    await olga.stage.change({"apps": {"admin": {"public_client": False}}})
    code = await begin(olga, name)
    await decide(olga.stage, code, approve=True)
    await see_why(olga, name, 7000218)


async def test_an_approved_code_signs_in_as_its_account(olga: Actor, name: str) -> None:
    code = await begin(olga, name)
    await decide(olga.stage, code, approve=True)
    said = words_of(await olga.sees(f"Signed in for *{name}*"))
    assert OLGA in said
    await olga.types(f"/d365 sign-in {name} out")
    await olga.sees("the token is forgotten")
