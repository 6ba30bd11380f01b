"""Whether a signed body has the shape of a payload that Slack sends.

Bolt reads payloads before any listener sees them and answers 500 to what it does not expect.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

Payload = Mapping[str, Any]


def is_slack_payload(body: str, content_type: str) -> bool:
    """For JSON bodies (events), form bodies with a payload (interactions), and commands."""
    if content_type.startswith("application/json"):
        event = _object(body)
        return event is not None and _is_event(event)
    form = parse_qs(body, keep_blank_values=True)
    if "payload" not in form:
        return "command" in form or "ssl_check" in form
    payload = _object(form["payload"][0])
    return payload is not None and _is_interaction(payload)


def is_slack_envelope(kind: str, payload: Payload) -> bool:
    """The same for what comes over Socket Mode, where a payload is an object already."""
    if kind == "events_api":
        return _is_event(payload)
    if kind == "slash_commands":
        return "command" in payload and all(isinstance(one, str) for one in payload.values())
    return kind == "interactive" and _is_interaction(payload)


def _is_event(payload: Payload) -> bool:
    """By the Events API page: a callback holds one event, an object with a type."""
    if not isinstance(payload.get("type"), str):
        return False
    if payload["type"] != "event_callback":
        return True
    event, installed = payload.get("event"), payload.get("authorizations")
    return (
        isinstance(event, dict)
        and isinstance(event.get("type"), str)
        and (installed is None or isinstance(installed, list))
        and all(_names_somebody(one) for one in (payload, event, *(installed or ())))
        and all(_names_somebody(event[name]) for name in _INNER if event.get(name) is not None)
    )


def _names_somebody(part: object) -> bool:
    """Whom and where it tells of: each an id, an object, or not said."""
    return isinstance(part, dict) and all(
        part.get(name) is None or isinstance(part[name], str | dict) for name in _NAMES
    )


_NAMES = ("team", "enterprise", "user", "channel")
_INNER = ("item", "message", "previous_message", "assistant_thread")


def _is_interaction(payload: Payload) -> bool:
    if not all(_is_object_or_none(payload.get(name)) for name in ("team", "enterprise", "user")):
        return False
    shaped = _SHAPES.get(str(payload.get("type")))
    return shaped is None or shaped(payload)


def _has_action(payload: Payload) -> bool:
    pressed = payload.get("actions")
    return (
        isinstance(pressed, list)
        and bool(pressed)
        and all(isinstance(one, dict) and isinstance(one.get("action_id"), str) for one in pressed)
        and _is_object_or_none(payload.get("container"))
        and _is_object_or_none(payload.get("channel"))
    )


def _has_view(payload: Payload) -> bool:
    view = payload.get("view")
    if not isinstance(view, dict) or not isinstance(view.get("type"), str):
        return False
    blocks, state = view.get("blocks", []), view.get("state") or {}
    values = state.get("values", {}) if isinstance(state, dict) else None
    return (
        isinstance(view.get("callback_id"), str)
        and isinstance(blocks, list)
        and all(isinstance(block, dict) for block in blocks)
        and isinstance(values, dict)
        and all(
            isinstance(by_action, dict) and all(isinstance(one, dict) for one in by_action.values())
            for by_action in values.values()
        )
    )


_SHAPES: dict[str, Callable[[Payload], bool]] = {
    "block_actions": _has_action,
    "view_submission": _has_view,
    "view_closed": _has_view,
}


def _object(text: str) -> Payload | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _is_object_or_none(value: object) -> bool:
    return value is None or isinstance(value, dict)
