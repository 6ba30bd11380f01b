"""Socket Mode with Slack's own clients: one payload to one connection, acknowledged once."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode import SocketModeClient as BuiltinClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web import WebClient

from tests.simulator_slack.playing import APP_TOKEN, House, asking, button, modal
from tests.simulator_slack.socket_clients import (
    app_of,
    bolt,
    connected,
    listening,
    replaced,
)

APPROVE = [{"type": "actions", "elements": [button("Approve", "approve", value="R1")]}]


@pytest.fixture(autouse=True)
def socket_mode(house: House) -> None:
    house.site.patch({"socket_mode": True})


async def opened_url(house: House) -> str:
    return str((await house.web.apps_connections_open(app_token=APP_TOKEN))["url"])


@asynccontextmanager
async def opened(house: House) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A line without any client's help, after its greeting."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(await opened_url(house)) as line,
    ):
        await line.receive_json()
        yield line


async def test_a_connection_is_greeted_with_the_app_and_the_number_of_connections(
    house: House,
) -> None:
    async with listening(house, 2) as (first, second):
        hello = await second.has_been_told("hello")
        assert hello["connection_info"] == {"app_id": "A0D365BOT00"}
        assert (await first.has_been_told("hello"))["num_connections"] == 1
        assert hello["num_connections"] == 2
        assert hello["debug_info"]["approximate_connection_time"] > 3600


async def test_a_command_is_an_envelope_whose_payload_is_the_form(house: House) -> None:
    async with listening(house) as [listener]:
        listener.answers.append({"text": "On it."})
        done = await house.act("command", person="olga", channel="general", text="/d365 test")
        assert (done["status"], done["error"]) == (200, None)
        request = listener.received[0]
        assert (request.type, request.accepts_response_payload) == ("slash_commands", True)
        assert (request.payload["command"], request.payload["text"]) == ("/d365", "test")
        assert await house.texts("olga") == ["On it."]
    assert house.bot.received == []


async def test_an_event_is_sent_again_until_it_is_acknowledged(house: House) -> None:
    house.site.patch({"ack_seconds": 0.05, "retry_delays": [0, 0, 0]})
    async with listening(house) as [listener]:
        listener.silent = True
        await house.act("home", person="olga")
        await listener.has_received(4)
        tries = [(each.retry_attempt, each.retry_reason) for each in listener.received]
        assert tries == [(0, ""), (1, "timeout"), (2, "timeout"), (3, "timeout")]
        assert len({each.payload["event_id"] for each in listener.received}) == 1
        assert len({each.envelope_id for each in listener.received}) == 4
        assert not listener.received[0].accepts_response_payload


async def test_a_press_that_is_not_acknowledged_fails_and_is_not_sent_again(house: House) -> None:
    house.site.patch({"ack_seconds": 0.05, "retry_delays": [0, 0, 0]})
    await house.web.chat_postMessage(channel=house.channel("general"), text="?", blocks=APPROVE)
    async with listening(house) as [listener]:
        listener.silent = True
        pressed = await house.act("press", person="olga", label="Approve")
        assert (pressed["status"], pressed["error"]) == (None, "operation_timeout")
        listener.silent = False
        house.site.patch({"ack_seconds": 3})
        await house.act("home", person="olga")
        assert [each.type for each in listener.received] == ["interactive", "events_api"]


async def test_without_a_connection_a_person_sees_that_nothing_was_dispatched(
    house: House,
) -> None:
    done = await house.act("command", person="olga", channel="dm", text="/d365 test")
    assert done["error"] == "dispatch_failed"
    assert 'error "dispatch_failed"' in (await house.texts("olga"))[0]


async def test_each_payload_goes_to_exactly_one_of_several_connections(house: House) -> None:
    async with listening(house, 3) as listeners:
        for number in range(9):
            await house.act("command", person="olga", channel="dm", text=f"/d365 {number}")
        texts = sorted(each.payload["text"] for one in listeners for each in one.received)
        assert texts == [str(number) for number in range(9)]
        assert [len(one.received) for one in listeners] == [3, 3, 3]
        shown: Any = house.site.facts()["sockets"]
        assert sum(each["acked"] for each in shown.values()) == 9


async def test_a_url_opens_one_connection_only(house: House) -> None:
    url = await opened_url(house)
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as line:
            assert (await line.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_the_eleventh_connection_is_told_there_are_too_many(house: House) -> None:
    async with listening(house, 10), aiohttp.ClientSession() as session:
        async with session.ws_connect(await opened_url(house)) as line:
            said = await line.receive_json()
            assert (said["type"], said["reason"]) == ("disconnect", "too_many_websockets")
            assert (await line.receive()).type == aiohttp.WSMsgType.CLOSE
        assert len(await connected(house, 10)) == 10


async def test_turning_socket_mode_off_ends_the_connections_and_says_why(house: House) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(await opened_url(house)) as line:
            await line.receive_json()
            house.site.patch({"socket_mode": False})
            assert (await line.receive_json())["reason"] == "link_disabled"
            assert (await line.receive()).type == aiohttp.WSMsgType.CLOSE
        async with session.ws_connect(await opened_url(house)) as line:
            assert (await line.receive_json())["reason"] == "link_disabled"


async def test_a_ping_is_answered(house: House) -> None:
    async with aiohttp.ClientSession() as session:
        url = await opened_url(house)
        async with session.ws_connect(url, autoping=False) as line:
            await line.receive_json()
            await line.ping(b"are you there")
            pong = await line.receive()
            assert (pong.type, pong.data) == (aiohttp.WSMsgType.PONG, b"are you there")


@pytest.mark.parametrize("said", ["not JSON", "[]", "{}", '{"envelope_id": "unknown"}'])
async def test_what_is_no_acknowledgement_changes_nothing(house: House, said: str) -> None:
    async with opened(house) as line:
        await line.send_str(said)
        await line.send_bytes(b"\xff")
        acting = asyncio.create_task(
            house.act("command", person="olga", channel="dm", text="/d365 test")
        )
        envelope = await line.receive_json()
        await line.send_str(json.dumps({"envelope_id": envelope["envelope_id"]}))
        assert (await acting)["status"] == 200


@pytest.mark.parametrize("deed", ["refresh", "warn", "cut"])
async def test_a_client_reconnects_when_its_line_is_disturbed(house: House, deed: str) -> None:
    async with listening(house) as [listener]:
        before = await connected(house, 1)
        await house.act("socket", do=deed)
        await replaced(house, before)
        await house.act("command", person="olga", channel="dm", text="/d365 test")
        assert listener.received[-1].payload["text"] == "test"


@pytest.mark.parametrize(("more", "life"), [("", 18_060), ("&debug_reconnects=true", 360)])
async def test_a_line_is_warned_and_then_asked_to_go_when_it_is_old(
    house: House, more: str, life: int
) -> None:
    url = await opened_url(house) + more
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as line:
        hello = await line.receive_json()
        assert hello["debug_info"]["approximate_connection_time"] == life
        house.clock.pass_by(life - 10)
        assert (await line.receive_json())["reason"] == "warning"
        house.clock.pass_by(10)
        assert (await line.receive_json())["reason"] == "refresh_requested"
        assert (await line.receive()).type == aiohttp.WSMsgType.CLOSE


async def test_a_line_that_is_asked_to_go_still_acknowledges_what_it_holds(house: House) -> None:
    async with opened(house) as line:
        acting = asyncio.create_task(
            house.act("command", person="olga", channel="dm", text="/d365 test")
        )
        envelope = await line.receive_json()
        await house.act("socket", do="refresh")
        assert (await line.receive_json())["reason"] == "refresh_requested"
        late = await house.act("command", person="olga", channel="dm", text="/d365 late")
        assert late["error"] == "dispatch_failed"
        await line.send_json({"envelope_id": envelope["envelope_id"]})
        assert (await acting)["status"] == 200
        assert (await line.receive()).type == aiohttp.WSMsgType.CLOSE


async def test_what_a_stalled_line_swallowed_has_timed_out(house: House) -> None:
    house.site.patch({"ack_seconds": 0.05})
    async with opened(house):
        await house.act("socket", do="stall")
        done = await house.act("command", person="olga", channel="dm", text="/d365 test")
        assert done["error"] == "operation_timeout"
        shown: Any = house.site.facts()["sockets"]
        assert [(each["delivered"], each["acked"]) for each in shown.values()] == [(1, 0)]
        # aiohttp would wait ten seconds for the answer to its farewell.
        await house.act("socket", do="cut")


async def test_what_cannot_be_done_to_a_line_is_refused(house: House) -> None:
    assert "one of" in await house.refused("socket", do="paint")
    assert "no such connection" in await house.refused("socket", do="cut", connection="99")


async def test_bolt_answers_a_command_a_modal_a_button_and_an_event(house: House) -> None:
    app, heard = app_of(house), []

    @app.command("/d365")
    async def command(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(asking("name")))

    @app.view("setup")
    async def submitted(ack: Any, view: dict[str, Any]) -> None:
        name = view["state"]["values"]["name"]["value"]["value"]
        if name == "main":
            await ack(response_action="errors", errors={"name": "Taken."})
        else:
            await ack()

    @app.action("approve")
    async def pressed(ack: Any, action: dict[str, Any]) -> None:
        await ack()
        heard.append(action["value"])

    @app.event("app_home_opened")
    async def home(event: dict[str, Any]) -> None:
        heard.append(event["user"])

    async with bolt(house, app):
        await house.act("command", person="olga", channel="dm", text="/d365 setup")
        async with asyncio.timeout(5):
            while not (seen := await house.sees("olga", after=0, wait=5))["views"]:
                await house.sees("olga", after=seen["event"], wait=5)
        refused = await house.act("submit", person="olga", values={"name": "main"})
        assert refused["errors"] == {"name": "Taken."}
        gone = await house.act("submit", person="olga", values={"name": "other"})
        assert gone["views"] == []
        channel = house.channel("general")
        await house.web.chat_postMessage(channel=channel, text="?", blocks=APPROVE)
        await house.act("press", person="olga", label="Approve")
        await house.act("home", person="paul")
        assert heard == ["R1", house.user("paul")]


async def test_bolt_goes_on_after_its_line_was_cut(house: House) -> None:
    app, heard = app_of(house), []

    @app.command("/d365")
    async def command(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        heard.append(body["text"])

    async with bolt(house, app):
        await house.act("command", person="olga", channel="dm", text="/d365 before")
        before = await connected(house, 1)
        await house.act("socket", do="cut")
        await replaced(house, before)
        await house.act("command", person="olga", channel="dm", text="/d365 after")
        assert heard == ["before", "after"]


async def test_slacks_client_without_asyncio_answers_too(house: House) -> None:
    web = WebClient(base_url=house.web.base_url)
    client = BuiltinClient(APP_TOKEN, web_client=web)

    def answer(client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        client.send_socket_mode_response(SocketModeResponse(request.envelope_id, {"text": "Yes."}))

    client.socket_mode_request_listeners.append(answer)
    await asyncio.to_thread(client.connect)
    try:
        await connected(house, 1)
        done = await house.act("command", person="olga", channel="general", text="/d365 test")
        assert done["status"] == 200
        assert await house.texts("olga") == ["Yes."]
    finally:
        # Its reader looks up every three seconds only, unless the line ends.
        client.auto_reconnect_enabled = False
        await house.act("socket", do="cut")
        await asyncio.to_thread(client.close)


async def test_only_the_apps_own_token_opens_a_connection(house: House) -> None:
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await house.api_or_raise("apps.connections.open")


async def test_a_test_can_wait_for_a_connection(house: House) -> None:
    waiting = asyncio.create_task(house.act("socket", do="wait"))
    async with opened(house):
        assert len((await waiting)["connections"]) == 1
