"""An arbitrary request to the bot's address, signed well, badly or not at all."""

import base64
import json
import time
from collections.abc import Mapping
from urllib.parse import urlencode

from simulator.slack.delivery import FORM, JSON, Delivery, signature
from simulator.slack.naming import Json
from simulator.slack.refusals import Mistake
from simulator.slack.state import App


class Hostile:
    """`body`, `form`, `json` or `body_base64`; `headers` override or, with null, remove."""

    def __init__(self, app: App, delivery: Delivery) -> None:
        self._app = app
        self._delivery = delivery

    async def raw(self, asked: Mapping[str, object]) -> Json:
        body, content_type = _body(asked)
        offset = asked.get("timestamp_offset", 0)
        if not isinstance(offset, int | float):
            raise Mistake("timestamp_offset must be a number of seconds")
        timestamp = str(asked.get("timestamp", int(time.time() + offset)))
        secret = str(asked.get("secret", self._app.first.workspace.identity.signing_secret))
        headers: dict[str, object] = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(secret, timestamp, body),
        }
        for name, value in _object(asked, "headers").items():
            headers = {known: v for known, v in headers.items() if known.lower() != name.lower()}
            if value is not None:
                headers[name] = value
        ack = await self._delivery.post(body, {k: str(v).encode() for k, v in headers.items()})
        return {
            "status": ack.status,
            "ack_ms": ack.ms,
            "error": ack.error,
            "body": ack.body,
            "headers": dict(ack.headers),
        }


def _body(asked: Mapping[str, object]) -> tuple[bytes, str]:
    if "json" in asked:
        return json.dumps(asked["json"]).encode(), JSON
    if "form" in asked:
        return urlencode(_object(asked, "form")).encode(), FORM
    if "body_base64" in asked:
        try:
            return base64.b64decode(str(asked["body_base64"])), FORM
        except ValueError as error:
            raise Mistake(f"body_base64 cannot be read: {error}") from error
    return str(asked.get("body", "")).encode(), FORM


def _object(asked: Mapping[str, object], name: str) -> dict[str, object]:
    value = asked.get(name) or {}
    if not isinstance(value, dict):
        raise Mistake(f"{name} must be an object")
    return value
