"""A person types into an external select: `block_suggestion`, answered with options.

Rules: docs.slack.dev/reference/block-kit/block-elements/select-menu-element (external data source).
"""

from collections.abc import Mapping

from simulator.json_bodies import read_json
from simulator.slack.blockkit.checks import Faults, items, shape
from simulator.slack.blockkit.objects import (
    OPTION_GROUP,
    OPTIONS_MOST,
    PLAIN_OPTION,
    either,
    options_of,
)
from simulator.slack.delivery import FORM, Ack, Delivery
from simulator.slack.naming import Json, worked
from simulator.slack.payloads import interaction, interaction_form
from simulator.slack.refusals import Mistake
from simulator.slack.state import State
from simulator.slack.submitting import top_view

QUERY_LEAST = 3
ANSWER = shape(
    {},
    {
        "options": items(PLAIN_OPTION, OPTIONS_MOST, least=0),
        "option_groups": items(OPTION_GROUP, OPTIONS_MOST, least=0),
    },
    either("options", "option_groups"),
)


class Suggesting:
    def __init__(self, state: State, delivery: Delivery) -> None:
        self._state = state
        self._delivery = delivery

    async def suggest(self, asked: Mapping[str, object]) -> Json:
        """The options the person is offered for what they typed; they may be chosen afterwards."""
        state = self._state
        person = state.workspace.actor(asked.get("person"))
        view = top_view(state, person, asked.get("view_id"))
        block_id, typed = asked.get("block_id"), str(asked.get("value", ""))
        found = [
            element
            for block, element in worked(view.blocks)
            if block["block_id"] == block_id and "external" in str(element["type"])
        ]
        if not found:
            raise Mistake(f"no external select stands in block {block_id!r}")
        least = found[0].get("min_query_length", QUERY_LEAST)
        if isinstance(least, int) and len(typed) < least:
            raise Mistake(f"{block_id}: nothing is asked before {least} characters")
        key = (str(block_id), str(found[0]["action_id"]))
        more: Json = {
            "block_id": key[0],
            "action_id": key[1],
            "value": typed,
            "container": {"type": "view", "view_id": view.id},
            "view": state.desk.as_json(view),
        }
        payload = interaction(state, "block_suggestion", person, more)
        ack = await self._delivery.send(interaction_form(payload), FORM)
        options, refused = _answer(ack)
        state.suggestions[key] = options
        result: Json = {"status": ack.status, "ack_ms": ack.ms, "error": ack.error}
        return {**result, "options": options, "refused": refused}


def _answer(ack: Ack) -> tuple[list[Json], list[str]]:
    if ack.error:
        return [], [ack.error]
    try:
        answer = read_json(ack.body)
    except ValueError:
        return [], ["invalid_json"]
    faults = Faults()
    ANSWER(answer, "", faults)
    return ([], faults.messages) if faults.messages else (options_of(answer), [])
