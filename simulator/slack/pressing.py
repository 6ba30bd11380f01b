"""A person works an element of a message, a modal or the Home tab: `block_actions`.

Shapes: docs.slack.dev/reference/interaction-payloads/block_actions-payload.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from simulator.slack.blockkit.objects import options_of
from simulator.slack.chat_methods import message_json
from simulator.slack.delivery import FORM, Delivery
from simulator.slack.messages import Message
from simulator.slack.naming import Json, worked
from simulator.slack.payloads import interaction, interaction_form
from simulator.slack.people import Person
from simulator.slack.refusals import Mistake
from simulator.slack.state import State
from simulator.slack.submitting import top_view
from simulator.slack.typing_in import entered, fill
from simulator.slack.values import HOLDS, state_values
from simulator.slack.views import View

CRITERIA = ("action_id", "block_id", "label", "value")
PLAIN = ("url", "style")


@dataclass(frozen=True)
class Target:
    where: Message | View
    block: Json
    element: Json

    @property
    def key(self) -> tuple[str, str]:
        return str(self.block["block_id"]), str(self.element["action_id"])


class Pressing:
    def __init__(self, state: State, delivery: Delivery) -> None:
        self._state = state
        self._delivery = delivery

    async def press(self, asked: Mapping[str, object]) -> Json:
        state = self._state
        person = state.workspace.actor(asked.get("person"))
        target = self._find(person, asked)
        values = asked.get("values")
        if isinstance(target.where, View) and isinstance(values, dict):
            fill(state, target.where, values)
        action = self._action(person, target, asked)
        trigger_id = state.triggers.issue(person.id)
        payload = interaction(
            state,
            "block_actions",
            person,
            {
                "trigger_id": trigger_id,
                **self._surroundings(person, target.where),
                "actions": [action],
            },
        )
        ack = await self._delivery.send(interaction_form(payload), FORM)
        return {
            "status": ack.status,
            "ack_ms": ack.ms,
            "error": ack.error,
            "body": ack.body,
            "trigger_id": trigger_id,
            "action": action,
        }

    def _find(self, person: Person, asked: Mapping[str, object]) -> Target:
        if not any(asked.get(name) for name in CRITERIA):
            raise Mistake(f"name the element by one of {', '.join(CRITERIA)}")
        for where in self._places(person, asked):
            for block, element in worked(where.blocks):
                if _usable(block, element, person) and _matches(block, element, asked):
                    return Target(where, block, element)
        raise Mistake(f"{person.name} sees no such element")

    def _places(self, person: Person, asked: Mapping[str, object]) -> Iterator[Message | View]:
        """The top modal covers the rest; then messages, newest first; then Home."""
        state = self._state
        home = state.desk.homes.get(person.id)
        view_id, ts, channel = (asked.get(name) for name in ("view_id", "ts", "channel"))
        if view_id is not None:
            yield home if home and home.id == view_id else top_view(state, person, view_id)
            return
        if ts is None and channel is None and state.desk.stack(person.id):
            yield state.desk.stack(person.id)[-1]
        wanted = state.workspace.of_person(person, channel).id if channel is not None else None
        seen = state.messages.seen_by(person, state.members)
        for message in sorted(seen, key=lambda one: one.ts, reverse=True):
            if ts in (None, message.ts) and wanted in (None, message.channel.id):
                yield message
        if ts is None and channel is None and home is not None:
            yield home

    def _action(self, person: Person, target: Target, asked: Mapping[str, object]) -> Json:
        element = target.element
        kind = str(element["type"])
        block_id, action_id = target.key
        action: Json = {
            "type": kind,
            "block_id": block_id,
            "action_id": action_id,
            "action_ts": f"{time.time():.6f}",
        }
        option = asked.get("option", asked.get("value") if kind not in BUTTONS else None)
        if kind == "overflow":
            return {**action, "selected_option": _option(element, option, block_id)}
        if kind == "feedback_buttons":
            return {**action, **_feedback(element, option)}
        if kind not in HOLDS:
            shown = {name: element[name] for name in ("text", "value", *PLAIN) if name in element}
            return {**action, **shown}
        if "option" in asked or "value" in asked:
            choice = _by_label(element, option)
            value = entered(self._state, element, choice, block_id)
            self._typed(person, target.where)[target.key] = value
        values = state_values([target.block], self._typed(person, target.where))
        return {**action, **values[block_id][action_id]}

    def _typed(self, person: Person, where: Message | View) -> dict[tuple[str, str], object]:
        if isinstance(where, View):
            return where.typed
        return where.chosen.setdefault(person.id, {})

    def _surroundings(self, person: Person, where: Message | View) -> Json:
        state = self._state
        if isinstance(where, View):
            shown = state.desk.as_json(where)
            return {"container": {"type": "view", "view_id": where.id}, "view": shown}
        path = state.response_urls.issue(person.id, where.channel, where)
        whole = {} if where.ephemeral else {"message": message_json(state, where)}
        return {
            "container": {
                "type": "message",
                "message_ts": where.ts,
                "channel_id": where.channel.id,
                "is_ephemeral": where.ephemeral,
            },
            "channel": {"id": where.channel.id, "name": where.channel.name},
            "state": {"values": state_values(where.blocks, self._typed(person, where))},
            "response_url": f"{state.app.base_url}{path}",
            **whole,
        }


BUTTONS = ("button", "icon_button", "workflow_button")


def _usable(block: Json, element: Json, person: Person) -> bool:
    """An input sends nothing unless it dispatches; a button may be shown to some only."""
    shown_to = element.get("visible_to_user_ids")
    visible = not isinstance(shown_to, list) or person.id in shown_to
    return visible and (block["type"] != "input" or bool(block.get("dispatch_action")))


def _matches(block: Json, element: Json, asked: Mapping[str, object]) -> bool:
    text = element.get("text")
    label = text.get("text") if isinstance(text, dict) else None
    is_button = element["type"] in BUTTONS
    facts = {
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "label": label,
        "value": element.get("value") if is_button else asked.get("value"),
    }
    return all(asked.get(name) in (None, fact) for name, fact in facts.items())


def _by_label(element: Json, wanted: object) -> object:
    """An option may be named by its value or by what it says."""
    for option in options_of(element):
        text = option.get("text")
        if isinstance(text, dict) and wanted == text.get("text"):
            return option["value"]
    return wanted


def _option(element: Json, wanted: object, name: str) -> Json:
    value = _by_label(element, wanted)
    for option in options_of(element):
        if option.get("value") == value:
            return option
    raise Mistake(f"{name}: {wanted!r} is not among the options")


def _feedback(element: Json, wanted: object) -> Json:
    for side in ("positive_button", "negative_button"):
        button = element[side]
        if isinstance(button, dict) and button.get("value") == wanted:
            return {"text": button.get("text"), "value": wanted}
    raise Mistake("name the feedback by its value")
