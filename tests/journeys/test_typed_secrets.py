"""Secrets typed into a modal: only where the operator allows it."""

from collections.abc import AsyncIterator

import pytest

from tests.conftest import folder_text
from tests.journeys.bots import a_bot
from tests.setups import new_name, right_values, save_setup
from tests.stage import Actor, BotProcess, Simulators, Stage, words_of


@pytest.fixture(scope="module")
async def allowing_bot(
    simulators: Simulators, stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """A bot that lets secrets be typed into Slack."""
    folder = tmp_path_factory.mktemp("allowing")
    async with a_bot(simulators, stage, folder, key=False, D365BOT_SECRETS_IN_SLACK="true") as bot:
        yield bot


@pytest.fixture
async def typist(allowing_bot: BotProcess, stage: Stage) -> Actor:
    """Olga, where it is allowed."""
    await stage.listen_to(allowing_bot)
    await stage.scenario("healthy")
    return stage.person("olga")


async def saves(actor: Actor, name: str, **other: str) -> None:
    """The setup; the secrets are asked for next."""
    await actor.types(f"/d365 setup {name}")
    await actor.sees_form()
    answer = await actor.submits(**right_values(actor, name, **other))
    assert answer["response_action"] == "update", answer
    await actor.sees_form("secrets")


async def test_after_the_setup_the_secrets_are_asked_for_and_kept(
    typist: Actor, allowing_bot: BotProcess
) -> None:
    name = new_name()
    secret = str(typist.stage.ready["apps"]["bot"]["client_secret"])
    await saves(typist, name)
    form = await typist.sees_form("secrets")
    inputs = [block["block_id"] for block in form["blocks"] if block["type"] == "input"]
    assert inputs == ["integration_password", "bot_client_secret"]
    answer = await typist.submits(bot_client_secret=secret)
    assert answer["response_action"] == "clear"
    await typist.sees("Turn it on now?")
    await typist.presses("Yes, turn it on and keep it")
    await typist.sees(f"{name} is set")
    other = new_name()
    await saves(typist, other)
    assert (await typist.submits(bot_client_secret=secret))["response_action"] == "clear"
    await typist.types(f"/d365 test {other}")
    await typist.sees("every check passed")
    assert secret.encode() not in folder_text(allowing_bot.folder)


async def test_what_cannot_be_a_secret_is_told_at_its_field(typist: Actor) -> None:
    await saves(typist, new_name())
    answer = await typist.submits(
        bot_client_secret="00000000-1111-2222-3333-444444444444", integration_password="x"
    )
    assert set(answer["errors"]) == {"bot_client_secret"}
    await typist.closes()


async def test_a_secret_in_the_setup_form_itself_is_refused_all_the_same(typist: Actor) -> None:
    secret = "aBc8Q~" + "xY7." * 8 + "q9"
    await typist.types(f"/d365 setup {new_name()}")
    await typist.sees_form()
    answer = await typist.submits(**right_values(typist, new_name(), bc_company=secret))
    assert set(answer["errors"]) == {"bc_company"}
    await typist.closes()


async def test_where_it_is_not_allowed_nothing_is_asked_for_and_nothing_taken(
    olga: Actor, bot: BotProcess
) -> None:
    name = new_name()
    await save_setup(olga, name)
    await olga.types(f"/d365 secret {name} bot_client_secret")
    told = words_of(await olga.sees("where the bot runs"))
    assert f"d365bot secret set {name} bot_client_secret" in told
    assert "D365BOT_PUBLIC_URL" in told
    assert "type it in Slack" not in told


async def test_what_was_typed_for_a_place_that_changed_meanwhile_is_not_kept(
    typist: Actor, allowing_bot: BotProcess
) -> None:
    name, ada = new_name(), typist.stage.person("ada")
    await saves(typist, name)
    await ada.types(f"/d365 setup {name}")
    await ada.sees_form()
    await ada.submits(sales_url="https://moved.crm4.dynamics.com")
    await ada.sees("saved revision 2")
    answer = await typist.submits(bot_client_secret="made-up-of-the-first-place")
    assert "was changed meanwhile, so nothing was kept" in str(answer)
    await typist.types(f"/d365 secret {name}")
    assert "fingerprint ends" not in words_of(await typist.sees("Secrets of"))
