"""A person types a slash command; what the bot answers at once becomes a message.

Rules: docs.slack.dev/interactivity/implementing-slash-commands; that people of another
organisation have no commands of the app: docs.slack.dev/apis/slack-connect.
"""

from collections.abc import Mapping

from simulator.json_bodies import read_json
from simulator.slack.content import Content
from simulator.slack.delivery import FORM, Ack, Delivery
from simulator.slack.hooks import answer_in
from simulator.slack.messages import SLACKBOT
from simulator.slack.naming import Json
from simulator.slack.payloads import command_form
from simulator.slack.people import Channel, Person
from simulator.slack.refusals import Mistake, Refusal
from simulator.slack.response_urls import ResponseUrl
from simulator.slack.state import State


class Commanding:
    def __init__(self, state: State, delivery: Delivery) -> None:
        self._state = state
        self._delivery = delivery

    async def command(self, asked: Mapping[str, object]) -> Json:
        state = self._state
        person = state.workspace.actor(asked.get("person"))
        channel = state.workspace.of_person(person, asked.get("channel", "dm"))
        typed = asked.get("text")
        if not isinstance(typed, str) or not typed.startswith("/"):
            raise Mistake("text must begin with a slash command")
        self._has_it(person, typed.split()[0])
        trigger_id = state.triggers.issue(person.id)
        path = state.response_urls.issue(person.id, channel)
        url = f"{state.app.base_url}{path}"
        form = command_form(state, person, channel, typed, trigger_id, url)
        ack = await self._delivery.send(form, FORM)
        refused = self._show(person, channel, typed.split()[0], ack)
        return {
            "status": ack.status,
            "ack_ms": ack.ms,
            "error": ack.error,
            "refused": refused,
            "body": ack.body,
            "trigger_id": trigger_id,
            "response_url": url,
        }

    def _has_it(self, person: Person, command: str) -> None:
        grant = self._state.app.grants.of(self._state.name)
        if grant is None or "commands" not in grant.scopes:
            raise Mistake(f"{command} is no command here: the app lacks the scope commands")
        if person.external:
            raise Mistake(f"{person.name} is of another organisation, which has no {command}")

    def _show(self, person: Person, channel: Channel, command: str, ack: Ack) -> list[str]:
        if ack.error:
            self._complain(person, channel, command, ack.error)
        elif ack.body.strip():
            place = ResponseUrl(person.id, channel, 0.0)
            try:
                answer_in(self._state, person.id, place, _answer(ack))
            except Refusal as no:
                self._complain(person, channel, command, no.error)
                return [no.error, *no.messages]
        return []

    def _complain(self, person: Person, channel: Channel, command: str, error: str) -> None:
        """The line in which Slack itself tells the person that the app did not answer."""
        text = f'{command} failed with the error "{error}"'
        said = Content(text, None, None)
        self._state.messages.post(channel, SLACKBOT, said, to=person.id)


def _answer(ack: Ack) -> Mapping[str, object]:
    if "json" not in ack.headers.get("content-type", ""):
        return {"text": ack.body}
    try:
        answer = read_json(ack.body)
    except ValueError as error:
        raise Refusal("invalid_json") from error
    if not isinstance(answer, dict):
        raise Refusal("json_not_object")
    if not any(answer.get(part) for part in ("text", "blocks", "attachments")):
        raise Refusal("no_text")
    return answer
