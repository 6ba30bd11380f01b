"""Slack's payloads as the few values that we use of them."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connection.asks import Ask, Place
from connection.people import Person
from connection.ports import Clock


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a payload, in which workspace, from where."""

    workspace: str
    person: Person
    place: Place
    trigger_id: str


def sender_of(body: Mapping[str, Any]) -> Sender:
    """Of a slash command (flat), or of an interaction (nested).

    A person is (enterprise, or team where there is none; user id), also on Enterprise Grid. The
    team may be null where the app is installed for an organisation; then the form has it.
    """
    team = _id(body.get("team")) or _text(body.get("team_id"))
    enterprise = _id(body.get("enterprise")) or _text(body.get("enterprise_id"))
    user = body.get("user")
    user_id = _id(user) or _text(body.get("user_id"))
    home = _text(user.get("team_id")) if isinstance(user, Mapping) else ""
    view = body.get("view")
    opened = _text(view.get("team_id")) if isinstance(view, Mapping) else ""
    channel = _id(body.get("channel")) or _text(body.get("channel_id"))
    return Sender(
        workspace=team or opened or home or enterprise,
        person=Person(enterprise or home or team or opened, user_id),
        place=Place(channel or _container_channel(body), _text(body.get("response_url"))),
        trigger_id=_text(body.get("trigger_id")),
    )


def ask_from(
    sender: Sender,
    clock: Clock,
    act: str,
    *,
    connection: str = "",
    rest: str = "",
    subject: str = "",
) -> Ask:
    """A trigger id is issued once a delivery, so a delivery that comes twice is known by it."""
    return Ask(
        id=str(uuid.uuid4()),
        workspace=sender.workspace,
        person=sender.person,
        act=act,
        place=sender.place,
        received_at=clock.now(),
        dedupe_key=sender.trigger_id or str(uuid.uuid4()),
        connection=connection,
        rest=rest,
        subject=subject,
    )


def typed_text(body: Mapping[str, Any]) -> str:
    """What follows the slash command."""
    return _text(body.get("text"))


def typed_values(view: Mapping[str, Any]) -> dict[str, str]:
    """Block id → what was typed or chosen, as text, of a submitted view."""
    state = view.get("state")
    blocks = state.get("values") if isinstance(state, Mapping) else None
    typed: dict[str, str] = {}
    for block_id, by_action in (blocks or {}).items():
        for element in by_action.values():
            chosen = element.get("selected_option")
            value = chosen.get("value") if isinstance(chosen, Mapping) else element.get("value")
            typed[block_id] = _text(value)
    return typed


def _container_channel(body: Mapping[str, Any]) -> str:
    container = body.get("container")
    return _text(container.get("channel_id")) if isinstance(container, Mapping) else ""


def _id(value: object) -> str:
    return _text(value.get("id")) if isinstance(value, Mapping) else ""


def _text(value: object) -> str:
    """Slack sends no zeros, and PostgreSQL stores none."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) else ""
