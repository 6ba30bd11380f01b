"""A person presses a modal's submit or close button; the bot's answer is carried out.

Rules: docs.slack.dev/surfaces/modals (view submissions and response actions).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.json_bodies import read_json
from simulator.slack.delivery import FORM, Ack, Delivery
from simulator.slack.naming import Json
from simulator.slack.payloads import interaction, interaction_form
from simulator.slack.people import Person
from simulator.slack.refusals import Mistake, Refusal
from simulator.slack.state import State
from simulator.slack.typing_in import fill, refuse_incomplete
from simulator.slack.views import View, checked_view

TROUBLE = "We had some trouble connecting. Try again?"
WHOLE_VIEW = "*"


@dataclass(frozen=True)
class Outcome:
    action: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


class Submitting:
    def __init__(self, state: State, delivery: Delivery) -> None:
        self._state = state
        self._delivery = delivery

    async def submit(self, asked: Mapping[str, object]) -> Json:
        person = self._state.workspace.actor(asked.get("person"))
        view = top_view(self._state, person, asked.get("view_id"))
        values = asked.get("values") or {}
        if not isinstance(values, dict):
            raise Mistake("values must be an object: block id to value")
        if view.content.get("submit") is None:
            raise Mistake("this view has no submit button")
        fill(self._state, view, values)
        refuse_incomplete(view)
        trigger_id = self._state.triggers.issue(person.id)
        payload = interaction(
            self._state,
            "view_submission",
            person,
            {
                "trigger_id": trigger_id,
                "view": self._state.desk.as_json(view),
                "response_urls": self._response_urls(person, view),
            },
        )
        ack = await self._delivery.send(interaction_form(payload), FORM)
        outcome = self._carry_out(view, ack)
        return {
            "status": ack.status,
            "ack_ms": ack.ms,
            "error": ack.error,
            "trigger_id": trigger_id,
            "response_action": outcome.action,
            "errors": outcome.errors,
            "refused": outcome.refused,
            "views": [self._state.desk.as_json(v) for v in self._state.desk.stack(person.id)],
        }

    async def close(self, asked: Mapping[str, object]) -> Json:
        person = self._state.workspace.actor(asked.get("person"))
        view = top_view(self._state, person, asked.get("view_id"))
        cleared = bool(view.content.get("clear_on_close"))
        acks: list[Ack] = []
        for gone in self._state.desk.close(view):
            if gone.content.get("notify_on_close"):
                shown = self._state.desk.as_json(gone)
                more: Json = {"view": shown, "is_cleared": cleared}
                payload = interaction(self._state, "view_closed", person, more)
                acks.append(await self._delivery.send(interaction_form(payload), FORM))
        views = [self._state.desk.as_json(v) for v in self._state.desk.stack(person.id)]
        last = acks[-1] if acks else Ack(None, "", 0.0, None)
        return {
            "notified": len(acks),
            "status": last.status,
            "ack_ms": last.ms,
            "error": last.error,
            "views": views,
        }

    def _carry_out(self, view: View, ack: Ack) -> Outcome:
        desk = self._state.desk
        desk.show_errors(view, {})
        try:
            return self._respond(view, _answer(ack))
        except Refusal as no:
            if view in desk.stack(view.user_id):
                desk.show_errors(view, {WHOLE_VIEW: TROUBLE})
            self._state.app.counters["answers refused"] += 1
            return Outcome(refused=[no.error, *no.messages])

    def _respond(self, view: View, answer: Json) -> Outcome:
        desk, action = self._state.desk, answer.get("response_action")
        if not answer:
            if view in desk.stack(view.user_id):
                desk.close_one(view)
            return Outcome("close")
        if action == "errors":
            errors = _errors(view, answer.get("errors"))
            desk.show_errors(view, errors)
            return Outcome("errors", errors)
        if action == "clear":
            desk.clear(view.user_id)
        elif action == "update":
            desk.update(view, checked_view(answer.get("view"), "modal"))
        elif action == "push":
            desk.push(view.user_id, checked_view(answer.get("view"), "modal"))
        else:
            raise Refusal("invalid_arguments", [f"[ERROR] unknown response_action {action!r}"])
        return Outcome(str(action))

    def _response_urls(self, person: Person, view: View) -> list[Json]:
        """One for each conversation chosen in a select with `response_url_enabled`."""
        urls: list[Json] = []
        for block in view.blocks:
            element = block.get("element")
            if not isinstance(element, dict) or not element.get("response_url_enabled"):
                continue
            key = (str(block["block_id"]), str(element["action_id"]))
            channel = self._state.workspace.channel(str(view.typed.get(key, "")))
            if channel is not None:
                path = self._state.response_urls.issue(person.id, channel)
                url = f"{self._state.app.base_url}{path}"
                where = {"block_id": key[0], "action_id": key[1], "channel_id": channel.id}
                urls.append({**where, "response_url": url})
        return urls


def top_view(state: State, person: Person, view_id: object) -> View:
    stack = state.desk.stack(person.id)
    wanted = [view for view in stack if view_id in (None, view.id)]
    if not wanted:
        raise Mistake(f"{person.name} has no such view open")
    return wanted[-1]


def _answer(ack: Ack) -> Json:
    if ack.error:
        raise Refusal(ack.error)
    if not ack.body.strip():
        return {}
    try:
        answer = read_json(ack.body)
    except ValueError as error:
        raise Refusal("invalid_json") from error
    if not isinstance(answer, dict):
        raise Refusal("json_not_object")
    return answer


def _errors(view: View, errors: object) -> dict[str, str]:
    inputs = {str(block["block_id"]) for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise Refusal("invalid_arguments", ["[ERROR] errors must be an object with entries"])
    for block_id, text in errors.items():
        if block_id not in inputs:
            raise Refusal("invalid_arguments", [f"[ERROR] no input block {block_id!r}"])
        if not isinstance(text, str) or not text:
            raise Refusal("invalid_arguments", [f"[ERROR] must provide a string for {block_id}"])
    return dict(errors)
