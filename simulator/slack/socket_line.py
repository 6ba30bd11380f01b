"""`/link/`: the WebSocket that `apps.connections.open` promised; `/_slack/socket` disturbs it.

Rules: docs.slack.dev/apis/events-api/using-socket-mode.
"""

import asyncio
from collections.abc import Mapping

from starlette.websockets import WebSocket

from simulator.slack.naming import Json
from simulator.slack.refusals import Mistake
from simulator.slack.sockets import (
    CONNECTIONS_MOST,
    LIFE_SECONDS,
    LIFE_SECONDS_DEBUGGING,
    Connection,
    farewell,
)
from simulator.slack.state import App

PATH = "/link/"
WARNING_SECONDS = 10
WAIT_SECONDS = 30.0
# what a test may do to a line -> the reason Slack gives, if it says anything
DEEDS = {"warn": "warning", "refresh": "refresh_requested", "cut": "", "stall": ""}


class SocketLine:
    def __init__(self, app: App, app_id: str) -> None:
        self._app = app
        self._app_id = app_id

    async def serve(self, websocket: WebSocket) -> None:
        sockets = self._app.sockets
        if not sockets.redeem(websocket.query_params.get("ticket", "")):
            await websocket.close()
            return
        await websocket.accept()
        refusal = self._refusal()
        if refusal:
            await websocket.send_json(farewell(refusal, "applink-0"))
            await websocket.close()
            return
        connection = await sockets.admit(websocket)
        debugging = websocket.query_params.get("debug_reconnects") == "true"
        life = LIFE_SECONDS_DEBUGGING if debugging else LIFE_SECONDS
        ageing = asyncio.create_task(self._age(connection, life))
        try:
            await connection.say(self._hello(connection, life))
            await self._listen(websocket)
        finally:
            ageing.cancel()
            await sockets.leave(connection)

    def _refusal(self) -> str:
        if not self._app.socket_mode:
            return "link_disabled"
        return "too_many_websockets" if len(self._app.sockets.open) >= CONNECTIONS_MOST else ""

    async def _age(self, connection: Connection, life: float) -> None:
        """A line is warned ten seconds before it is asked to go."""
        for moment, reason in ((life - WARNING_SECONDS, "warning"), (life, "refresh_requested")):
            await self._app.clock.reach(connection.opened + moment)
            await self._app.sockets.dismiss(connection, reason)

    def _hello(self, connection: Connection, life: float) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._app.sockets.open),
            "debug_info": {
                "host": connection.host,
                "build_number": 1,
                "approximate_connection_time": life,
            },
            "connection_info": {"app_id": self._app_id},
        }

    async def _listen(self, websocket: WebSocket) -> None:
        while True:
            message = await websocket.receive()
            if message["type"] == "websocket.disconnect":
                return
            if message.get("text") is not None:
                self._app.sockets.take(message["text"])

    async def disturb(self, asked: Mapping[str, object]) -> Json:
        """`do`: warn, refresh, cut or stall; to the `connection`, else to all of them. `wait` does
        nothing until one is open that gets envelopes."""
        deed, wanted = asked.get("do"), asked.get("connection")
        if deed == "wait":
            return {"connections": await self._app.sockets.someone(WAIT_SECONDS)}
        if not isinstance(deed, str) or deed not in DEEDS:
            raise Mistake(f"do is one of {', '.join(DEEDS)}")
        found = [each for each in self._app.sockets.open if wanted in (None, each.id)]
        if not found:
            raise Mistake("there is no such connection")
        for connection in found:
            await self._do(str(deed), connection)
        return {"connections": [connection.id for connection in found]}

    async def _do(self, deed: str, connection: Connection) -> None:
        if DEEDS[deed]:
            await self._app.sockets.dismiss(connection, DEEDS[deed])
        elif deed == "cut":
            _transport(connection).abort()
            await self._app.sockets.leave(connection)
        else:
            connection.stalled = True
            _transport(connection).pause_reading()


def _transport(connection: Connection) -> asyncio.Transport:
    transport: asyncio.Transport = connection.websocket.scope["state"]["transport"]
    return transport
