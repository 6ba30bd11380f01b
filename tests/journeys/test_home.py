"""The Home tab: what each person finds there, and that it goes on with what happens."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.bots import a_bot
from tests.journeys.changing import Sides
from tests.setups import give_password, give_secret, right_values
from tests.stage import Actor, BotProcess, Json, Simulators, Stage, words_of

NAME = "adventure-home"
_READY: set[Path] = set()
"""Bots that have it. What stands on a Home may be of an earlier one: Slack keeps it."""


@pytest.fixture(scope="module")
async def own_bot(
    simulators: Simulators, stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """A bot of these stories alone."""
    async with a_bot(simulators, stage, tmp_path_factory.mktemp("home"), key=True) as bot:
        yield bot


@pytest.fixture
async def people(own_bot: BotProcess, stage: Stage) -> AsyncIterator[Stage]:
    """Slack calls this bot, and its Home is on."""
    await stage.listen_to(own_bot)
    yield stage
    await stage.change({"slack": {"home_tab": True}})


async def _opens(actor: Actor) -> None:
    ack = await actor.stage.post("/_slack/home", {"person": actor.name})
    assert ack["status"] == 200, ack


async def _home(actor: Actor, *words: str, without: str = "") -> str:
    """What stands on their Home, as soon as all the words do, and `without` does not."""

    def found(seen: Json) -> Json | None:
        said = words_of(seen["home"]) if seen["home"] else ""
        there = all(word in said for word in words)
        return seen["home"] if said and there and not (without and without in said) else None

    try:
        return words_of(await actor.until(found, f"Home with {words}"))
    except AssertionError as never:
        seen = await actor.stage.everything(actor.name)
        raise AssertionError(f"{never}\nHome:\n{words_of(seen['home'] or {})}") from None


async def _presses(actor: Actor, label: str) -> Json:
    """On Home."""
    home = (await actor.stage.everything(actor.name))["home"]
    asked = {"person": actor.name, "label": label, "view_id": home["id"]}
    return await actor.stage.post("/_slack/press", asked)


def _direct(stage: Stage, name: str) -> Actor:
    """Somebody, in the chat with the bot."""
    return stage.person(name, "dm")


async def _set_up(olga: Actor, bot: BotProcess) -> None:
    """Once for all stories, from Home."""
    if bot.folder in _READY:
        return
    _READY.add(bot.folder)
    await _opens(olga)
    guide = await _home(olga, "Nothing is set up yet", "Open the form")
    assert "1. Set up a connection" in guide
    await _presses(olga, "Open the form")
    await olga.sees_form()
    answer = await olga.submits(**right_values(olga, NAME))
    assert answer["response_action"] == "clear", answer
    await _home(olga, NAME, "Never tested", without="Nothing is set up")
    await give_secret(olga, bot, NAME)


async def test_from_nothing_to_a_card_that_knows_the_last_test(
    people: Stage, own_bot: BotProcess
) -> None:
    olga, direct = people.person("olga"), _direct(people, "olga")
    await _set_up(olga, own_bot)
    await _presses(olga, "Test")
    report = await direct.sees(
        f"Test of {NAME}: ", final=lambda one: "Testing" not in words_of(one)
    )
    assert report["channel_name"] == "dm-olga"
    said = await _home(olga, "Last test", without="Never tested")
    assert "Ask to enable" in said
    assert "operator" in said


async def test_buttons_answer_in_direct_messages(people: Stage, own_bot: BotProcess) -> None:
    olga, direct = people.person("olga"), _direct(people, "olga")
    await _set_up(olga, own_bot)
    await _presses(olga, "Status")
    status = await direct.sees("Setup revision")
    assert status["channel_name"] == "dm-olga"
    assert "Shown to you alone" not in words_of(status), "it was asked for nowhere else"
    await _presses(olga, "Users")
    users = await direct.sees("Users of")
    assert users["channel_name"] == "dm-olga"
    await _presses(olga, "Edit the setup")
    form = await olga.sees_form()
    assert NAME in words_of(form)
    await olga.closes()


async def test_each_sees_what_their_role_allows(people: Stage, own_bot: BotProcess) -> None:
    await _set_up(people.person("olga"), own_bot)
    vera, sam, gwen = (
        people.person("vera"),
        people.person("sam", "general"),
        people.person("gwen", "general"),
    )
    await _opens(vera)
    seen = await _home(vera, NAME, "Test", "Your roles: viewer")
    assert "Edit the setup" not in seen
    assert "Ask to enable" not in seen
    await _opens(sam)
    stranger = await _home(sam, "You have no role here yet")
    assert people.ready["people"]["ada"] in stranger
    assert NAME not in stranger
    await _opens(gwen)
    assert NAME not in await _home(gwen, "guests cannot use this bot")


async def test_a_lost_role_empties_home(people: Stage, own_bot: BotProcess) -> None:
    await _set_up(people.person("olga"), own_bot)
    ada, sam = people.person("ada"), people.person("sam", "general")
    await ada.types(f"/d365 access add @sam viewer {NAME}")
    await ada.sees("now has the role viewer")
    await _opens(sam)
    await _home(sam, NAME)
    await ada.types(f"/d365 access remove @sam viewer {NAME}")
    await ada.sees("no longer has the role viewer")
    assert NAME not in await _home(sam, "You have no role here yet")


async def test_a_request_waits_on_the_home_of_who_decides(
    people: Stage, own_bot: BotProcess
) -> None:
    olga, paul, direct = people.person("olga"), people.person("paul"), _direct(people, "paul")
    await _set_up(olga, own_bot)
    await _opens(paul)
    await _home(paul, NAME)
    await _presses(olga, "Ask to enable")
    waits = await _home(paul, "to enable", "and waits for you", "1 waits for you")
    assert "pending" in waits
    mine = await _home(olga, "to enable")
    assert "and waits for you" not in mine
    label = next(word for word in waits.split("\n") if word.startswith("Show R"))
    await _presses(paul, label)
    card = await direct.sees("waits for approval")
    assert "Approve" in words_of(card)
    await olga.types(f"/d365 withdraw {label.split()[1]}")
    await _home(paul, NAME, without="to enable")


async def test_after_a_restart_it_goes_on(people: Stage, own_bot: BotProcess) -> None:
    olga = people.person("olga")
    await _set_up(olga, own_bot)
    await _opens(olga)
    await _home(olga, NAME)
    await own_bot.stop()
    await own_bot.start()
    await people.listen_to(own_bot)
    await people.person("paul").types(f"/d365 test {NAME}")
    await _home(olga, NAME, f"by <@{people.ready['people']['paul']}>")


async def test_where_home_is_off_the_bot_works_on(people: Stage, own_bot: BotProcess) -> None:
    olga = people.person("olga")
    await _set_up(olga, own_bot)
    await people.change({"slack": {"home_tab": False}})
    await _opens(olga)
    await olga.types("/d365 help")
    await olga.sees("Your roles")


async def test_what_broke_and_who_looked_stand_on_everybodys_home(
    people: Stage, own_bot: BotProcess
) -> None:
    olga, vera = people.person("olga"), people.person("vera")
    await _set_up(olga, own_bot)
    await _opens(vera)
    await _home(vera, NAME)
    await people.scenario("wrong-secret")
    await _presses(olga, "Test")
    said = await _home(vera, "the last test failed", f"by <@{people.ready['people']['olga']}>")
    assert "Last test" in said
    await people.scenario("healthy")
    await _presses(olga, "Test")
    await _home(vera, NAME, without="the last test failed")


async def test_whoever_becomes_a_guest_sees_nothing_without_opening_it_again(
    people: Stage, own_bot: BotProcess
) -> None:
    vera = people.person("vera")
    await _set_up(people.person("olga"), own_bot)
    await _opens(vera)
    await _home(vera, NAME)
    await _becomes(people, guest=True)
    assert NAME not in await _home(vera, "guests cannot use this bot")
    await _becomes(people, guest=False)
    await _home(vera, NAME)


async def _becomes(people: Stage, *, guest: bool) -> None:
    """Vera, and the bot has heard of it."""
    await people.change({"slack": {"people": {"vera": {"guest": guest}}}})
    user = {"id": people.ready["people"]["vera"]}
    ack = await people.post("/_slack/event", {"event": {"type": "user_change", "user": user}})
    assert ack["status"] == 200, ack


async def test_a_group_that_slack_does_not_tell_hides_nobodys_own_connections(
    people: Stage, own_bot: BotProcess
) -> None:
    ada, vera = people.person("ada"), people.person("vera")
    await _set_up(people.person("olga"), own_bot)
    await ada.types(f"/d365 access add @crm-approvers viewer {NAME}")
    await ada.sees("now has the role viewer")
    group = {"type": "subteam_members_changed", "subteam_id": await _group(people)}
    await people.fault(site="slack", path="/api/usergroups.users.list", status=500)
    try:
        await people.post("/_slack/event", {"event": group})
        await _opens(vera)
        assert "Your roles: viewer" in await _home(vera, NAME)
    finally:
        await people.mend()


async def _group(people: Stage) -> str:
    return str((await people.world())["slack"]["usergroups"]["crm-approvers"]["id"])


async def test_what_is_done_by_hand_is_said_and_done_from_home(
    people: Stage, own_bot: BotProcess
) -> None:
    olga, paul, direct = people.person("olga"), people.person("paul"), _direct(people, "olga")
    await _set_up(olga, own_bot)
    await people.scenario("services-unpublished")
    await give_password(olga, own_bot, NAME)
    await Sides(people).stand()
    await _opens(olga)
    await _home(olga, "Ask to enable")
    await _presses(olga, "Ask to enable")
    card = words_of(await direct.sees(": waits for approval"))
    number = card.split(" ", 1)[0]
    await paul.types(f"/d365 approve {number}")
    said = await _home(olga, "a step is to be done by hand", "and waits for you", "What to do")
    assert "Done" in said.split("\n")
    await _presses(olga, "Done")
    await direct.sees(f"{number}: I look whether it is so")
    await people.scenario("healthy")
