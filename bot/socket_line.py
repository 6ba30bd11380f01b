"""One connection of Socket Mode, from its first frame to its last.

Frames: docs.slack.dev/apis/events-api/using-socket-mode. Slack says `hello`, then envelopes; with
`disconnect` it asks for another connection, and closes this one soon after.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp

from bot.envelopes import Envelope, Envelopes, read_envelope
from handlers.supervisor import Supervisor

log = logging.getLogger(__name__)

PING_SECONDS = 10.0
SILENT_SECONDS = 30.0
"""Without a frame for so long, a pong among them, nobody is at the other end."""

HELLO_SECONDS = 10.0
LARGEST_FRAME = 2_000_000


class Line:
    """Reads until the end; `leaving` is set when Slack asks for another connection, or at the
    end. Each answer goes back over the connection that its envelope came by."""

    def __init__(
        self,
        websocket: aiohttp.ClientWebSocketResponse,
        envelopes: Envelopes,
        supervisor: Supervisor,
        monotonic: Callable[[], float],
    ) -> None:
        self._websocket = websocket
        self._envelopes = envelopes
        self._supervisor = supervisor
        self._monotonic = monotonic
        self.taken = 0
        """Envelopes that came."""
        self.heard_at = monotonic()
        self.taking = True
        """Not while the bot stops: what comes then is neither done nor acknowledged."""
        self.live = asyncio.Event()
        self.leaving = asyncio.Event()
        self.farewell = ""

    @property
    def is_live(self) -> bool:
        """Slack said hello, has not asked to go, and was heard lately."""
        return self.live.is_set() and not self.leaving.is_set() and self.age < SILENT_SECONDS

    @property
    def age(self) -> float:
        """Seconds since the last frame."""
        return self._monotonic() - self.heard_at

    async def read(self) -> None:
        """Until the connection ends. Never fails."""
        try:
            while True:
                frame = await self._websocket.receive()
                if frame.type in _ENDS:
                    return
                self.heard_at = self._monotonic()
                await self._take(frame)
        except (aiohttp.ClientError, OSError) as error:
            log.info("a socket broke", extra={"error": type(error).__name__})
        finally:
            self.leaving.set()

    async def ping(self) -> bool:
        """False where nobody answers any more."""
        if self.age >= SILENT_SECONDS:
            return False
        try:
            await self._websocket.ping()
        except (aiohttp.ClientError, OSError):
            return False
        return True

    async def close(self) -> None:
        """Politely, within a second; see `open_socket`."""
        self.leaving.set()
        await self._websocket.close()

    async def _take(self, frame: aiohttp.WSMessage) -> None:
        if frame.type is aiohttp.WSMsgType.PING:
            await self._websocket.pong(frame.data)
        elif frame.type is aiohttp.WSMsgType.TEXT:
            self._read_text(str(frame.data))

    def _read_text(self, text: str) -> None:
        said = _object(text)
        kind = said.get("type")
        if kind == "hello":
            self.live.set()
        elif kind == "disconnect":
            self.farewell = str(said.get("reason") or "")[:60]
            log.info("Slack asks for another socket", extra={"reason": self.farewell})
            self.leaving.set()
        elif (envelope := read_envelope(said)) is not None:
            if not self.taking:
                log.warning("an envelope came while the bot stops; it is not done")
                return
            self.taken += 1
            self._supervisor.spawn(self._answer(envelope))
        else:
            log.warning("a frame of a socket is none of Slack's", extra={"size": len(text)})

    async def _answer(self, envelope: Envelope) -> None:
        said = await self._envelopes.answer(envelope)
        if said is None:
            return
        try:
            await self._websocket.send_str(said)
        except (aiohttp.ClientError, OSError) as error:
            log.warning("an answer was lost", extra={"error": type(error).__name__})


_ENDS = (
    aiohttp.WSMsgType.CLOSE,
    aiohttp.WSMsgType.CLOSING,
    aiohttp.WSMsgType.CLOSED,
    aiohttp.WSMsgType.ERROR,
)


def _object(text: str) -> Mapping[str, Any]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
