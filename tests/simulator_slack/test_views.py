"""Modals from open to close: triggers, stack, hash, values that stay, answers that are refused."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from starlette.responses import JSONResponse, PlainTextResponse, Response

from tests.simulator_slack.playing import House, asking, button, modal, option, plain
from tests.simulator_slack.shapes import section

NAME = asking("name")


def says(action: str, **more: Any) -> Response:
    return JSONResponse({"response_action": action, **more})


async def test_a_trigger_opens_one_view_only(house: House) -> None:
    trigger_id = await house.trigger()
    await house.web.views_open(trigger_id=trigger_id, view=modal(NAME))
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await house.web.views_open(trigger_id=trigger_id, view=modal(NAME))


async def test_a_trigger_is_good_for_three_seconds(house: House) -> None:
    late, in_time = await house.trigger(), await house.trigger()
    house.clock.pass_by(3.0)
    await house.web.views_open(trigger_id=in_time, view=modal(NAME))
    house.clock.pass_by(0.1)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await house.web.views_open(trigger_id=late, view=modal(NAME))


async def test_a_refused_view_leaves_the_trigger_unspent(house: House) -> None:
    trigger_id = await house.trigger()
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await house.web.views_open(trigger_id=trigger_id, view={"type": "modal"})
    await house.web.views_open(trigger_id=trigger_id, view=modal(NAME))


async def test_a_view_that_weighs_too_much_is_refused(house: House) -> None:
    heavy = modal(*[section("x" * 2600)] * 100)
    opened = await house.api("views.open", trigger_id=await house.trigger(), view=heavy)
    assert opened["error"] == "view_too_large"


async def test_views_can_be_pushed_twice_on_the_first(house: House) -> None:
    first = await house.open(modal(NAME))
    for depth in (2, 3):
        pushed = await house.web.views_push(
            trigger_id=await house.trigger(), view=modal(asking(f"level {depth}"))
        )
        assert pushed["view"]["root_view_id"] == first["id"]
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        await house.web.views_push(trigger_id=await house.trigger(), view=modal(NAME))
    assert len((await house.sees("olga"))["views"]) == 3


async def test_an_update_against_an_old_hash_is_a_conflict(house: House) -> None:
    opened = await house.open(modal(NAME))
    view_id, seen = opened["id"], opened["hash"]
    await house.web.views_update(view_id=view_id, hash=seen, view=modal(NAME))
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await house.web.views_update(view_id=view_id, hash=seen, view=modal(NAME))


async def test_an_external_id_names_one_view(house: House) -> None:
    await house.open(modal(NAME, external_id="draft-1"))
    renamed = modal(NAME, external_id="draft-1", title=plain("Again"))
    updated = await house.web.views_update(external_id="draft-1", view=renamed)
    assert updated["view"]["title"]["text"] == "Again"
    doubled = await house.api("views.open", trigger_id=await house.trigger("ada"), view=renamed)
    assert doubled["error"] == "duplicate_external_id"


async def test_typed_values_survive_an_update_that_keeps_block_and_action(house: House) -> None:
    await house.open(modal(asking("kept"), asking("renamed")))
    house.bot.answers.append(says("errors", errors={"kept": "Hm."}))
    await house.act("submit", person="olga", values={"kept": "1", "renamed": "2"})
    opened = (await house.sees("olga"))["views"][0]
    await house.web.views_update(view_id=opened["id"], view=modal(asking("kept"), asking("new")))
    after = await house.sees("olga")
    assert after["views"][0]["state"]["values"] == {
        "kept": {"value": {"type": "plain_text_input", "value": "1"}},
        "new": {"value": {"type": "plain_text_input", "value": None}},
    }
    assert after["view_errors"] == {}


async def test_every_kind_of_input_is_sent_in_slacks_shape(house: House) -> None:
    choices = {"options": [option("a"), option("b")]}
    await house.open(
        modal(
            asking("text", {"type": "plain_text_input", "initial_value": "before"}),
            asking("url", {"type": "url_text_input"}),
            asking("number", {"type": "number_input", "is_decimal_allowed": False}),
            asking("select", {"type": "static_select", **choices}),
            asking("radio", {"type": "radio_buttons", "initial_option": option("b"), **choices}),
            asking("boxes", {"type": "checkboxes", **choices}, optional=True),
            asking("people", {"type": "multi_users_select"}),
            asking("where", {"type": "conversations_select", "response_url_enabled": True}),
        )
    )
    filled = {
        "url": "https://contoso.example",
        "number": "12",
        "select": "a",
        "boxes": ["a", "b"],
        "people": ["paul"],
        "where": "general",
    }
    await house.act("submit", person="olga", values=filled)
    sent = house.bot.last
    values = {block: state["value"] for block, state in sent["view"]["state"]["values"].items()}
    assert values["text"]["value"] == "before"
    assert values["url"] == {"type": "url_text_input", "value": "https://contoso.example"}
    assert values["number"]["value"] == "12"
    assert values["select"]["selected_option"] == option("a")
    assert values["radio"]["selected_option"] == option("b")
    assert values["boxes"]["selected_options"] == [option("a"), option("b")]
    assert values["people"]["selected_users"] == [house.user("paul")]
    assert values["where"]["selected_conversation"] == house.channel("general")
    assert sent["response_urls"][0]["channel_id"] == house.channel("general")


@pytest.mark.parametrize(
    ("element", "value", "said"),
    [
        ({"type": "plain_text_input"}, None, "please complete this required field"),
        ({"type": "plain_text_input", "max_length": 3}, "four", "at most 3 characters"),
        ({"type": "plain_text_input", "min_length": 3}, "12", "at least 3 characters"),
        ({"type": "static_select", "options": [option("a")]}, "b", "not among the options"),
        ({"type": "url_text_input"}, "contoso", "not a valid url_text_input"),
        ({"type": "email_text_input"}, "contoso", "not a valid email_text_input"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "no decimals"),
        (
            {"type": "number_input", "is_decimal_allowed": True, "max_value": "2"},
            "2.5",
            "at most 2",
        ),
        ({"type": "checkboxes", "options": [option("a")]}, "a", "takes a list"),
        (
            {"type": "multi_users_select", "max_selected_items": 1},
            ["ada", "paul"],
            "at most 1 may be chosen",
        ),
        ({"type": "users_select"}, "nobody", "nobody is called"),
    ],
)
async def test_the_client_does_not_send(
    house: House, element: dict[str, Any], value: object, said: str
) -> None:
    await house.open(modal(asking("field", element)))
    before = len(house.bot.received)
    refused = await house.refused("submit", person="olga", values={"field": value})
    assert refused.startswith("field: ")
    assert said in refused
    assert len(house.bot.received) == before


async def test_a_value_can_be_cleared(house: House) -> None:
    initial = {"type": "plain_text_input", "initial_value": "before"}
    await house.open(modal(asking("field", initial, optional=True)))
    await house.act("submit", person="olga", values={"field": None})
    values = house.bot.last["view"]["state"]["values"]
    assert values["field"]["value"]["value"] is None


async def test_errors_are_shown_until_the_next_try(house: House) -> None:
    opened = await house.open(modal(NAME))
    house.bot.answers.append(says("errors", errors={"name": "Taken."}))
    result = await house.act("submit", person="olga", values={"name": "main"})
    assert (result["response_action"], result["errors"]) == ("errors", {"name": "Taken."})
    assert (await house.sees("olga"))["view_errors"] == {opened["id"]: {"name": "Taken."}}
    await house.act("submit", person="olga", values={"name": "other"})
    assert (await house.sees("olga"))["view_errors"] == {}


async def test_an_answer_may_update_push_or_clear(house: House) -> None:
    opened = await house.open(modal(NAME))
    house.bot.answers.append(says("update", view=modal(asking("second"))))
    updated = await house.act("submit", person="olga", values={"name": "main"})
    assert [view["id"] for view in updated["views"]] == [opened["id"]]
    assert updated["views"][0]["hash"] != opened["hash"]
    house.bot.answers.append(says("push", view=modal(NAME)))
    pushed = await house.act("submit", person="olga", values={"second": "x"})
    assert [view["previous_view_id"] for view in pushed["views"]] == [None, opened["id"]]
    house.bot.answers.append(says("clear"))
    cleared = await house.act("submit", person="olga", values={"name": "main"})
    assert (cleared["response_action"], cleared["views"]) == ("clear", [])


async def test_an_empty_answer_closes_the_top_view_only(house: House) -> None:
    await house.open(modal(NAME))
    await house.web.views_push(trigger_id=await house.trigger(), view=modal(NAME))
    done = await house.act("submit", person="olga", values={"name": "main"})
    assert (done["response_action"], len(done["views"])) == ("close", 1)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (PlainTextResponse("saved"), "invalid_json"),
        (JSONResponse([1]), "json_not_object"),
        (says("bounce"), "invalid_arguments"),
        (says("errors"), "invalid_arguments"),
        (says("errors", errors={"nothing": "Hm."}), "invalid_arguments"),
        (says("errors", errors={"said": "Hm."}), "invalid_arguments"),
        (says("errors", errors={"name": 5}), "invalid_arguments"),
        (says("update", view={"type": "modal"}), "invalid_arguments"),
        (says("push", view={"type": "home", "blocks": []}), "invalid_arguments"),
        (Response(status_code=500), "dispatch_failed"),
        (Response(status_code=404), "dispatch_failed"),
    ],
)
async def test_a_wrong_answer_is_shown_as_trouble_and_the_view_stays(
    house: House, answer: Response, error: str
) -> None:
    opened = await house.open(modal(NAME, section(block_id="said")))
    house.bot.answers.append(answer)
    result = await house.act("submit", person="olga", values={"name": "main"})
    assert result["refused"][0] == error
    seen = await house.sees("olga")
    assert [view["id"] for view in seen["views"]] == [opened["id"]]
    assert seen["view_errors"][opened["id"]]["*"].startswith("We had some trouble")


async def test_closing_is_told_to_the_bot_only_where_it_asked(house: House) -> None:
    await house.open(modal(NAME))
    quiet = await house.act("close", person="olga")
    assert (quiet["notified"], quiet["views"]) == (0, [])
    await house.open(modal(NAME, notify_on_close=True, clear_on_close=True))
    told = await house.act("close", person="olga")
    assert told["notified"] == 1
    assert (house.bot.last["type"], house.bot.last["is_cleared"]) == ("view_closed", True)


async def test_home_is_published_and_pressed(house: House) -> None:
    opened = await house.act("home", person="olga")
    assert opened["status"] == 200
    event = house.bot.last["event"]
    assert (event["type"], event["user"]) == ("app_home_opened", house.user("olga"))
    view = {"type": "home", "blocks": [{"type": "actions", "elements": [button("Go", "go")]}]}
    first = await house.web.views_publish(user_id=event["user"], view=view)
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await house.web.views_publish(user_id=event["user"], view=view, hash="0.old")
    await house.act("press", person="olga", action_id="go")
    assert house.bot.last["container"] == {"type": "view", "view_id": first["view"]["id"]}
    house.site.patch({"home_tab": False})
    with pytest.raises(SlackApiError, match="not_enabled"):
        await house.web.views_publish(user_id=event["user"], view=view)


async def test_an_external_select_asks_the_bot_for_its_options(house: House) -> None:
    await house.open(modal(asking("company", {"type": "external_select"})))
    early = await house.refused("suggest", person="olga", block_id="company", value="Cr")
    assert "3 characters" in early
    house.bot.answers.append(JSONResponse({"options": [option("cronus")]}))
    offered = await house.act("suggest", person="olga", block_id="company", value="Cro")
    assert (house.bot.last["type"], house.bot.last["value"]) == ("block_suggestion", "Cro")
    assert offered["options"] == [option("cronus")]
    await house.act("submit", person="olga", values={"company": "cronus"})
    values = house.bot.last["view"]["state"]["values"]
    assert values["company"]["value"]["selected_option"] == option("cronus")
    await house.open(modal(asking("company", {"type": "external_select"})))
    house.bot.answers.append(JSONResponse({"options": [option("x" * 76)]}))
    wrong = await house.act("suggest", person="olga", block_id="company", value="Cro")
    assert wrong["options"] == []
    assert wrong["refused"]


async def test_nobody_submits_what_is_not_open(house: House) -> None:
    assert "no such view" in await house.refused("submit", person="olga", values={})
    await house.open(modal(NAME))
    assert "called 'other'" in await house.refused("submit", person="olga", values={"other": "x"})
