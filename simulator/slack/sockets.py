"""Socket Mode: the app's open WebSockets, and envelopes that go to one of them each.

Rules: docs.slack.dev/apis/events-api/using-socket-mode; that the eleventh connection hears
`too_many_websockets` in place of `hello`: logs in slackapi/bolt-js#2238.
"""

import asyncio
import contextlib
import json
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.websockets import WebSocket, WebSocketDisconnect

from simulator.json_bodies import read_json
from simulator.slack.naming import Json

CONNECTIONS_MOST = 10
TICKETS_MOST = 1000
LIFE_SECONDS = 18_060
LIFE_SECONDS_DEBUGGING = 360


class NobodyConnected(Exception):
    """No WebSocket of the app is open."""


@dataclass(eq=False)
class Connection:
    """`leaving`: told to go, so it gets nothing new. `stalled`: open, but deaf and dumb."""

    id: str
    websocket: WebSocket
    opened: float
    delivered: int = 0
    acked: int = 0
    leaving: bool = False
    stalled: bool = False
    waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return f"applink-{self.id}"

    async def say(self, message: Json) -> bool:
        """Whether it went out; a stalled line swallows what it is given."""
        if self.stalled:
            return True
        try:
            await self.websocket.send_text(json.dumps(message))
        except (WebSocketDisconnect, RuntimeError):
            return False
        return True

    def shown(self) -> Json:
        numbers: Json = {"delivered": self.delivered, "acked": self.acked}
        return {"id": self.id, "opened": self.opened, **numbers, "stalled": self.stalled}


class Sockets:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._tickets: dict[str, bool] = {}
        self._envelopes: dict[str, Connection] = {}
        self._numbers = 0
        self._turn = 0
        self._going: set[asyncio.Task[None]] = set()
        self.open: list[Connection] = []
        self.changed = asyncio.Condition()

    def ticket(self) -> str:
        """Good for one connection. The oldest of a thousand unused ones is forgotten."""
        ticket = secrets.token_urlsafe(16)
        self._tickets[ticket] = True
        if len(self._tickets) > TICKETS_MOST:
            del self._tickets[next(iter(self._tickets))]
        return ticket

    def redeem(self, ticket: str) -> bool:
        return self._tickets.pop(ticket, False)

    async def admit(self, websocket: WebSocket) -> Connection:
        self._numbers += 1
        connection = Connection(str(self._numbers), websocket, self._clock())
        self.open.append(connection)
        await self._tell()
        return connection

    async def someone(self, seconds: float) -> list[str]:
        """Ids of the connections that get envelopes, as soon as there is one, or in vain."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds), self.changed:
                await self.changed.wait_for(lambda: any(not each.leaving for each in self.open))
        return [each.id for each in self.open if not each.leaving]

    async def leave(self, connection: Connection) -> None:
        if connection in self.open:
            self.open.remove(connection)
        await self._tell()

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def deliver(self, message: Json, seconds: float) -> Json:
        """The acknowledgement of one of the connections.

        Raises NobodyConnected, or TimeoutError when it was not acknowledged in time.
        """
        envelope_id = str(uuid.uuid4())
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        connection = await self._hand_out(envelope_id, message, answer)
        try:
            async with asyncio.timeout(seconds):
                return await answer
        finally:
            connection.waiting.pop(envelope_id, None)
            self._envelopes.pop(envelope_id, None)
            await self._let_go(connection)

    async def _hand_out(
        self, envelope_id: str, message: Json, answer: asyncio.Future[Json]
    ) -> Connection:
        for connection in self._in_turn():
            self._envelopes[envelope_id] = connection
            connection.waiting[envelope_id] = answer
            if await connection.say({"envelope_id": envelope_id, **message}):
                connection.delivered += 1
                return connection
            connection.waiting.pop(envelope_id)
            del self._envelopes[envelope_id]
        raise NobodyConnected

    def _in_turn(self) -> list[Connection]:
        """Each connection once; another one begins each time."""
        ready = [each for each in self.open if not each.leaving]
        self._turn += 1
        start = self._turn % len(ready) if ready else 0
        return ready[start:] + ready[:start]

    def take(self, text: str) -> None:
        """What a connection says: an acknowledgement counts on whichever of them it comes."""
        try:
            said = read_json(text)
        except ValueError:
            return
        envelope_id = said.get("envelope_id") if isinstance(said, dict) else None
        connection = self._envelopes.get(envelope_id) if isinstance(envelope_id, str) else None
        answer = connection.waiting.get(envelope_id) if connection and envelope_id else None
        if connection is not None and answer is not None and not answer.done():
            connection.acked += 1
            answer.set_result(said)

    async def dismiss(self, connection: Connection, reason: str) -> None:
        """Ask to reconnect. But for a warning, the line closes once nothing is awaited on it."""
        await connection.say(farewell(reason, connection.host))
        if reason != "warning":
            connection.leaving = True
            await self._let_go(connection)

    def disable(self) -> None:
        """Socket Mode was turned off: everybody is told to go, and soon has gone."""
        for connection in self.open:
            task = asyncio.create_task(self.dismiss(connection, "link_disabled"))
            self._going.add(task)
            task.add_done_callback(self._going.discard)

    async def _let_go(self, connection: Connection) -> None:
        if connection.leaving and not connection.waiting:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await connection.websocket.close()


def farewell(reason: str, host: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": host}}
