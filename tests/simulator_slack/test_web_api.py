"""The Web API answers Slack's own client, and refuses in Slack's words."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError

from tests.simulator_slack.playing import BOT_TOKEN, BOT_USER, House, modal

Call = Callable[[House], Awaitable[object]]

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}}

# what is tried -> the error word
REFUSED: dict[str, tuple[Call, str]] = {
    "no such channel": (
        lambda h: h.web.chat_postMessage(channel="C0", text="x"),
        "channel_not_found",
    ),
    "a channel the bot is not in": (
        lambda h: h.web.chat_postMessage(channel=h.channel("random"), text="x"),
        "not_in_channel",
    ),
    "a person who left": (
        lambda h: h.web.chat_postMessage(channel=h.user("dora"), text="x"),
        "channel_not_found",
    ),
    "nothing to say": (
        lambda h: h.api_or_raise("chat.postMessage", channel=h.channel("general")),
        "no_text",
    ),
    "too much to say": (
        lambda h: h.web.chat_postMessage(channel=h.channel("general"), text="x" * 40_001),
        "msg_too_long",
    ),
    "markdown beside text": (
        lambda h: h.web.chat_postMessage(
            channel=h.channel("general"), text="x", markdown_text="# x"
        ),
        "markdown_text_conflict",
    ),
    "text that is no text": (
        lambda h: h.api_or_raise("chat.postMessage", channel=h.channel("general"), text=7),
        "invalid_arguments",
    ),
    "blocks that are none": (
        lambda h: h.api_or_raise("chat.postMessage", channel=h.channel("general"), blocks="{"),
        "invalid_blocks_format",
    ),
    "no channel": (lambda h: h.api_or_raise("chat.postMessage", text="x"), "invalid_arguments"),
    "ephemeral to one who is not there": (
        lambda h: h.web.chat_postEphemeral(
            channel=h.channel("crm-admins"), user=h.user("sam"), text="x"
        ),
        "user_not_in_channel",
    ),
    "an edit of nothing": (
        lambda h: h.web.chat_update(channel=h.channel("general"), ts="1.000001", text="x"),
        "message_not_found",
    ),
    "an edit by channel name": (
        lambda h: h.web.chat_update(channel="general", ts="1.000001", text="x"),
        "channel_not_found",
    ),
    "somebody unknown": (lambda h: h.web.users_info(user="U0NOBODY"), "user_not_found"),
    "an unknown address": (
        lambda h: h.web.users_lookupByEmail(email="nobody@contoso.example"),
        "users_not_found",
    ),
    "an unknown group": (
        lambda h: h.web.usergroups_users_list(usergroup="S0"),
        "no_such_subteam",
    ),
    "a talk with nobody": (
        lambda h: h.api_or_raise("conversations.open"),
        "users_list_not_supplied",
    ),
    "a talk with one who left": (
        lambda h: h.web.conversations_open(users=h.user("dora")),
        "user_disabled",
    ),
    "an unknown view": (
        lambda h: h.web.views_update(view_id="V0", view=modal(SECTION)),
        "not_found",
    ),
    "an unknown trigger": (
        lambda h: h.web.views_open(trigger_id="1.2.3", view=modal(SECTION)),
        "invalid_trigger_id",
    ),
    "a modal for the Home tab": (
        lambda h: h.web.views_publish(user_id=h.user("olga"), view=modal(SECTION)),
        "invalid_arguments",
    ),
    "a method nobody has": (lambda h: h.api_or_raise("chat.shout"), "unknown_method"),
    "Socket Mode with the bot's token": (
        lambda h: h.api_or_raise("apps.connections.open"),
        "not_allowed_token_type",
    ),
}


@pytest.mark.parametrize("tried", REFUSED)
async def test_slack_refuses(house: House, tried: str) -> None:
    call, error = REFUSED[tried]
    with pytest.raises(SlackApiError) as refused:
        await call(house)
    assert refused.value.response["error"] == error


async def test_a_caller_without_or_with_a_wrong_token_is_told_so(house: House) -> None:
    assert (await house.http.post("/api/auth.test")).json()["error"] == "not_authed"
    wrong = await house.http.post("/api/auth.test", data={"token": "xoxb-other"})
    assert wrong.json()["error"] == "invalid_auth"
    assert (await house.http.post("/api/auth.test", data={"token": BOT_TOKEN})).json()["ok"]


async def test_broken_json_is_refused(house: House) -> None:
    headers = {"Authorization": f"Bearer {BOT_TOKEN}", "Content-Type": "application/json"}
    broken = await house.http.post("/api/auth.test", content=b"{", headers=headers)
    assert broken.json() == {"ok": False, "error": "invalid_json"}


async def test_wrong_blocks_are_refused_with_the_place(house: House) -> None:
    with pytest.raises(SlackApiError) as refused:
        await house.web.chat_postMessage(
            channel=house.channel("general"), text="x", blocks=[{"type": "section"}]
        )
    response = refused.value.response
    assert response["error"] == "invalid_blocks"
    assert "[json-pointer:/blocks/0]" in response["response_metadata"]["messages"][0]


async def test_a_workspace_without_newer_blocks_refuses_them(house: House) -> None:
    child = {"type": "divider"}
    folded = {
        "type": "container",
        "title": {"type": "plain_text", "text": "More"},
        "child_blocks": [child],
    }
    where = house.channel("general")
    await house.web.chat_postMessage(channel=where, text="x", blocks=[folded])
    house.site.patch({"newer_blocks": False})
    with pytest.raises(SlackApiError) as refused:
        await house.web.chat_postMessage(channel=where, text="x", blocks=[folded])
    response = refused.value.response
    assert response["error"] == "invalid_blocks"
    assert "unsupported type: container" in response["response_metadata"]["messages"][0]
    await house.web.chat_postMessage(channel=where, text="x", blocks=[child])


async def test_a_form_may_carry_blocks_as_json_text(house: House) -> None:
    form = {
        "token": BOT_TOKEN,
        "channel": "#general",
        "blocks": '[{"type": "divider", "block_id": "d"}]',
    }
    posted = (await house.http.post("/api/chat.postMessage", data=form)).json()
    assert posted["message"]["blocks"] == [{"type": "divider", "block_id": "d"}]


async def test_an_edit_may_carry_4000_characters_only(house: House) -> None:
    channel = house.channel("general")
    posted = await house.web.chat_postMessage(channel=channel, text="x" * 4001)
    with pytest.raises(SlackApiError, match="msg_too_long"):
        await house.web.chat_update(channel=channel, ts=posted["ts"], text="x" * 4001)


async def test_an_edit_with_text_alone_takes_the_blocks_away(house: House) -> None:
    channel = house.channel("general")
    posted = await house.web.chat_postMessage(channel=channel, text="a", blocks=[SECTION])
    blocks = [SECTION, SECTION]
    kept = await house.api("chat.update", channel=channel, ts=posted["ts"], blocks=blocks)
    assert (kept["message"]["text"], len(kept["message"]["blocks"])) == ("a", 2)
    gone = await house.web.chat_update(channel=channel, ts=posted["ts"], text="b")
    assert "blocks" not in gone["message"]


async def test_only_the_bots_own_messages_can_be_edited_or_deleted(house: House) -> None:
    channel = house.channel("general")
    said = await house.act("say", person="olga", channel="general", text="Hello")
    with pytest.raises(SlackApiError, match="cant_update_message"):
        await house.web.chat_update(channel=channel, ts=said["ts"], text="x")
    with pytest.raises(SlackApiError, match="cant_delete_message"):
        await house.web.chat_delete(channel=channel, ts=said["ts"])
    posted = await house.web.chat_postMessage(channel=channel, text="Mine")
    await house.web.chat_delete(channel=channel, ts=posted["ts"])
    assert await house.texts("olga") == ["Hello"]


async def test_an_ephemeral_message_cannot_be_edited(house: House) -> None:
    channel = house.channel("general")
    shown = await house.web.chat_postEphemeral(
        channel=channel, user=house.user("olga"), text="Psst"
    )
    with pytest.raises(SlackApiError, match="message_not_found"):
        await house.web.chat_update(channel=channel, ts=shown["message_ts"], text="x")


async def test_a_private_channel_without_the_bot_does_not_exist_for_it(house: House) -> None:
    house.site.patch({"channels": {"crm-admins": {"bot": False}}})
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await house.web.conversations_info(channel=house.channel("crm-admins"))


async def test_a_direct_message_reaches_one_person(house: House) -> None:
    opened = await house.web.conversations_open(users=house.user("vera"))
    channel = opened["channel"]["id"]
    assert channel.startswith("D")
    posted = await house.web.chat_postMessage(channel=house.user("vera"), text="For you")
    assert posted["channel"] == channel
    assert await house.texts("vera", channel="dm") == ["For you"]
    assert await house.texts("olga") == []
    several = await house.web.conversations_open(users=[house.user("vera"), house.user("olga")])
    await house.web.chat_postMessage(channel=several["channel"]["id"], text="For two")
    assert await house.texts("olga") == ["For two"]


async def test_people_are_described_with_their_flags(house: House) -> None:
    house.site.patch({"people": {"sam": {"external": True}}})
    flags: dict[str, dict[str, Any]] = {}
    async for page in await house.web.users_list(limit=3):
        flags |= {user["name"]: user for user in page["members"]}
    assert flags["gwen"]["is_restricted"]
    assert flags["dora"]["deleted"]
    assert flags["d365bot"]["is_bot"]
    assert flags["sam"]["team_id"] != flags["olga"]["team_id"]
    olga = (await house.web.users_info(user=house.user("olga")))["user"]
    assert (olga["name"], olga["real_name"]) == ("olga", "Olga Operator")
    found = await house.web.users_lookupByEmail(email=olga["profile"]["email"])
    assert found["user"]["id"] == olga["id"]


async def test_members_of_channels_and_groups_are_listed(house: House) -> None:
    admins = await house.web.conversations_members(channel=house.channel("crm-admins"))
    assert set(admins["members"]) == {
        *(house.user(name) for name in ("ada", "olga", "paul", "vera")),
        BOT_USER,
    }
    groups = (await house.web.usergroups_list(include_users=True))["usergroups"]
    users = await house.web.usergroups_users_list(usergroup=groups[0]["id"])
    assert users["users"] == groups[0]["users"] == [house.user("paul")]
    listed = await house.web.conversations_list(types="public_channel,private_channel")
    names = {channel["name"]: channel["is_member"] for channel in listed["channels"]}
    assert names == {"crm-admins": True, "general": True, "random": False}


async def test_a_message_has_a_permanent_link(house: House) -> None:
    channel = house.channel("general")
    posted = await house.web.chat_postMessage(channel=channel, text="x")
    link = await house.web.chat_getPermalink(channel=channel, message_ts=posted["ts"])
    assert link["permalink"].endswith(f"/archives/{channel}/p{posted['ts'].replace('.', '')}")


async def test_every_call_is_recorded_with_its_body(house: House) -> None:
    await house.web.auth_test()
    await house.http.post("/api/nonsense", content=b"a=b")
    assert [call[:4] for call in house.calls] == [
        ("slack", "POST", "/api/auth.test", 200),
        ("slack", "POST", "/api/*", 200),
    ]
    assert house.calls[1][4] == b"a=b"


async def test_too_many_edits_are_slowed_down_and_then_allowed_again(house: House) -> None:
    house.site.patch({"limits": {"chat.update": {"calls": 2, "seconds": 60}}})
    channel = house.channel("general")
    posted = await house.web.chat_postMessage(channel=channel, text="0")
    for number in (1, 2):
        await house.web.chat_update(channel=channel, ts=posted["ts"], text=str(number))
    with pytest.raises(SlackApiError) as refused:
        await house.web.chat_update(channel=channel, ts=posted["ts"], text="3")
    assert refused.value.response.status_code == httpx.codes.TOO_MANY_REQUESTS
    wait = int(refused.value.response.headers["Retry-After"])
    assert wait == 30
    house.clock.pass_by(wait)
    await house.web.chat_update(channel=channel, ts=posted["ts"], text="3")
    assert house.calls[-2][3] == httpx.codes.TOO_MANY_REQUESTS


async def test_messages_are_limited_by_channel_and_a_limit_can_be_lifted(house: House) -> None:
    house.site.patch({"limits": {"chat.postMessage": {"calls": 1}}})
    await house.web.chat_postMessage(channel=house.channel("general"), text="x")
    await house.web.chat_postMessage(channel=house.channel("crm-admins"), text="x")
    with pytest.raises(SlackApiError, match="ratelimited"):
        await house.web.chat_postMessage(channel=house.channel("general"), text="x")
    house.site.patch({"limits": {"chat.postMessage": None}})
    await house.web.chat_postMessage(channel=house.channel("general"), text="x")
