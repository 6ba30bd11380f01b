"""Events and their repetition, hostile requests, long polls, facts and their changes."""

import asyncio
from typing import Any

import pytest
from starlette.responses import Response

from tests.simulator_slack.playing import House


async def test_an_event_that_was_not_taken_is_sent_three_times_more(house: House) -> None:
    house.site.patch({"retry_delays": [0, 0, 0]})
    house.bot.answers += [Response(status_code=500)] * 4
    told = await house.act("home", person="olga")
    assert told["status"] == 500
    await house.bot.has_received(4)
    marks = [headers.get("x-slack-retry-num") for headers in house.bot.headers]
    assert marks == [None, "1", "2", "3"]
    assert house.bot.headers[1]["x-slack-retry-reason"] == "http_error"
    assert len({event["event_id"] for event in house.bot.received}) == 1


async def test_an_event_is_sent_again_at_once_after_a_minute_and_after_five(house: House) -> None:
    house.bot.answers += [Response(status_code=500)] * 4
    await house.act("home", person="olga")
    await house.bot.has_received(2)
    for number, seconds in ((3, 60), (4, 300)):
        house.clock.pass_by(seconds - 1)
        assert len(house.bot.received) == number - 1
        house.clock.pass_by(1)
        await house.bot.has_received(number)


async def test_repetition_ends_when_the_event_is_taken_or_declined(house: House) -> None:
    house.site.patch({"retry_delays": [0, 0, 0]})
    house.bot.answers += [Response(status_code=500), Response()]
    await house.act("home", person="olga")
    await house.bot.has_received(2)
    declined = Response(status_code=500, headers={"X-Slack-No-Retry": "1"})
    house.bot.answers.append(declined)
    await house.act("home", person="ada")
    await house.site.aclose()
    assert len(house.bot.received) == 3


async def test_commands_and_presses_are_not_repeated(house: House) -> None:
    house.site.patch({"retry_delays": [0, 0, 0]})
    house.bot.answers.append(Response(status_code=500))
    await house.act("command", person="olga", channel="dm", text="/d365 test")
    await house.act("home", person="olga")
    assert [sent.get("command") for sent in house.bot.received] == ["/d365", None]


async def test_the_bot_hears_direct_messages_and_its_name(house: House) -> None:
    await house.act("say", person="olga", text="hello")
    assert house.bot.last["event"]["channel_type"] == "im"
    await house.act("say", person="olga", channel="general", text="@d365bot status")
    event = house.bot.last["event"]
    assert (event["type"], event["text"]) == ("app_mention", "<@U0D365BOT00> status")
    heard = len(house.bot.received)
    await house.act("say", person="olga", channel="general", text="lunch?")
    assert len(house.bot.received) == heard


async def test_any_event_can_be_sent(house: House) -> None:
    await house.act("event", event={"type": "app_uninstalled"})
    assert house.bot.last["event"]["type"] == "app_uninstalled"
    assert "with a type" in await house.refused("event", event={})


async def test_a_raw_request_is_signed_as_asked(house: House) -> None:
    good = await house.act("raw", form={"command": "/d365"})
    assert (good["status"], house.bot.last["command"]) == (200, "/d365")
    first = house.bot.headers[-1]
    await house.act("raw", body="command=%2Fd365", secret="guessed", timestamp=first[TIMESTAMP])
    assert house.bot.headers[-1]["x-slack-signature"] != first["x-slack-signature"]
    await house.act("raw", json={"type": "url_verification"}, timestamp_offset=-600)
    assert int(house.bot.headers[-1][TIMESTAMP]) < int(first[TIMESTAMP])
    await house.act("raw", body="x", headers={"X-Slack-Signature": None, TIMESTAMP: "noon"})
    assert "x-slack-signature" not in house.bot.headers[-1]
    assert house.bot.headers[-1][TIMESTAMP] == "noon"
    house.bot.answers.append(Response("no", status_code=401))
    refused = await house.act("raw", body_base64="gICA", headers={"X-Slack-Signature": "v0=é"})
    assert (refused["status"], refused["body"]) == (401, "no")


TIMESTAMP = "x-slack-request-timestamp"


async def test_a_long_poll_ends_with_the_next_change(house: House) -> None:
    before = (await house.sees("olga"))["event"]
    waiting = asyncio.create_task(house.sees("olga", after=before, wait=30))
    await house.web.chat_postMessage(channel=house.channel("general"), text="News")
    seen = await asyncio.wait_for(waiting, 5)
    assert seen["event"] > before
    assert [message["text"] for message in seen["messages"]] == ["News"]


async def test_a_long_poll_without_news_ends_by_itself(house: House) -> None:
    seen = await house.sees("olga", after=0, wait=0.01)
    assert seen["messages"] == []
    closed = asyncio.create_task(house.sees("olga", after=0, wait=30))
    await house.site.aclose()
    assert (await asyncio.wait_for(closed, 5))["messages"] == []


async def test_what_was_seen_before_need_not_be_read_again(house: House) -> None:
    for text in ("Old", "News"):
        await house.web.chat_postMessage(channel=house.channel("general"), text=text)
    old, news = (await house.sees("olga"))["messages"]
    assert await house.texts("olga", oldest=old["ts"]) == ["News"]
    assert await house.texts("olga", oldest=news["ts"]) == []


async def test_what_one_sees_follows_the_channels_one_is_in(house: House) -> None:
    await house.web.chat_postMessage(channel=house.channel("crm-admins"), text="Secret")
    assert await house.texts("sam") == []
    house.site.patch({"channels": {"crm-admins": {"members": ["sam"]}}})
    assert await house.texts("sam") == ["Secret"]
    assert await house.texts("olga") == []


async def test_facts_show_people_channels_and_counters(house: House) -> None:
    await house.web.auth_test()
    facts: Any = house.site.facts()
    assert {"ada", "olga", "paul", "vera", "sam"} <= set(facts["people"])
    assert facts["channels"]["random"]["bot"] is False
    assert facts["counters"]["called:auth.test"] == 1


@pytest.mark.parametrize(
    "patch",
    [
        {"weather": "fine"},
        {"people": {"nobody": {"guest": True}}},
        {"people": {"sam": {"id": "U1"}}},
        {"channels": {"lobby": {"bot": True}}},
        {"channels": {"general": {"members": ["nobody"]}}},
        {"usergroups": {"lobby": {"members": []}}},
        {"limits": {"chat.update": {"colour": 1}}},
        {"events_url": 5},
    ],
)
def test_a_change_that_makes_no_sense_is_refused(house: House, patch: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        house.site.patch(patch)


async def test_a_change_reaches_the_web_api(house: House) -> None:
    house.site.patch(
        {
            "people": {"sam": {"guest": True, "deactivated": True}},
            "channels": {"random": {"bot": True}},
            "usergroups": {"crm-approvers": {"members": ["paul", "vera"]}},
        }
    )
    sam = (await house.web.users_info(user=house.user("sam")))["user"]
    assert (sam["deleted"], sam["is_restricted"]) == (True, True)
    assert (await house.web.chat_postMessage(channel=house.channel("random"), text="x"))["ok"]
    assert "deactivated" in await house.refused("home", person="sam")
