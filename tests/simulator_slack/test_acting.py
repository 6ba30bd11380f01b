"""People type commands and press buttons; what the bot answers is what they see."""

import hashlib
import hmac
from typing import Any

import pytest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from tests.simulator_slack.playing import SECRET, TEAM, House, button, modal, option, plain
from tests.simulator_slack.shapes import actions, container, section


async def test_a_command_carries_every_field_and_a_valid_signature(house: House) -> None:
    await house.act(
        "command", person="olga", channel="crm-admins", text="/d365  access @paul #general @who"
    )
    sent, headers = house.bot.last, house.bot.headers[-1]
    assert set(sent) == {
        *("token", "team_id", "team_domain", "channel_id", "channel_name", "user_id"),
        *("user_name", "command", "text", "api_app_id", "is_enterprise_install"),
        *("response_url", "trigger_id"),
    }
    paul, general = house.user("paul"), house.channel("general")
    assert sent["text"] == f"access <@{paul}|paul> <#{general}|general> @who"
    assert (sent["team_id"], sent["user_id"]) == (TEAM, house.user("olga"))
    base = f"v0:{headers['x-slack-request-timestamp']}:{headers[':body']}".encode()
    expected = "v0=" + hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest()
    assert headers["x-slack-signature"] == expected


@pytest.mark.parametrize(
    ("answer", "text", "ephemeral"),
    [
        (PlainTextResponse("Working on it."), "Working on it.", True),
        (JSONResponse({"text": "Mine"}), "Mine", True),
        (JSONResponse({"response_type": "in_channel", "text": "All"}), "All", False),
        (Response(status_code=500), '/d365 failed with the error "dispatch_failed"', True),
        (
            JSONResponse({"blocks": [{"type": "x"}]}),
            '/d365 failed with the error "invalid_blocks"',
            True,
        ),
    ],
)
async def test_the_answer_to_a_command_is_shown(
    house: House, answer: Response, text: str, ephemeral: bool
) -> None:
    house.bot.answers.append(answer)
    await house.act("command", person="olga", channel="crm-admins", text="/d365 test")
    shown = (await house.sees("olga"))["messages"]
    assert [(m["text"], m["ephemeral"]) for m in shown] == [(text, ephemeral)]
    assert len(await house.texts("paul")) == (0 if ephemeral else 1)


async def test_a_bot_that_is_not_there_is_a_failed_dispatch(house: House) -> None:
    house.site.patch({"events_url": "http://127.0.0.1:9/slack/events"})
    done = await house.act("command", person="olga", channel="dm", text="/d365 test")
    assert (done["status"], done["error"]) == (None, "dispatch_failed")
    assert await house.texts("olga", channel="dm") == [
        '/d365 failed with the error "dispatch_failed"'
    ]


async def test_a_bot_that_is_late_has_timed_out(house: House) -> None:
    house.site.patch({"ack_seconds": 0})
    done = await house.act("command", person="olga", channel="crm-admins", text="/d365 test")
    assert (done["status"], done["error"]) == (None, "operation_timeout")
    assert 'error "operation_timeout"' in (await house.texts("olga"))[0]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"person": "dora", "channel": "general"}, "deactivated"),
        ({"person": "nobody", "channel": "general"}, "nobody here"),
        ({"person": "sam", "channel": "crm-admins"}, "sam is not in crm-admins"),
        ({"person": "olga", "channel": "lobby"}, "no channel 'lobby'"),
        ({"person": "olga", "channel": "general", "text": "d365"}, "slash command"),
    ],
)
async def test_nobody_can_type_a_command(house: House, asked: dict[str, Any], said: str) -> None:
    assert said in await house.refused("command", **{"text": "/d365 help", **asked})


async def test_people_of_another_organisation_have_no_commands_and_press_buttons(
    house: House,
) -> None:
    await house.web.chat_postMessage(
        channel=house.channel("general"),
        text="x",
        blocks=[{"type": "actions", "elements": [button("Go", "go")]}],
    )
    house.site.patch({"people": {"sam": {"external": True}}})
    typed = {"person": "sam", "channel": "general", "text": "/d365 help"}
    assert "another organisation" in await house.refused("command", **typed)
    await house.act("press", person="sam", label="Go")
    pressed = house.bot.last
    assert pressed["user"]["team_id"] != pressed["team"]["id"]


async def test_without_its_scope_there_is_no_command(house: House) -> None:
    house.site.patch({"scopes": ["chat:write"]})
    typed = {"person": "olga", "channel": "general", "text": "/d365 help"}
    assert "lacks the scope commands" in await house.refused("command", **typed)


async def test_the_handle_of_a_user_group_becomes_its_id(house: House) -> None:
    text = "/d365 access add @crm-approvers viewer"
    await house.act("command", person="olga", channel="general", text=text)
    assert house.bot.last["text"] == ("access add <!subteam^S0GROUP0001|@crm-approvers> viewer")
    house.site.patch({"usergroups": {"crm-approvers": {"enabled": False}}})
    await house.act("command", person="olga", channel="general", text=text)
    assert house.bot.last["text"] == "access add @crm-approvers viewer"


async def test_the_newest_button_is_pressed_and_named_ones_are_found(house: House) -> None:
    channel = house.channel("crm-admins")
    stamps = []
    for request in ("R1", "R2"):
        blocks = [actions(button("Approve", "approve", value=request))]
        posted = await house.web.chat_postMessage(channel=channel, text=request, blocks=blocks)
        stamps.append(posted["ts"])
    for asked, expected in (
        ({"label": "Approve"}, "R2"),
        ({"value": "R1"}, "R1"),
        ({"action_id": "approve", "ts": stamps[0]}, "R1"),
        ({"action_id": "approve", "channel": "crm-admins"}, "R2"),
    ):
        await house.act("press", person="paul", **asked)
        assert house.bot.last["actions"][0]["value"] == expected
    assert "sees no such element" in await house.refused("press", person="sam", label="Approve")
    assert "name the element" in await house.refused("press", person="paul")


async def test_a_press_in_a_message_carries_the_message_and_where_it_is(house: House) -> None:
    channel = house.channel("crm-admins")
    blocks = [actions(button("Go", "go", style="primary"))]
    posted = await house.web.chat_postMessage(channel=channel, text="x", blocks=blocks)
    await house.act("press", person="paul", label="Go")
    sent = house.bot.last
    assert sent["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": channel,
        "is_ephemeral": False,
    }
    assert sent["message"]["ts"] == posted["ts"]
    assert sent["channel"] == {"id": channel, "name": "crm-admins"}
    assert sent["actions"][0]["style"] == "primary"
    assert sent["user"]["id"] == house.user("paul")
    await house.web.chat_postEphemeral(
        channel=channel, user=house.user("paul"), text="y", blocks=blocks
    )
    await house.act("press", person="paul", label="Go")
    assert house.bot.last["container"]["is_ephemeral"]
    assert "message" not in house.bot.last


async def test_an_open_modal_covers_the_messages_below(house: House) -> None:
    blocks = [actions(button("Go", "go", value="below"))]
    await house.web.chat_postMessage(channel=house.channel("crm-admins"), text="x", blocks=blocks)
    opened = await house.open(modal(section(accessory=button("Go", "go", value="above"))))
    await house.act("press", person="olga", label="Go")
    assert house.bot.last["actions"][0]["value"] == "above"
    assert house.bot.last["view"]["id"] == opened["id"]


async def test_choices_are_made_by_value_or_by_words(house: House) -> None:
    menu = {
        "type": "overflow",
        "action_id": "more",
        "options": [option("rename"), option("retire")],
    }
    select = {"type": "static_select", "action_id": "which", "options": [option("main")]}
    blocks = [section(accessory=menu, block_id="row"), actions(select)]
    await house.web.chat_postMessage(channel=house.channel("crm-admins"), text="x", blocks=blocks)
    await house.act("press", person="olga", action_id="more", option="Retire")
    assert house.bot.last["actions"][0]["selected_option"] == option("retire")
    await house.act("press", person="olga", action_id="which", option="main")
    assert house.bot.last["actions"][0]["selected_option"] == option("main")
    chosen = next(iter(house.bot.last["state"]["values"].values()))
    assert chosen["which"]["selected_option"] == option("main")
    wrong = await house.refused("press", person="olga", action_id="which", option="other")
    assert "not among the options" in wrong


async def test_an_input_answers_at_once_only_if_it_dispatches(house: House) -> None:
    field = {
        "type": "input",
        "block_id": "host",
        "label": plain("Host"),
        "element": {"type": "plain_text_input", "action_id": "value"},
    }
    await house.open(modal(field))
    assert "no such element" in await house.refused("press", person="olga", block_id="host")
    await house.open(modal({**field, "dispatch_action": True}))
    await house.act("press", person="olga", block_id="host", value="contoso")
    assert house.bot.last["actions"][0]["value"] == "contoso"
    state = house.bot.last["view"]["state"]["values"]["host"]["value"]
    assert state["value"] == "contoso"


async def test_a_button_inside_a_container_or_for_some_people_is_found(house: House) -> None:
    only_paul = button("Approve", "approve", visible_to_user_ids=[house.user("paul")])
    blocks = [container(child_blocks=[actions(only_paul)])]
    await house.web.chat_postMessage(channel=house.channel("crm-admins"), text="x", blocks=blocks)
    assert "no such element" in await house.refused("press", person="olga", label="Approve")
    assert (await house.act("press", person="paul", label="Approve"))["status"] == 200


async def test_a_response_url_works_five_times(house: House) -> None:
    done = await house.act("command", person="olga", channel="crm-admins", text="/d365 test")
    url = done["response_url"]
    for number in range(5):
        assert (await house.http.post(url, json={"text": str(number)})).text == "ok"
    sixth = await house.http.post(url, json={"text": "6"})
    assert (sixth.status_code, sixth.json()["error"]) == (404, "used_url")
    assert await house.texts("olga") == ["0", "1", "2", "3", "4"]
    assert await house.texts("paul") == []
    assert {call[0] for call in house.calls} == {"slack"}
    assert len(house.calls) == 6


async def test_a_response_url_lasts_thirty_minutes(house: House) -> None:
    done = await house.act("command", person="olga", channel="crm-admins", text="/d365 test")
    house.clock.pass_by(1799)
    await house.http.post(done["response_url"], json={"text": "in time"})
    house.clock.pass_by(2)
    late = await house.http.post(done["response_url"], json={"text": "late"})
    assert (late.status_code, late.json()["error"]) == (404, "expired_url")


async def test_a_response_url_can_replace_and_delete_what_was_pressed(house: House) -> None:
    await house.web.chat_postEphemeral(
        channel=house.channel("crm-admins"),
        user=house.user("olga"),
        text="Sure?",
        blocks=[actions(button("Yes", "yes"))],
    )
    await house.act("press", person="olga", label="Yes")
    url = house.bot.last["response_url"]
    await house.http.post(url, json={"replace_original": "true", "text": "Done."})
    await house.http.post(url, json={"response_type": "in_channel", "text": "Olga did it."})
    assert await house.texts("olga") == ["Done.", "Olga did it."]
    assert await house.texts("paul") == ["Olga did it."]
    await house.http.post(url, json={"delete_original": True})
    assert await house.texts("olga") == ["Olga did it."]
    again = await house.http.post(url, json={"delete_original": True})
    assert again.status_code == 404
    wrong = await house.http.post(url, json={"blocks": [{"type": "x"}]})
    assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_blocks")
