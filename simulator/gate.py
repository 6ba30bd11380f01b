"""Stands before a site: writes the call log and lets the fault rules spoil answers."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.calls import CallLog, CallRow
from simulator.faults import Fault, Faults

HTML = "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>{}</h1></body></html>"
GARBAGE = b'{"value": [{"\xff\xfe\x00 not what you expected'


class Gate:
    """With `logs` off, only answers that a fault rule gave are logged: the site logs the others."""

    def __init__(
        self, app: ASGIApp, *, site: str, log: CallLog, faults: Faults, logs: bool = True
    ) -> None:
        self._app, self._site, self._log, self._faults = app, site, log, faults
        self._logs = logs
        self.stopping = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = await _whole(receive)
        method, path = scope["method"], scope["path"]
        fault = self._faults.take(self._site, method, path)
        row = None
        if self._logs or (fault is not None and fault.answers):
            row = self._log.arrived(self._site, method, path)
        if fault is not None and fault.delay:
            await self._delay(fault.delay)
        if fault is not None and fault.answers:
            await _spoil(fault, row, body, scope, receive, send)
            return
        await self._pass(row, body, scope, receive, send)

    async def _pass(
        self, row: CallRow | None, body: bytes, scope: Scope, receive: Receive, send: Send
    ) -> None:
        async def counted(message: Message) -> None:
            if row is not None and message["type"] == "http.response.start":
                row.finish(message["status"], body)
            await send(message)

        scope["call"] = row
        await self._app(scope, _again(body, receive), counted)

    async def _delay(self, seconds: float) -> None:
        """Waits, but not longer than the simulator runs and the rules stand."""
        ends = [asyncio.ensure_future(e.wait()) for e in (self.stopping, self._faults.cleared)]
        try:
            await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()


async def _whole(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


async def _spoil(
    fault: Fault, row: CallRow | None, body: bytes, scope: Scope, receive: Receive, send: Send
) -> None:
    answer = _answer(fault)
    if row is not None:
        row.finish(0 if fault.cut else answer.status_code, body)
    if not fault.cut:
        await answer(scope, _never, send)
        return
    if fault.cut == "body":
        await send({"type": "http.response.start", "status": 200, "headers": _PROMISE})
        await send({"type": "http.response.body", "body": b'{"value": [', "more_body": True})
    _transport(scope).abort()
    await receive()  # until the line is known to be cut


_PROMISE = [(b"content-type", b"application/json"), (b"content-length", b"4096")]


def _answer(fault: Fault) -> Response:
    status = fault.status or 200
    if fault.html:
        text = fault.html if isinstance(fault.html, str) else HTML.format("Service Unavailable")
        return Response(text, fault.status or 503, fault.headers, "text/html")
    if fault.garbage:
        return Response(GARBAGE, status, fault.headers, "application/json")
    if fault.size is not None:
        return Response(b" " * fault.size, status, fault.headers, "application/json")
    if fault.json is not None:
        return JSONResponse(fault.json, status, fault.headers)
    return Response(fault.body or "", status, fault.headers, "text/plain")


async def _never() -> Message:
    raise RuntimeError("an answer made of a rule reads nothing")


def _transport(scope: MutableMapping[str, Any]) -> asyncio.Transport:
    transport: asyncio.Transport = scope["state"]["transport"]
    return transport
