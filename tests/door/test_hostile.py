"""Hostile, broken and unknown requests: refused, no 500, nothing stored."""

import gzip
import json
import time
from collections.abc import Callable

import httpx
import pytest

from bot.door import LARGEST_BODY
from handlers.signature import is_signed
from tests.door.own_slack import OwnSlack
from tests.door.proof import REFUSALS, stored, told_since
from tests.stage import BotProcess

COMMAND = "command=%2Fd365&text=list&user_id=U1&team_id=T1&channel_id=C1&trigger_id=1"

Headers = dict[str, str]
Attack = Callable[[OwnSlack], tuple[bytes, Headers, set[int]]]


def _signed(body: bytes, expected: set[int], **other: str) -> Attack:
    return lambda slack: (body, {**slack.signed(body), **other}, expected)


def _changed(expected: set[int], **headers: str | None) -> Attack:
    def attack(slack: OwnSlack) -> tuple[bytes, Headers, set[int]]:
        body = COMMAND.encode()
        said: dict[str, str | None] = {**slack.signed(body)}
        said.update({name.replace("_", "-"): value for name, value in headers.items()})
        return body, {name: value for name, value in said.items() if value is not None}, expected

    return attack


def _stale(slack: OwnSlack) -> tuple[bytes, Headers, set[int]]:
    body = COMMAND.encode()
    old = str(int(time.time()) - 301)
    return body, {**slack.signed(body), "x-slack-request-timestamp": old}, {401}


def _payload(payload: object) -> bytes:
    return f"payload={json.dumps(payload)}".encode()


def _view(values: object) -> dict[str, object]:
    return {"type": "modal", "callback_id": "setup", "state": {"values": {"a": values}}}


JSON = "application/json"
NEWS = {"type": "user_change", "user": {"id": "U1", "is_admin": True, "deleted": False}}


def _event(event: object) -> bytes:
    said = {"type": "event_callback", "event_id": "E2", "team_id": "T1", "event": event}
    return json.dumps(said).encode()


INTERACTION = {"team": {"id": "T1"}, "user": {"id": "U1"}, "trigger_id": "x1"}

ATTACKS: dict[str, Attack] = {
    "no signature": _changed({401}, x_slack_signature=None),
    "no timestamp": _changed({401}, x_slack_request_timestamp=None),
    "empty signature": _changed({401}, x_slack_signature=""),
    "wrong signature": _changed({401}, x_slack_signature="v0=" + "0" * 64),
    "short signature": _changed({401}, x_slack_signature="v0="),
    "signature that is not ascii": _changed({401}, x_slack_signature="v0=ä" + "0" * 63),
    "timestamp in words": _changed({401}, x_slack_request_timestamp="now"),
    "timestamp as a float": _changed({401}, x_slack_request_timestamp="1e9"),
    "negative timestamp": _changed({401}, x_slack_request_timestamp="-5"),
    "endless timestamp": _changed({401}, x_slack_request_timestamp="9" * 400),
    "timestamp in other digits": _changed({401}, x_slack_request_timestamp="١٢٣"),
    "stale": _stale,
    "signed but not utf-8": _signed(b"text=\xff\xfe", {401}),
    "signed and too large": _signed(b"text=" + b"a" * LARGEST_BODY, {413}),
    "unsigned and too large": lambda _slack: (b"a" * (LARGEST_BODY + 1), {}, {413}),
    "signed and empty": _signed(b"", {400}),
    "signed nonsense": _signed(b"%%%===&&&", {400}),
    "signed broken json": _signed(b"payload={", {400}),
    "signed json that is a list": _signed(b"payload=[]", {400}),
    "signed json that is a number": _signed(b"payload=7", {400}),
    "command of nobody": _signed(b"command=%2Fd365&text=list", {200}),
    "another command": _signed(b"command=%2Fother&text=nonsense&team_id=T1&user_id=U1", {200}),
    "unknown interaction": _signed(_payload({**INTERACTION, "type": "future"}), {200, 400, 404}),
    "unknown shortcut": _signed(
        _payload({**INTERACTION, "type": "shortcut", "callback_id": "x"}), {200}
    ),
    "unknown options": _signed(
        _payload({**INTERACTION, "type": "block_suggestion", "action_id": "x", "value": ""}), {200}
    ),
    "unknown button": _signed(
        _payload({**INTERACTION, "type": "block_actions", "actions": [{"action_id": "x"}]}), {200}
    ),
    "button without actions": _signed(
        _payload({**INTERACTION, "type": "block_actions", "actions": []}), {400}
    ),
    "unknown view": _signed(
        _payload(
            {
                **INTERACTION,
                "type": "view_submission",
                "view": {"type": "modal", "callback_id": "x"},
            }
        ),
        {200},
    ),
    "view without a draft": _signed(
        _payload(
            {
                **INTERACTION,
                "type": "view_submission",
                "view": {
                    "type": "modal",
                    "callback_id": "setup",
                    "private_metadata": "../../etc",
                    "blocks": [{"type": "input", "block_id": "name"}],
                    "state": {"values": {"name": {"value": {"value": "x"}}}},
                },
            }
        ),
        {200},
    ),
    "view with numbers for text": _signed(
        _payload({**INTERACTION, "type": "view_submission", "view": _view({"b": {"value": 5}})}),
        {200},
    ),
    "view with a broken state": _signed(
        _payload({**INTERACTION, "type": "view_submission", "view": _view("x")}), {400}
    ),
    "view with no type": _signed(
        _payload({**INTERACTION, "type": "view_submission", "view": {"callback_id": "x"}}), {400}
    ),
    "people that are lists": _signed(_payload({"type": "block_actions", "user": []}), {400}),
    "json within json without end": _signed(b"payload=" + b"[" * 100_000, {400}),
    "a user id that is half a letter": _signed(
        b'payload={"type":"block_actions","user":{"id":"\\ud800"},"team":{"id":"T1"}}', {200, 400}
    ),
    "half a letter for a command": _signed(COMMAND.encode() + b"&text=%ED%A0%80", {200, 400}),
    "a null byte for a person": _signed(COMMAND.replace("U1", "U%001").encode(), {200, 400}),
    "percent signs that mean nothing": _signed(COMMAND.encode() + b"&x=%zz%", {200, 400}),
    "the same person twice": _signed(COMMAND.encode() + b"&user_id=U2", {200, 400}),
    "thousands of fields": _signed(
        COMMAND.encode() + b"".join(b"&f%d=1" % n for n in range(20_000)), {200, 400, 413}
    ),
    "a byte order mark before the form": _signed(b"\xef\xbb\xbf" + COMMAND.encode(), {200, 400}),
    "a byte order mark before the json": _signed(b"payload=%EF%BB%BF{}", {400}),
    "a form in utf-16": _signed(COMMAND.encode("utf-16"), {401}),
    "a charset that is a lie": _signed(
        COMMAND.encode(),
        {200, 400},
        **{"content-type": "application/x-www-form-urlencoded; charset=utf-16"},
    ),
    "a charset that nobody knows": _signed(
        COMMAND.encode(),
        {200, 400},
        **{"content-type": "application/x-www-form-urlencoded; charset=klingon"},
    ),
    "a form in parts": _signed(
        COMMAND.encode(), {200, 400}, **{"content-type": "multipart/form-data; boundary=x"}
    ),
    "a bomb that is packed": _signed(
        gzip.compress(b"text=" + b"a" * 50_000_000), {400, 401}, **{"content-encoding": "gzip"}
    ),
    "a number of thousands of digits": _signed(b"payload=" + b"9" * 10_000, {400}),
    "a type of thousands of digits": _signed(b'payload={"type":' + b"9" * 10_000 + b"}", {400}),
    "numbers that are none": _signed(
        b'payload={"type":NaN,"user":{"id":Infinity},"team":{"id":1e999}}', {400, 404}
    ),
    "thousands of presses in one": _signed(
        _payload(
            {
                **INTERACTION,
                "type": "block_actions",
                "actions": [{"action_id": "test", "value": "x"}] * 3000,
            }
        ),
        {200, 400},
    ),
    "thousands of values in one form": _signed(
        _payload(
            {
                **INTERACTION,
                "type": "view_submission",
                "view": {
                    "type": "modal",
                    "callback_id": "setup",
                    "state": {"values": {f"f{n}": {"value": {"value": "x"}} for n in range(3000)}},
                },
            }
        ),
        {200, 400},
    ),
    "unsigned news of a person": lambda _slack: (_event(NEWS), {"content-type": JSON}, {401}),
    "news of somebody of nowhere": _signed(_event(NEWS), {200}, **{"content-type": JSON}),
    "news without a person": _signed(
        _event({"type": "user_change"}), {200, 400}, **{"content-type": JSON}
    ),
    "news of a person that is a list": _signed(
        _event({"type": "user_change", "user": ["U1"]}), {200, 400}, **{"content-type": JSON}
    ),
    "news of a group that is a number": _signed(
        _event({"type": "subteam_members_changed", "subteam_id": 7}),
        {200, 400},
        **{"content-type": JSON},
    ),
    "news of a channel that is an object": _signed(
        _event({"type": "channel_archive", "channel": {"id": {}}}),
        {200, 400},
        **{"content-type": JSON},
    ),
    "an event that is a list": _signed(_event([]), {200, 400}, **{"content-type": JSON}),
    "news of a person that is a number": _signed(
        _event({"type": "user_change", "user": 7}), {400}, **{"content-type": JSON}
    ),
    "news of an item that is no object": _signed(
        _event({"type": "x", "item": {"channel": 7}}), {400}, **{"content-type": JSON}
    ),
    "an event of thousands of digits": _signed(
        b'{"type":"event_callback","event":' + b"9" * 10_000 + b"}",
        {400},
        **{"content-type": JSON},
    ),
    "an event that is no json": _signed(b'{"type":', {400}, **{"content-type": JSON}),
    "unknown event": _signed(
        json.dumps(
            {"type": "event_callback", "event_id": "E1", "team_id": "T1", "event": {"type": "x"}}
        ).encode(),
        {200},
        **{"content-type": "application/json"},
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
async def test_every_attack_is_refused_and_nothing_is_stored(
    name: str, bot: BotProcess, roles: None
) -> None:
    slack = OwnSlack(bot.ready["signing_secret"])
    body, headers, expected = ATTACKS[name](slack)
    before = stored(bot)
    raw = [(key.encode(), value.encode()) for key, value in headers.items()]
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        answer = await client.post(f"{bot.address}/slack/events", content=body, headers=raw)
        assert answer.status_code in expected, answer.text
        assert (await client.get(f"{bot.address}/readyz")).status_code == 200
    assert stored(bot).rows == before.rows
    assert told_since(bot, before) <= REFUSALS
    await slack._client.aclose()


async def test_other_methods_and_paths_are_refused(bot: BotProcess) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"{bot.address}/slack/events")).status_code == 405
        assert (await client.post(f"{bot.address}/else")).status_code == 404
        assert (await client.get(f"{bot.address}/healthz")).text == "ok"


async def test_an_unknown_view_is_answered_and_not_left_hanging(bot: BotProcess) -> None:
    slack = OwnSlack(bot.ready["signing_secret"])
    view = {"type": "modal", "callback_id": "x"}
    payload = {**INTERACTION, "type": "view_submission", "view": view}
    answer = await slack.interact(f"{bot.address}/slack/events", payload)
    assert answer.json()["response_action"] == "update"
    assert "people whom Slack does not know" in json.dumps(answer.json()["view"])
    await slack._client.aclose()


@pytest.mark.parametrize("text", ["1", "a" * 5000, "\u0000", "🦄 " * 100, "<!channel>", "=cmd()"])
async def test_any_command_text_gets_an_answer(bot: BotProcess, text: str) -> None:
    slack = OwnSlack(bot.ready["signing_secret"])
    form = {"command": "/d365", "text": text, "team_id": "T1", "user_id": "U1", "trigger_id": "t"}
    answer = await slack.send(f"{bot.address}/slack/events", form)
    assert answer.status_code == 200
    assert "/d365 help" in answer.json()["text"]
    assert "<!channel>" not in answer.text
    await slack._client.aclose()


def test_a_signature_is_of_this_body_and_this_time_only() -> None:
    slack = OwnSlack("secret")
    body = b"text=list"
    headers = slack.signed(body)
    stamp, signature = headers["x-slack-request-timestamp"], headers["x-slack-signature"]
    now = time.time()
    assert is_signed("secret", stamp, signature, body, now)
    assert not is_signed("secret", stamp, signature, body + b" ", now)
    assert not is_signed("other", stamp, signature, body, now)
    assert not is_signed("secret", str(int(stamp) + 1), signature, body, now)
    assert not is_signed("secret", stamp, signature, body, now + 301)
