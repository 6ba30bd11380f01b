"""The small checks from which the tables of Block Kit are built.

The wording of the faults follows the messages that Slack's Web API puts in `response_metadata`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass
class Faults:
    """What is wrong with a payload, in Slack's own form, in the order found."""

    messages: list[str] = field(default_factory=list)

    def say(self, what: str, pointer: str) -> None:
        self.messages.append(f"[ERROR] {what} [json-pointer:{pointer}]")


Check = Callable[[object, str, Faults], None]
Rule = Callable[[dict[str, object], str, Faults], None]


def string(most: int | None = None, *, least: int = 1, pattern: str | None = None) -> Check:
    def check(value: object, pointer: str, faults: Faults) -> None:
        if not isinstance(value, str):
            faults.say("must provide a string", pointer)
        elif len(value) < least:
            faults.say(f"must be more than {least - 1} characters", pointer)
        elif most is not None and len(value) > most:
            faults.say(f"must be less than {most + 1} characters", pointer)
        elif pattern is not None and not re.fullmatch(pattern, value):
            faults.say(f"must match pattern: {pattern}", pointer)

    return check


def boolean(value: object, pointer: str, faults: Faults) -> None:
    if not isinstance(value, bool):
        faults.say("must provide a boolean", pointer)


def integer(least: int, most: int | None = None) -> Check:
    def check(value: object, pointer: str, faults: Faults) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            faults.say("must provide an integer", pointer)
        elif value < least:
            faults.say(f"must be greater than or equal to {least}", pointer)
        elif most is not None and value > most:
            faults.say(f"must be less than or equal to {most}", pointer)

    return check


def choice(*values: str) -> Check:
    def check(value: object, pointer: str, faults: Faults) -> None:
        if value not in values:
            faults.say("must be a valid enum value", pointer)

    return check


def anything(value: object, pointer: str, faults: Faults) -> None:
    """Accepts what Slack's published limits say nothing about."""


def items(one: Check, most: int | None = None, *, least: int = 1) -> Check:
    def check(value: object, pointer: str, faults: Faults) -> None:
        if not isinstance(value, list):
            faults.say("must provide an array", pointer)
            return
        if len(value) < least:
            faults.say(f"no less than {least} items allowed", pointer)
        if most is not None and len(value) > most:
            faults.say(f"no more than {most} items allowed", pointer)
        for number, entry in enumerate(value):
            one(entry, f"{pointer}/{number}", faults)

    return check


def shape(
    required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *rules: Rule
) -> Check:
    """An object with these keys and no others; the rules look at it as a whole."""
    known = {**required, **(optional or {})}

    def check(value: object, pointer: str, faults: Faults) -> None:
        if not isinstance(value, dict):
            faults.say("must provide an object", pointer)
            return
        for key in required:
            if value.get(key) is None:
                faults.say(f"missing required field: {key}", pointer)
        for key, entry in value.items():
            if key not in known:
                faults.say(f"invalid additional property: {key}", pointer)
            elif entry is not None:
                known[key](entry, f"{pointer}/{key}", faults)
        for rule in rules:
            rule(value, pointer, faults)

    return check


def kinds(table: Callable[[], Mapping[str, Check]]) -> Check:
    """An object whose `type` picks its check; the table is asked for late, so it may recurse."""

    def check(value: object, pointer: str, faults: Faults) -> None:
        if not isinstance(value, dict):
            faults.say("must provide an object", pointer)
            return
        kind = value.get("type")
        if kind is None:
            faults.say("missing required field: type", pointer)
        elif not isinstance(kind, str) or kind not in table():
            faults.say(f"unsupported type: {kind}", f"{pointer}/type")
        else:
            table()[kind](value, pointer, faults)

    return check
