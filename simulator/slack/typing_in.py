"""A person fills in an element: the driver's plain value becomes what Slack would hold.

Client-side rules: docs.slack.dev/reference/block-kit/block-elements (lengths, formats, options).
"""

import re
from collections.abc import Mapping

from simulator.slack.blockkit.objects import options_of
from simulator.slack.naming import Json, worked
from simulator.slack.refusals import Mistake
from simulator.slack.state import State
from simulator.slack.values import HOLDS, held, is_empty
from simulator.slack.views import View

TEXTS = {
    "plain_text_input": r"(?s).*",
    "email_text_input": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "url_text_input": r"[a-zA-Z][a-zA-Z0-9+.-]*://\S+",
    "number_input": r"-?\d+(\.\d+)?",
    "datepicker": r"\d{4}-\d{2}-\d{2}",
    "timepicker": r"\d{2}:\d{2}",
}


def fill(state: State, view: View, values: Mapping[str, object]) -> None:
    """By block id; by action id where a block holds several elements."""
    for name, value in values.items():
        found = [
            (block, element)
            for block, element in worked(view.blocks)
            if element["type"] in HOLDS and name in (block["block_id"], element["action_id"])
        ]
        if len(found) != 1:
            raise Mistake(f"{len(found)} inputs are called {name!r} in this view")
        block, element = found[0]
        key = (str(block["block_id"]), str(element["action_id"]))
        view.typed[key] = entered(state, element, value, key[0])


def entered(state: State, element: Json, value: object, name: str) -> object:
    """What the element holds after a person entered this; refuses what a client would not take."""
    kind = str(element["type"])
    if value is None or value == "":
        return [] if HOLDS[kind][2] == [] else None
    if kind in TEXTS:
        return _text(element, value, name)
    several = HOLDS[kind][2] == []
    if several and not isinstance(value, list):
        raise Mistake(f"{name}: takes a list")
    most = element.get("max_selected_items")
    if several and isinstance(value, list):
        if isinstance(most, int) and len(value) > most:
            raise Mistake(f"{name}: at most {most} may be chosen")
        return [_chosen(state, element, one, name) for one in value]
    return _chosen(state, element, value, name)


def refuse_incomplete(view: View) -> None:
    """Slack's client does not send a modal with an empty required input or a short text."""
    for block, element in worked(view.blocks):
        if block["type"] != "input":
            continue
        name = str(block["block_id"])
        value = held(element, (name, str(element["action_id"])), view.typed)
        if is_empty(value):
            if not block.get("optional"):
                raise Mistake(f"{name}: please complete this required field")
        elif element["type"] in TEXTS:
            _text(element, value, name)


def _text(element: Json, value: object, name: str) -> str:
    text = str(value)
    if not re.fullmatch(TEXTS[str(element["type"])], text):
        raise Mistake(f"{name}: not a valid {element['type']}")
    least, most = element.get("min_length"), element.get("max_length")
    if isinstance(most, int) and len(text) > most:
        raise Mistake(f"{name}: at most {most} characters")
    if isinstance(least, int) and len(text) < least:
        raise Mistake(f"{name}: at least {least} characters")
    if element["type"] == "number_input":
        _number(element, text, name)
    return text


def _number(element: Json, text: str, name: str) -> None:
    least, most = element.get("min_value"), element.get("max_value")
    if "." in text and not element.get("is_decimal_allowed"):
        raise Mistake(f"{name}: no decimals")
    if least is not None and float(text) < float(str(least)):
        raise Mistake(f"{name}: at least {least}")
    if most is not None and float(text) > float(str(most)):
        raise Mistake(f"{name}: at most {most}")


def _chosen(state: State, element: Json, value: object, name: str) -> object:
    kind = str(element["type"])
    if "users" in kind:
        who = state.workspace.known(str(value))
        if who is None:
            raise Mistake(f"{name}: nobody is called {value!r}")
        return who.id
    if "conversations" in kind or "channels" in kind:
        where = state.workspace.channel(str(value))
        if where is None:
            raise Mistake(f"{name}: no channel is called {value!r}")
        return where.id
    if kind in ("datetimepicker", "rich_text_input", "file_input"):
        return value
    offered = options_of(element)
    if "external" in kind:
        offered = state.suggestions.get((name, str(element["action_id"])), [])
    for option in offered:
        if value == option["value"]:
            return option
    raise Mistake(f"{name}: {value!r} is not among the options")
