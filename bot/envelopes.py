"""What comes over Socket Mode: an envelope, and what it is answered with.

Shapes: docs.slack.dev/apis/events-api/using-socket-mode. An answer goes back once for each
envelope; one that comes again, because its answer was lost, gets the same one and does nothing.
"""

import asyncio
import json
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from handlers.shape import is_slack_envelope

log = logging.getLogger(__name__)

REMEMBERED = 1000
MOST_ID = 200


@dataclass(frozen=True, slots=True)
class Envelope:
    """`retries` counts Slack's earlier deliveries of an event."""

    id: str
    kind: str
    payload: dict[str, Any]
    wants_payload: bool
    retries: int = 0
    because: str = ""


def read_envelope(frame: Mapping[str, Any]) -> Envelope | None:
    """None for anything that Slack would not send."""
    found, kind, payload = (frame.get(name) for name in ("envelope_id", "type", "payload"))
    if not isinstance(found, str) or not 0 < len(found) <= MOST_ID:
        return None
    if not isinstance(kind, str) or not isinstance(payload, dict):
        return None
    if not is_slack_envelope(kind, payload):
        return None
    retries, because = frame.get("retry_attempt"), frame.get("retry_reason")
    return Envelope(
        id=found,
        kind=kind,
        payload=payload,
        wants_payload=frame.get("accepts_response_payload") is True,
        retries=retries if isinstance(retries, int) else 0,
        because=because if isinstance(because, str) else "",
    )


class Envelopes:
    """Hands envelopes to Bolt, each once."""

    def __init__(self, dispatch: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]) -> None:
        self._dispatch = dispatch
        self._answers: OrderedDict[str, asyncio.Future[str | None]] = OrderedDict()

    async def answer(self, envelope: Envelope) -> str | None:
        """The frame to send back; None where nothing may be sent, so that Slack tries again."""
        known = self._answers.get(envelope.id)
        if known is not None:
            return await asyncio.shield(known)
        answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._answers[envelope.id] = answer
        while len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)
        said: str | None = None
        try:
            said = await self._ask_bolt(envelope)
        finally:
            answer.set_result(said)
            if said is None:  # it may come again, and is then tried again
                self._answers.pop(envelope.id, None)
        return said

    async def _ask_bolt(self, envelope: Envelope) -> str | None:
        headers: dict[str, str | Sequence[str]] = {"content-type": ["application/json"]}
        if envelope.retries:
            headers |= {
                "x-slack-retry-num": [str(envelope.retries)],
                "x-slack-retry-reason": [envelope.because],
            }
        request = AsyncBoltRequest(mode="socket_mode", body=envelope.payload, headers=headers)
        answer = await self._dispatch(request)
        if answer.status != 200:
            log.error("an envelope was not answered", extra={"status": answer.status})
            return None
        said: dict[str, Any] = {"envelope_id": envelope.id}
        if answer.body and envelope.wants_payload:
            said["payload"] = _payload(answer)
        return json.dumps(said)


def _payload(answer: BoltResponse) -> object:
    kinds = answer.headers.get("content-type") or [""]
    if kinds[0].startswith("application/json"):
        return json.loads(answer.body)
    return {"text": answer.body}
