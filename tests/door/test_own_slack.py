"""A client that knows only Slack's protocol drives setup, test and status."""

import json
from collections.abc import AsyncIterator

import pytest

from tests.door.own_slack import TEAM, Json, OwnSlack
from tests.stage import BotProcess, Simulators

USER, CHANNEL = "U0OWN", "C0OWN"
SECRET = "a signing secret of nobody"


@pytest.fixture(scope="module")
async def slack() -> AsyncIterator[OwnSlack]:
    slack = await OwnSlack(SECRET).start()
    yield slack
    await slack.aclose()


@pytest.fixture(scope="module")
async def own_bot(
    slack: OwnSlack, simulators: Simulators, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """Slack is our own; Microsoft is the simulators'."""
    bot = BotProcess(
        tmp_path_factory.mktemp("own"),
        simulators.ready,
        settings={
            "SLACK_API_URL": slack.api_url,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_BOT_TOKEN": "xoxb-of-nobody",
            "D365BOT_ADMINS": USER,
        },
    )
    await bot.start()
    assert (await bot.run("keys", "new")).returncode == 0
    yield bot
    assert await bot.stop() == 0


def _events(bot: BotProcess) -> str:
    return f"{bot.address}/slack/events"


def _command(slack: OwnSlack, text: str, trigger: str, user: str = USER) -> dict[str, str]:
    return {
        "token": "unused",
        "team_id": TEAM,
        "team_domain": "own",
        "channel_id": CHANNEL,
        "channel_name": "own",
        "user_id": user,
        "user_name": "own",
        "command": "/d365",
        "text": text,
        "api_app_id": "A0OWN",
        "is_enterprise_install": "false",
        "response_url": slack.response_url,
        "trigger_id": trigger,
    }


def _submission(view: Json, values: dict[str, str]) -> Json:
    state = {name: {"value": _typed(view, name, value)} for name, value in values.items()}
    return {
        "type": "view_submission",
        "team": {"id": TEAM, "domain": "own"},
        "user": {"id": USER, "name": "own", "team_id": TEAM},
        "api_app_id": "A0OWN",
        "token": "unused",
        "trigger_id": f"submit-{len(values)}-{values.get('tenant')}",
        "view": {**view, "id": "V1", "hash": "1", "state": {"values": state}, "team_id": TEAM},
        "response_urls": [],
    }


def _typed(view: Json, name: str, value: str) -> Json:
    block = next(one for one in view["blocks"] if one.get("block_id") == name)
    kind = block["element"]["type"]
    if kind in ("static_select", "radio_buttons"):
        chosen = next(one for one in block["element"]["options"] if one["value"] == value)
        return {"type": kind, "selected_option": chosen}
    return {"type": kind, "value": value}


async def test_setup_test_and_status_are_driven_by_signed_requests_alone(
    slack: OwnSlack, own_bot: BotProcess
) -> None:
    ready, url = own_bot.ready, _events(own_bot)
    acked = await slack.send(url, _command(slack, "setup own", "trigger-1"))
    assert (acked.status_code, acked.text) == (200, "")
    assert (await slack.call("views.open"))["trigger_id"] == "trigger-1"
    form = (await slack.call("views.update"))["view"]
    assert form["callback_id"] == "setup"
    values = {
        "name": "own",
        "hosting": "online",
        "sales_url": ready["sales_url"] + "/main.aspx",
        "tenant": "organizations",
        "bot_client_id": ready["apps"]["bot"]["client_id"],
        "bot_credential": "client_secret",
        "integration_user_name": "integration@adventure-example.onmicrosoft.com",
        "bc_environment": ready["bc"]["environment"],
        "bc_company": ready["bc"]["company"],
    }
    wrong = await slack.interact(url, _submission(form, values))
    assert wrong.json()["response_action"] == "errors"
    assert set(wrong.json()["errors"]) == {"tenant"}
    asked = await slack.interact(url, _submission(form, {**values, "tenant": ready["tenant"]}))
    question = asked.json()["view"]
    assert ready["sales_url"] in json.dumps(question)
    saved = await slack.interact(url, _submission(question, {"sales_url": "proposed"}))
    assert saved.json() == {"response_action": "clear"}
    announced = await slack.call("chat.postMessage", lambda said: "saved" in said["text"])
    assert announced["channel"] == CHANNEL

    secret = ready["apps"]["bot"]["client_secret"]
    given = await own_bot.run("secret", "set", "own", "bot_client_secret", stdin=secret)
    assert given.returncode == 0, given.stderr
    await slack.send(url, _command(slack, "test own", "trigger-2"))
    report = await slack.call("chat.postMessage", lambda said: "Test" in said["text"])
    done = await slack.call("chat.update", lambda said: "every check passed" in said["text"])
    assert report["channel"] == done["channel"] == CHANNEL

    await slack.send(url, _command(slack, "status", "trigger-3"))
    status = await slack.call(
        "chat.postMessage", lambda said: "own: every check passed" in said["text"]
    )
    assert ready["sales_url"] in json.dumps(status["blocks"])


async def test_the_same_request_twice_is_carried_out_once(
    slack: OwnSlack, own_bot: BotProcess
) -> None:
    form = _command(slack, "help setup", "trigger-twice")
    first = await slack.send(_events(own_bot), form)
    again = await slack.send(_events(own_bot), form)
    assert first.status_code == again.status_code == 200
    await slack.send(_events(own_bot), _command(slack, "help test", "trigger-after"))
    await slack.call("chat.postEphemeral", lambda said: "/d365 test [" in said["text"])
    answers = [
        said
        for name, said in slack.calls
        if name == "chat.postEphemeral" and "/d365 setup [" in said["text"]
    ]
    assert len(answers) == 1


async def test_a_bare_admin_counts_and_everybody_else_is_refused_in_the_ack(
    slack: OwnSlack, own_bot: BotProcess
) -> None:
    refused = await slack.send(_events(own_bot), _command(slack, "list", "trigger-9", "U0OTHER"))
    assert refused.status_code == 200
    assert refused.json()["response_type"] == "ephemeral"
    assert "Sorry" in refused.json()["text"]
