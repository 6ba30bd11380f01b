"""Requests to the bot, signed or over a socket, with Slack's seconds and words for failures.

Rules: docs.slack.dev/authentication/verifying-requests-from-slack; the Events API's retries;
docs.slack.dev/apis/events-api/using-socket-mode (envelopes).
"""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field

import httpx

from simulator.slack.envelopes import RETRY_NUMBER, RETRY_REASON, enveloped
from simulator.slack.payloads import event_body
from simulator.slack.sockets import NobodyConnected
from simulator.slack.state import App

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass(frozen=True)
class Ack:
    """What the bot answered; `error` is the word a person would see, None for a 2xx in time."""

    status: int | None
    body: str
    ms: float
    error: str | None
    headers: Mapping[str, str] = field(default_factory=dict)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    text = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


class Delivery:
    def __init__(self, app: App) -> None:
        self._app = app
        # The bot is on loopback, without a certificate; the time limit stands around each request.
        self._client = httpx.AsyncClient(trust_env=False, timeout=None, verify=False)  # noqa: S113, S501
        self._tasks: set[asyncio.Task[None]] = set()

    def headers_for(self, body: bytes, content_type: str) -> dict[str, str]:
        timestamp = str(int(time.time()))
        secret = self._app.first.workspace.identity.signing_secret
        return {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (simulated)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(secret, timestamp, body),
        }

    async def send(
        self, body: bytes, content_type: str, extra: Mapping[str, str] | None = None
    ) -> Ack:
        if self._app.socket_mode:
            return await self._over_socket(body, content_type, extra or {})
        headers = self.headers_for(body, content_type) | dict(extra or {})
        return await self.post(body, headers)

    async def _over_socket(self, body: bytes, content_type: str, marks: Mapping[str, str]) -> Ack:
        """An acknowledgement with a payload is read as the JSON answer of a request would be."""
        app, started = self._app, time.perf_counter()
        app.counters["delivered"] += 1
        envelope = enveloped(body, content_type, marks)
        try:
            said = await app.sockets.deliver(envelope, app.ack_seconds)
        except TimeoutError:
            return self._failed(started, "operation_timeout")
        except NobodyConnected:
            return self._failed(started, "dispatch_failed")
        payload = said.get("payload") if envelope["accepts_response_payload"] else None
        answer = json.dumps(payload) if payload else ""
        return Ack(200, answer, _since(started), None, {"content-type": JSON})

    async def post(self, body: bytes, headers: Mapping[str, str | bytes]) -> Ack:
        self._app.counters["delivered"] += 1
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self._app.ack_seconds):
                answer = await self._client.post(
                    self._app.events_url, content=body, headers=_raw(headers)
                )
        except TimeoutError:
            return self._failed(started, "operation_timeout")
        except (httpx.HTTPError, httpx.InvalidURL):
            return self._failed(started, "dispatch_failed")
        error = None if answer.is_success else "dispatch_failed"
        if error:
            self._app.counters[f"failed:{error}"] += 1
        return Ack(answer.status_code, answer.text, _since(started), error, dict(answer.headers))

    def again_later(self, body: bytes, ack: Ack) -> None:
        """Redeliver an event that was not acknowledged: at once, after a minute, after five."""
        if ack.error and not _declined(ack):
            self._later(self._retry(body, ack))

    def send_announced(self) -> None:
        """What changed while a request was answered is told to the app, in the background."""
        for state, event, whole in self._app.announced:
            self._later(self._tell(event_body(state, event, whole=whole)))
        self._app.announced.clear()

    async def _tell(self, body: bytes) -> None:
        self.again_later(body, await self.send(body, JSON))

    def _later(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _retry(self, body: bytes, ack: Ack) -> None:
        moment = self._app.clock()
        for number, delay in enumerate(self._app.retry_delays, start=1):
            moment += delay
            await self._app.clock.reach(moment)
            marks = {RETRY_NUMBER: str(number), RETRY_REASON: _reason(ack)}
            ack = await self.send(body, JSON, marks)
            if not ack.error or _declined(ack):
                return

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()

    def _failed(self, started: float, word: str) -> Ack:
        self._app.counters[f"failed:{word}"] += 1
        return Ack(None, "", _since(started), word)


def _raw(headers: Mapping[str, str | bytes]) -> list[tuple[bytes, bytes]]:
    return [
        (name.encode(), value if isinstance(value, bytes) else value.encode())
        for name, value in headers.items()
    ]


def _declined(ack: Ack) -> bool:
    return ack.status is not None and ack.headers.get("x-slack-no-retry") == "1"


def _reason(ack: Ack) -> str:
    """Words of docs.slack.dev/apis/events-api (retries)."""
    if ack.error == "operation_timeout":
        return "http_timeout"
    return "connection_failed" if ack.status is None else "http_error"


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
