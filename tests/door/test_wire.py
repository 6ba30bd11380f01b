"""Below HTTP: broken, smuggled, slow and cut requests, sent byte by byte."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable

import pytest

from tests.door.own_slack import OwnSlack
from tests.door.proof import stored
from tests.setups import new_name, save_setup
from tests.stage import Actor, BotProcess

BODY = b"command=%2Fd365&text=list&user_id=U1&team_id=T1&channel_id=C1&trigger_id=wire"
Request = Callable[[OwnSlack], bytes]


def _post(body: bytes, *headers: str, line: str = "POST /slack/events HTTP/1.1") -> bytes:
    return "\r\n".join([line, "host: bot", *headers, "", ""]).encode("latin-1") + body


def _genuine(slack: OwnSlack, body: bytes = BODY) -> list[str]:
    return [f"{name}: {value}" for name, value in slack.signed(body).items()]


def _length(body: bytes) -> str:
    return f"content-length: {len(body)}"


# name -> the bytes, and the statuses that may come back (None: the line is closed without one)
WIRE: dict[str, tuple[Request, set[int | None]]] = {
    "nothing but noise": (lambda _: b"\x00\x01\x02\xff" * 64 + b"\r\n\r\n", {400, None}),
    "a TLS hello": (
        lambda _: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 64,
        {400, None},
    ),
    "HTTP/2 at once": (lambda _: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 404, 405, None}),
    "HTTP/0.9": (lambda _: b"GET /slack/events\r\n\r\n", {400, 405, None}),
    "a null byte in the path": (
        lambda _: _post(b"", line="POST /slack\0/events HTTP/1.1"),
        {400, 404, None},
    ),
    "an endless path": (
        lambda _: _post(b"", line=f"GET /{'a' * 70_000} HTTP/1.1"),
        {400, 404, 414, 431, None},
    ),
    "an endless header": (lambda _: _post(b"", f"x: {'a' * 200_000}"), {400, 401, 431, None}),
    "thousands of headers": (
        lambda _: _post(b"", *[f"x-{n}: 1" for n in range(5000)]),
        {400, 401, 431, None},
    ),
    "a header without a name": (lambda _: _post(b"", ": value"), {400, None}),
    "a folded header": (lambda _: _post(b"", "x: a", " folded"), {400, 401, None}),
    "two lengths": (
        lambda slack: _post(BODY, *_genuine(slack), _length(BODY), "content-length: 5"),
        {400, None},
    ),
    "a negative length": (
        lambda slack: _post(BODY, *_genuine(slack), "content-length: -1"),
        {400, None},
    ),
    "a length in words": (
        lambda slack: _post(BODY, *_genuine(slack), "content-length: all"),
        {400, None},
    ),
    "a length and chunks": (
        lambda slack: _post(
            b"0\r\n\r\n", *_genuine(slack), _length(BODY), "transfer-encoding: chunked"
        ),
        {400, 401, None},
    ),
    "chunks that are none": (
        lambda slack: _post(
            b"zz\r\nabc\r\n0\r\n\r\n", *_genuine(slack), "transfer-encoding: chunked"
        ),
        {400, None},
    ),
    "a chunk without end": (
        lambda slack: _post(
            b"fffffffffffffffff\r\n", *_genuine(slack), "transfer-encoding: chunked"
        ),
        {400, 408, 413, None},
    ),
    "another encoding of the transfer": (
        lambda slack: _post(BODY, *_genuine(slack), "transfer-encoding: gzip"),
        {400, 401, 501, None},
    ),
    "a body that claims to be packed": (
        lambda slack: _post(
            b"\x1f\x8b\x08" + b"\0" * 50,
            *_genuine(slack),
            "content-length: 53",
            "content-encoding: gzip",
        ),
        {401},
    ),
    "two signatures": (
        lambda slack: _post(
            BODY, *_genuine(slack), "x-slack-signature: v0=" + "0" * 64, _length(BODY)
        ),
        {200, 401},
    ),
    "two bodies in one line": (
        lambda slack: _post(
            BODY + b"&user_id=U0ADA", *_genuine(slack), _length(BODY + b"&user_id=U0ADA")
        ),
        {401},
    ),
    "a request behind a request": (
        lambda slack: _post(BODY, *_genuine(slack), _length(BODY)) + _post(BODY, _length(BODY)),
        {200, 401},
    ),
    "an absolute address": (
        lambda slack: _post(
            BODY,
            *_genuine(slack),
            _length(BODY),
            line="POST http://evil.example/slack/events HTTP/1.1",
        ),
        {200, 400, 404},
    ),
    "a tunnel": (
        lambda _: _post(b"", line="CONNECT evil.example:443 HTTP/1.1"),
        {400, 404, 405, None},
    ),
    "an upgrade": (
        lambda _: _post(
            b"",
            "connection: upgrade",
            "upgrade: websocket",
            "sec-websocket-key: x",
            "sec-websocket-version: 13",
            line="GET /slack/events HTTP/1.1",
        ),
        {400, 403, 405, 426, None},
    ),
    "expects to be asked": (
        lambda slack: _post(BODY, *_genuine(slack), _length(BODY), "expect: 100-continue"),
        {200, 100, 401},
    ),
}


@contextlib.asynccontextmanager
async def _line(
    bot: BotProcess,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", bot.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def _status(reader: asyncio.StreamReader, seconds: float) -> int | None:
    """Of the first answer; None where the line was closed, or nothing came."""
    try:
        async with asyncio.timeout(seconds):
            first = await reader.readline()
    except (TimeoutError, OSError):
        return None
    words = first.split()
    return int(words[1]) if len(words) > 1 and words[0].startswith(b"HTTP/") else None


@pytest.mark.parametrize("name", WIRE)
async def test_what_is_no_request_gets_no_act(name: str, bot: BotProcess, roles: None) -> None:
    slack = OwnSlack(bot.ready["signing_secret"])
    request, expected = WIRE[name]
    before = stored(bot)
    async with _line(bot) as (reader, writer):
        with contextlib.suppress(OSError):
            writer.write(request(slack))
            await writer.drain()
        status = await _status(reader, 2.0)
    assert status in expected
    assert (await bot.readiness()).status_code == 200
    assert stored(bot).rows == before.rows
    await slack._client.aclose()


@pytest.mark.parametrize("share", [0, 1, 40, len(BODY) - 1])
async def test_a_request_that_is_cut_off_is_no_request(
    share: int, bot: BotProcess, roles: None
) -> None:
    slack = OwnSlack(bot.ready["signing_secret"])
    before = stored(bot)
    async with _line(bot) as (_, writer):
        writer.write(_post(BODY[:share], *_genuine(slack), _length(BODY)))
        await writer.drain()
    assert (await bot.readiness()).status_code == 200
    assert stored(bot).rows == before.rows
    await slack._client.aclose()


async def test_hundreds_who_say_nothing_to_the_end_keep_nobody_waiting(
    olga: Actor, bot: BotProcess
) -> None:
    """Half a header, half a body: while they hang, a command is answered as ever."""
    name = new_name()
    await save_setup(olga, name)
    halves = [b"POST /slack/events HTTP/1.1\r\nhost: b", _post(b"comm", "content-length: 900000")]
    async with contextlib.AsyncExitStack() as stack:
        for number in range(300):
            _, writer = await stack.enter_async_context(_line(bot))
            writer.write(halves[number % 2])
        began = time.monotonic()
        answer = await olga.types(f"/d365 status {name}")
        assert answer["error"] is None, json.dumps(answer)
        assert time.monotonic() - began < 3
        await olga.sees(f"{name}: ")


async def test_a_body_that_comes_too_slowly_is_not_waited_for(bot: BotProcess, roles: None) -> None:
    async with _line(bot) as (reader, writer):
        writer.write(_post(b"c", "content-length: 1000"))
        await writer.drain()
        assert await _status(reader, 20.0) == 408
