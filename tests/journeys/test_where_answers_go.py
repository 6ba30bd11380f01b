"""An answer finds its people, wherever the bot is, and nobody of another organisation."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.setups import new_name, save_setup, set_up
from tests.stage import Actor, BotProcess, Json, Stage, words_of

ALONE = "Shown to you alone"


@pytest.fixture
async def places(bot: BotProcess, roles: None, stage: Stage) -> AsyncIterator[Stage]:
    """Channels may change here; afterwards they are what they were."""
    slack = (await stage.world())["slack"]
    before = slack["channels"]
    yield stage
    await stage.mend()
    await stage.change({"slack": {"scopes": slack["scopes"]}})
    parts = ("members", "bot", "archived", "posting", "shared", "pending")
    for name in ("crm-admins", "general"):
        await become(stage, name, **{part: before[name][part] for part in parts})


async def become(stage: Stage, channel: str, **facts: Any) -> None:
    """The channel is so from now on, and the bot has heard that something changed there."""
    await stage.change({"slack": {"channels": {channel: facts}}})
    event = {"type": "channel_shared", "channel": stage.ready["channels"][channel]}
    ack = await stage.post("/_slack/event", {"event": event})
    assert ack["status"] == 200, ack


async def direct(stage: Stage, name: str) -> Actor:
    """The same person in the direct messages with the bot, where nothing is new yet."""
    there = stage.person(name, "dm")
    await there._mark()
    return there


async def nothing_new(actor: Actor) -> None:
    assert [words_of(message) for message in await actor.new_messages()] == []


def done(message: Json) -> bool:
    return "Test of" in words_of(message)


@pytest.mark.parametrize("facts", [{"shared": "external"}, {"pending": True}], ids=str)
async def test_in_a_channel_with_another_organisation_the_person_alone_is_answered(
    places: Stage, olga: Actor, ada: Actor, bot: BotProcess, facts: dict[str, Any]
) -> None:
    name = await set_up(olga, bot)
    await become(places, "crm-admins", **facts)
    own = await direct(places, "olga")
    await ada._mark()
    await olga.types(f"/d365 status {name}")
    status = await olga.sees(f"{name}: not tested")
    assert status["ephemeral"]
    assert f"{ALONE}: this channel is shared with another organisation." in words_of(status)
    await places.fault(site="bc", path="*", delay=2.0, times=1)
    await olga.types(f"/d365 test {name}")
    await own.sees(f"Testing {name}")
    report = await own.sees(f"Test of {name}: every check passed")
    assert "is shared with another organisation." in words_of(report)
    assert report["edits"] >= 1
    await nothing_new(ada)


async def test_a_channel_of_the_same_organisation_is_no_other_one(
    places: Stage, olga: Actor, ada: Actor
) -> None:
    name = new_name()
    await save_setup(olga, name)
    await become(places, "crm-admins", shared="organisation")
    await olga.types(f"/d365 status {name}")
    seen = await ada.sees(f"{name}: not tested")
    assert ALONE not in words_of(seen)


async def test_a_channel_that_becomes_shared_while_a_test_runs_hears_no_more_of_it(
    places: Stage, olga: Actor, ada: Actor, bot: BotProcess
) -> None:
    name = await set_up(olga, bot)
    own = await direct(places, "olga")
    await places.fault(site="bc", path="*", delay=3.0, times=1)
    await olga.types(f"/d365 test {name}")
    live = await olga.sees(f"Testing {name}")
    await become(places, "crm-admins", shared="external")
    report = await own.sees(f"Test of {name}: every check passed")
    assert "is shared with another organisation." in words_of(report)
    seen = await places.seen("ada", "crm-admins")
    [left] = [message for message in seen["messages"] if message["ts"] == live["ts"]]
    assert words_of(left).splitlines()[0].startswith("This is shown to the one who asked alone")
    assert name not in words_of(left)
    await own.presses("Test again")
    await own.sees(f"Test of {name}", final=done)


async def test_a_public_channel_without_the_bot_reads_the_answer_all_the_same(
    places: Stage, olga: Actor, bot: BotProcess
) -> None:
    name = await set_up(olga, bot)
    await become(places, "general", bot=False)
    asker, vera = places.person("olga", "general"), places.person("vera", "general")
    await vera._mark()
    await places.fault(site="bc", path="*", delay=2.0, times=1)
    await asker.types(f"/d365 test {name}")
    await vera.sees(f"Testing {name}")
    report = await vera.sees(f"Test of {name}", final=done)
    assert not report["ephemeral"]
    assert len(await vera.new_messages()) == 2


async def test_a_private_channel_without_the_bot_reads_nothing(
    places: Stage, olga: Actor, ada: Actor, bot: BotProcess
) -> None:
    name = await set_up(olga, bot)
    await become(places, "crm-admins", bot=False)
    await ada._mark()
    await olga.types(f"/d365 test {name}")
    report = await olga.sees(f"Test of {name}", final=done)
    assert report["ephemeral"]
    me = (await places.world())["slack"]["bot_user_id"]
    hint = f"{ALONE}: I am not in this channel. Invite me there with /invite <@{me}>."
    assert hint in words_of(report)
    await nothing_new(ada)


async def test_after_the_response_url_it_comes_as_a_direct_message_that_asks_for_an_invitation(
    places: Stage, olga: Actor, bot: BotProcess
) -> None:
    name = await set_up(olga, bot)
    await become(places, "general", bot=False)
    await places.fault(site="slack", path="/_hooks/response/*", status=404, times=20)
    asker, own = places.person("olga", "general"), await direct(places, "olga")
    await places.fault(site="bc", path="*", delay=2.0, times=1)
    await asker.types(f"/d365 test {name}")
    await own.sees(f"Testing {name}")
    report = await own.sees(f"Test of {name}: every check passed")
    assert "Invite me there with /invite <@" in words_of(report)
    assert report["edits"] >= 1
    await own._mark()
    await asker.types("/d365 list")
    assert "Sent here: I am not in <#" in words_of(await own.sees(f"{name}: "))


async def test_what_ends_in_an_archived_channel_comes_as_a_direct_message(
    places: Stage, olga: Actor, bot: BotProcess
) -> None:
    name = await set_up(olga, bot)
    own = await direct(places, "olga")
    await places.fault(site="bc", path="*", delay=3.0, times=1)
    await olga.types(f"/d365 test {name}")
    await olga.sees(f"Testing {name}")
    await become(places, "crm-admins", archived=True)
    assert "is archived" in words_of(await own.sees(f"Test of {name}", final=done))


@pytest.mark.parametrize("posting", ["nobody", "read_only", "thread_only"])
async def test_where_the_bot_may_not_write_the_person_alone_is_answered(
    places: Stage, olga: Actor, posting: str
) -> None:
    name = new_name()
    await save_setup(olga, name)
    await become(places, "general", posting=posting)
    asker, sam = places.person("olga", "general"), places.person("sam", "general")
    await sam._mark()
    await asker.types(f"/d365 status {name}")
    status = await asker.sees(f"{name}: not tested")
    assert status["ephemeral"]
    assert f"{ALONE}: I may not write in this channel." in words_of(status)
    await asker.types("/d365 help")
    assert (await asker.sees("shows the commands"))["ephemeral"]
    await nothing_new(sam)


async def test_guests_read_what_is_said_to_everybody(places: Stage, olga: Actor) -> None:
    name = new_name()
    await save_setup(olga, name)
    asker, guest = places.person("olga", "general"), places.person("gwen", "general")
    await guest._mark()
    await asker.types(f"/d365 status {name}")
    await guest.sees(f"{name}: not tested")


async def test_who_left_the_channel_is_answered_directly(places: Stage, olga: Actor) -> None:
    own = await direct(places, "olga")
    gone = {"ok": False, "error": "user_not_in_channel"}
    await places.fault(site="slack", path="/api/chat.postEphemeral", status=200, json=gone, times=1)
    await olga.types("/d365 help")
    assert "Sent here: you are not in <#" in words_of(await own.sees("shows the commands"))


async def test_in_direct_messages_everything_stays_there(places: Stage, olga: Actor) -> None:
    name = new_name()
    await save_setup(olga, name)
    own = await direct(places, "olga")
    await own.types(f"/d365 status {name}")
    status = await own.sees(f"{name}: not tested")
    assert not status["ephemeral"]
    await own.types("/d365 list")
    listed = await own.sees(f"{name}: ")
    assert ALONE not in words_of(status) + words_of(listed)


async def test_a_channel_that_slack_does_not_tell_of_reads_nothing(
    places: Stage, olga: Actor, ada: Actor
) -> None:
    name = new_name()
    await save_setup(olga, name)
    await become(places, "crm-admins", shared="")
    await places.fault(site="slack", path="/api/conversations.info", status=500, times=50)
    await ada._mark()
    await olga.types(f"/d365 status {name}")
    status = await olga.sees(f"{name}: not tested")
    assert status["ephemeral"]
    assert f"{ALONE}: Slack did not tell me whether this channel is shared" in words_of(status)
    await nothing_new(ada)


async def test_a_channel_that_the_bot_may_not_ask_about_reads_nothing(
    places: Stage, olga: Actor, ada: Actor
) -> None:
    name = new_name()
    await save_setup(olga, name)
    scopes = set((await places.world())["slack"]["scopes"]) - {"groups:read"}
    await places.change({"slack": {"scopes": sorted(scopes)}})
    await become(places, "crm-admins", shared="")
    await ada._mark()
    await olga.types(f"/d365 status {name}")
    status = words_of(await olga.sees(f"{name}: not tested"))
    assert f"{ALONE}: I may not ask Slack whether this channel is shared" in status
    await nothing_new(ada)


async def test_a_channel_that_is_shared_after_a_test_keeps_what_stands_and_reads_no_more(
    places: Stage, olga: Actor, vera: Actor, bot: BotProcess
) -> None:
    name = await set_up(olga, bot)
    own = await direct(places, "vera")
    await olga.types(f"/d365 test {name}")
    report = await olga.sees(f"Test of {name}: every check passed")
    await become(places, "crm-admins", shared="external")
    await vera.presses("Test again")
    again = await own.sees(f"Test of {name}: every check passed")
    assert "is shared with another organisation." in words_of(again)
    await nothing_new(vera)
    seen = (await places.seen("vera", "crm-admins"))["messages"]
    assert [one for one in seen if one["ts"] == report["ts"]] == [report]


async def test_an_outage_of_a_moment_keeps_nothing_from_the_channel(
    places: Stage, olga: Actor, ada: Actor
) -> None:
    name = new_name()
    await save_setup(olga, name)
    await become(places, "crm-admins", shared="")
    await places.fault(site="slack", path="/api/conversations.info", status=500, times=1)
    await ada._mark()
    await olga.types(f"/d365 status {name}")
    await ada.sees(f"{name}: not tested")
