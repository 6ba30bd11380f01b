"""Elements that live in input blocks only: what a person types or uploads.

Rules: docs.slack.dev/reference/block-kit/block-elements (plain-text, email, URL, number, file,
rich text input).
"""

from collections.abc import Mapping
from itertools import pairwise

from simulator.slack.blockkit.checks import (
    Check,
    Faults,
    Rule,
    anything,
    boolean,
    integer,
    items,
    shape,
    string,
)
from simulator.slack.blockkit.objects import DISPATCH, ID_MOST, plain_text

PLACEHOLDER = plain_text(150)
TYPED_MOST = 3000
NUMBER = r"-?\d+(\.\d+)?"


def typed(required: Mapping[str, Check], optional: Mapping[str, Check], *rules: Rule) -> Check:
    extra = {
        "action_id": string(ID_MOST),
        "placeholder": PLACEHOLDER,
        "focus_on_load": boolean,
        "dispatch_action_config": DISPATCH,
        **optional,
    }
    return shape({"type": string(), **required}, extra, *rules)


def lengths_agree(value: dict[str, object], pointer: str, faults: Faults) -> None:
    """min_length <= max_length, and the initial value between them."""
    least, most, initial = (value.get(k) for k in ("min_length", "max_length", "initial_value"))
    if isinstance(least, int) and isinstance(most, int) and least > most:
        faults.say("min_length must not exceed max_length", f"{pointer}/min_length")
    if isinstance(initial, str) and isinstance(most, int) and len(initial) > most:
        faults.say(f"must be less than {most + 1} characters", f"{pointer}/initial_value")


def numbers_agree(value: dict[str, object], pointer: str, faults: Faults) -> None:
    """min_value <= initial_value <= max_value; a fraction only where decimals are allowed."""
    given = {}
    for key in ("min_value", "initial_value", "max_value"):
        text = value.get(key)
        try:
            given[key] = float(str(text)) if text is not None else None
        except ValueError:
            given[key] = None
        if isinstance(text, str) and "." in text and not value.get("is_decimal_allowed"):
            faults.say("must be an integer", f"{pointer}/{key}")
    order = [(key, number) for key, number in given.items() if number is not None]
    for (lower, small), (upper, large) in pairwise(order):
        if small > large:
            faults.say(f"{lower} must not exceed {upper}", f"{pointer}/{lower}")


INPUTS: dict[str, Check] = {
    "plain_text_input": typed(
        {},
        {
            "initial_value": string(TYPED_MOST, least=0),
            "multiline": boolean,
            "min_length": integer(0, TYPED_MOST),
            "max_length": integer(1, TYPED_MOST),
        },
        lengths_agree,
    ),
    "email_text_input": typed({}, {"initial_value": string(least=0)}),
    "url_text_input": typed({}, {"initial_value": string(least=0)}),
    "number_input": typed(
        {"is_decimal_allowed": boolean},
        {
            "initial_value": string(pattern=NUMBER),
            "min_value": string(pattern=NUMBER),
            "max_value": string(pattern=NUMBER),
        },
        numbers_agree,
    ),
    "rich_text_input": typed(
        {}, {"initial_value": anything, "min_lines": integer(1), "max_lines": integer(1)}
    ),
    "file_input": shape(
        {"type": string()},
        {
            "action_id": string(ID_MOST),
            "filetypes": items(string()),
            "max_files": integer(1, 10),
        },
    ),
}
