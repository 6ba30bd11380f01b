"""The door for Slack: body limit, then signature, then Bolt."""

import time
from collections.abc import Awaitable, Callable

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from bot.bodies import TooLarge, read_body
from handlers.shape import is_slack_payload
from handlers.signature import is_signed

LARGEST_BODY = 1_000_000
"""Bytes. A view has at most 250 kB, and form encoding at most triples that."""

_CLOSE = {"connection": "close"}
"""What is left of such a body is not read."""


class Door:
    """`POST /slack/events`. Nothing is parsed before the signature holds."""

    def __init__(
        self,
        signing_secret: str,
        dispatch: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]],
    ) -> None:
        self._signing_secret = signing_secret
        self._dispatch = dispatch

    async def knock(self, request: Request) -> Response:
        """401 for what is not signed by Slack, 413 for too much, 408 for too slow, 400 for what
        Slack would not send."""
        try:
            body = await read_body(request, LARGEST_BODY)
        except TooLarge:
            return PlainTextResponse("too large", 413, _CLOSE)
        except TimeoutError:
            return PlainTextResponse("too slow", 408, _CLOSE)
        except ClientDisconnect:
            return PlainTextResponse("cut off", 400)
        text = self._admitted(request, body)
        if text is None:
            return PlainTextResponse("not signed by Slack", 401)
        if not is_slack_payload(text, request.headers.get("content-type", "")):
            return PlainTextResponse("not a payload of Slack", 400)
        answer = await self._dispatch(
            AsyncBoltRequest(
                body=text,
                query=request.url.query,
                headers={name: request.headers.getlist(name) for name in request.headers},
            )
        )
        return _as_starlette(answer)

    def _admitted(self, request: Request, body: bytes) -> str | None:
        signed = is_signed(
            self._signing_secret,
            request.headers.get("x-slack-request-timestamp"),
            request.headers.get("x-slack-signature"),
            body,
            time.time(),
        )
        if not signed:
            return None
        try:
            return body.decode()
        except UnicodeDecodeError:
            return None


def _as_starlette(answer: BoltResponse) -> Response:
    response = Response(answer.body, answer.status)
    for name, values in answer.headers.items():
        if name.lower() != "content-length":
            for value in values:
                response.headers.append(name, value)
    return response
