"""From a typed command to a saved modal and an edited message, once through."""

from starlette.responses import JSONResponse

from tests.simulator_slack.playing import House, asking, button, modal, plain


async def test_a_command_opens_a_modal_whose_values_reach_the_bot(house: House) -> None:
    who = await house.web.auth_test()
    assert who["team_id"] == "T0MADEUP"
    done = await house.act("command", person="olga", channel="crm-admins", text="/d365 setup")
    assert done["status"] == 200
    assert house.bot.last["command"] == "/d365"
    assert house.bot.last["text"] == "setup"
    view = modal(asking("name"))
    await house.web.views_open(trigger_id=house.bot.last["trigger_id"], view=view)
    house.bot.answers.append(
        JSONResponse({"response_action": "errors", "errors": {"name": "Taken."}})
    )
    again = await house.act("submit", person="olga", values={"name": "main"})
    assert again["errors"] == {"name": "Taken."}
    gone = await house.act("submit", person="olga", values={"name": "other"})
    assert gone["views"] == []
    values = house.bot.last["view"]["state"]["values"]
    assert values == {"name": {"value": {"type": "plain_text_input", "value": "other"}}}


async def test_a_pressed_button_reaches_the_bot_which_edits_the_message(house: House) -> None:
    channel = house.channel("crm-admins")
    blocks = [{"type": "actions", "elements": [button("Approve", "approve", value="R1")]}]
    posted = await house.web.chat_postMessage(channel=channel, text="Approve?", blocks=blocks)
    pressed = await house.act("press", person="paul", label="Approve")
    assert pressed["status"] == 200
    action = house.bot.last["actions"][0]
    assert (action["action_id"], action["value"]) == ("approve", "R1")
    assert action["text"] == plain("Approve")
    await house.web.chat_update(channel=channel, ts=posted["ts"], text="Approved by Paul.")
    seen = (await house.sees("vera"))["messages"]
    assert [(m["text"], m["edits"], m["blocks"]) for m in seen] == [("Approved by Paul.", 1, [])]


async def test_an_ephemeral_message_is_seen_by_one_person_only(house: House) -> None:
    await house.web.chat_postEphemeral(
        channel=house.channel("crm-admins"), user=house.user("olga"), text="Only you."
    )
    assert await house.texts("olga") == ["Only you."]
    assert await house.texts("paul") == []
