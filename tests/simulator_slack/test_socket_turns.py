"""Lines come and go and are asked to go: a payload is handed to one line that may have it."""

import asyncio
import json
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.websockets import WebSocket

from simulator.slack.sockets import NobodyConnected, Sockets

DEEDS = st.lists(st.sampled_from(["come", "go", "cut", "dismiss", "warn", "send"]), max_size=40)


class Line:
    """A WebSocket that acknowledges at once; a cut one no longer takes anything."""

    def __init__(self, sockets: Sockets) -> None:
        self._sockets = sockets
        self.got: list[dict[str, Any]] = []
        self.cut = self.closed = False

    async def send_text(self, text: str) -> None:
        if self.cut:
            raise RuntimeError("the line is cut")
        message = json.loads(text)
        if "envelope_id" in message:
            self.got.append(message)
            self._sockets.take(json.dumps({"envelope_id": message["envelope_id"]}))

    async def close(self) -> None:
        self.closed = True


async def play(deeds: list[str]) -> None:
    sockets = Sockets(lambda: 0.0)
    lines: list[tuple[Any, Line]] = []
    for number, deed in enumerate(deeds):
        if deed == "come":
            line = Line(sockets)
            lines.append((await sockets.admit(cast(WebSocket, line)), line))
        elif deed == "send":
            await send(sockets, number, lines)
        elif sockets.open:
            connection = sockets.open[number % len(sockets.open)]
            line = next(each for known, each in lines if known is connection)
            if deed == "go":
                await sockets.leave(connection)
            elif deed == "cut":
                line.cut = True
            else:
                reason = "warning" if deed == "warn" else "refresh_requested"
                await sockets.dismiss(connection, reason)
                assert line.closed == (line.closed or deed == "dismiss")


async def send(sockets: Sockets, number: int, lines: list[tuple[Any, Line]]) -> None:
    able = [
        line
        for connection, line in lines
        if connection in sockets.open and not connection.leaving and not line.cut
    ]
    before = {id(line): len(line.got) for _, line in lines}
    if not able:
        with pytest.raises(NobodyConnected):
            await sockets.deliver({"payload": number}, 1)
        return
    await sockets.deliver({"payload": number}, 1)
    took = [line for _, line in lines if len(line.got) > before[id(line)]]
    assert len(took) == 1
    assert took[0] in able
    assert took[0].got[-1]["payload"] == number


@given(DEEDS)
def test_each_payload_is_handed_to_one_line_that_may_have_it(deeds: list[str]) -> None:
    asyncio.run(play(deeds))
