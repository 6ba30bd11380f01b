"""What a Socket Mode envelope holds: the payload that a request would carry, as an object.

Rules: docs.slack.dev/apis/events-api/using-socket-mode. An answer is accepted where a request may
be answered with a body: a command, a submitted view, the options of a select.
"""

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl

from simulator.slack.naming import Json

ANSWERED = ("view_submission", "view_closed", "block_suggestion")
RETRY_NUMBER, RETRY_REASON = "X-Slack-Retry-Num", "X-Slack-Retry-Reason"


def enveloped(body: bytes, content_type: str, marks: Mapping[str, str]) -> Json:
    """Everything but the envelope's id."""
    if content_type == "application/json":
        payload = json.loads(body)
        retried: Json = {
            "retry_attempt": int(marks.get(RETRY_NUMBER, 0)),
            "retry_reason": marks.get(RETRY_REASON, "").removeprefix("http_"),
        }
        return _envelope("events_api", payload, accepts=False) | retried
    form: Json = dict(parse_qsl(body.decode(), keep_blank_values=True))
    if "payload" not in form:
        return _envelope("slash_commands", form, accepts=True)
    payload = json.loads(str(form["payload"]))
    return _envelope("interactive", payload, accepts=payload["type"] in ANSWERED)


def _envelope(kind: str, payload: Json, *, accepts: bool) -> Json:
    return {"type": kind, "payload": payload, "accepts_response_payload": accepts}
