"""An administrator signs in with a device code; nobody waits, and nothing of it is stored."""

import re
from collections.abc import AsyncIterator

import pytest

from tests.conftest import folder_text
from tests.setups import new_name, save_setup
from tests.stage import Actor, BotProcess, Json, Stage, words_of

ADMIN = "ada.admin@adventure-example.onmicrosoft.com"


@pytest.fixture(autouse=True)
async def quick_codes(bot: BotProcess, stage: Stage) -> AsyncIterator[None]:
    """Entra ID lets itself be asked every second."""
    await stage.change({"tenants": {"adventure": {"device_interval": 1}}})
    yield
    await stage.scenario("healthy")


def code_in(message: Json) -> str:
    found = re.search(r"enter the code ([A-Z0-9-]+)", message["text"])
    assert found, message["text"]
    return found[1]


async def begins(olga: Actor, **other: str) -> tuple[str, str]:
    """The connection's name and the code."""
    name = new_name()
    await save_setup(olga, name, **other)
    await olga.types(f"/d365 sign-in {name}")
    message = await olga.sees("enter the code")
    assert message["ephemeral"]
    return name, code_in(message)


async def test_an_administrator_signs_in_and_out(
    olga: Actor, bot: BotProcess, stage: Stage
) -> None:
    name, code = await begins(olga)
    await stage.enters_code(code, ADMIN)
    signed_in = words_of(await olga.sees("Signed in for"))
    assert ADMIN in signed_in
    assert "is a System Administrator of Sales" in signed_in
    await olga.presses("Sign out")
    await olga.sees("Signed out; the token is forgotten")
    await olga.types(f"/d365 sign-in {name} out")
    await olga.sees("You are not signing in here")
    assert code.encode() not in folder_text(bot.folder)


async def test_the_code_is_seen_by_its_person_alone(olga: Actor, stage: Stage) -> None:
    _, code = await begins(olga)
    for other in ("ada", "vera", "paul"):
        assert code not in str(await stage.seen(other, "crm-admins"))
    await olga.presses("Cancel")
    await olga.sees("The sign-in was cancelled")


async def test_an_account_that_is_no_administrator_is_told(olga: Actor, stage: Stage) -> None:
    name, code = await begins(olga)
    await stage.enters_code(code, "vera.viewer@adventure-example.onmicrosoft.com")
    await olga.sees("is not a System Administrator of Sales")
    await olga.types(f"/d365 sign-in {name} out")
    await olga.sees("Signed out")


async def test_another_domain_is_asked_about_as_business_central_does(
    olga: Actor, stage: Stage
) -> None:
    name, code = await begins(olga, integration_user_name="integration@other.example.com")
    await stage.enters_code(code, ADMIN)
    asked = words_of(await olga.sees("appear to be from different domains"))
    assert ADMIN in asked
    await olga.presses("No, forget it")
    await olga.sees("its token is forgotten")
    await olga.types(f"/d365 sign-in {name}")
    await stage.enters_code(code_in(await olga.sees("enter the code")), ADMIN)
    await olga.sees("appear to be from different domains")
    await olga.types(f"/d365 sign-in {name} yes")
    await olga.sees("Signed in for")
    await olga.types(f"/d365 sign-in {name} cancel")
    await olga.sees("Signed out")


async def test_a_declined_sign_in_says_so(olga: Actor, stage: Stage) -> None:
    _, code = await begins(olga)
    await stage.enters_code(code, ADMIN, approve=False)
    await olga.sees("The sign-in was declined")


async def test_a_new_sign_in_ends_the_earlier_one(olga: Actor, stage: Stage) -> None:
    name, first = await begins(olga)
    await olga.types(f"/d365 sign-in {name}")
    second = code_in(await olga.sees("enter the code"))
    assert first != second
    await stage.enters_code(second, ADMIN)
    await olga.sees("Signed in for")
    await olga.presses("Sign out")
    await olga.sees("Signed out")


async def test_a_setup_for_another_place_ends_the_sign_in(olga: Actor, stage: Stage) -> None:
    name, code = await begins(olga)
    await stage.enters_code(code, ADMIN)
    await olga.sees("Signed in for")
    await olga.types(f"/d365 setup {name}")
    await olga.sees_form()
    await olga.submits(sales_url="https://moved.crm4.dynamics.com")
    await olga.sees("saved revision 2")
    await olga.types(f"/d365 sign-in {name} out")
    await olga.sees("You are not signing in here")


async def test_a_connection_without_an_app_for_people_says_what_to_register(olga: Actor) -> None:
    name = new_name()
    await save_setup(olga, name, admin_client_id="")
    await olga.types(f"/d365 sign-in {name}")
    await olga.sees("Allow public client flows")


async def test_somebody_elses_sign_in_cannot_be_ended(olga: Actor, ada: Actor) -> None:
    name, _ = await begins(olga)
    await ada.types(f"/d365 sign-in {name} out")
    await ada.sees("You are not signing in here")
    await olga.types(f"/d365 sign-in {name} cancel")
    await olga.sees("The sign-in was cancelled")


@pytest.mark.parametrize("words", ["now", "yes", "no", "out", "cancel"])
async def test_what_cannot_be_done_is_told(olga: Actor, words: str) -> None:
    name = new_name()
    await save_setup(olga, name)
    await olga.types(f"/d365 sign-in {name} {words}")
    message = await olga.sees("")
    assert message["ephemeral"]
    assert "sign-in" in words_of(message)
