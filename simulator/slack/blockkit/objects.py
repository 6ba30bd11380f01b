"""Composition objects: text, option, option group, confirm.

Rules: docs.slack.dev/reference/block-kit/composition-objects.
"""

from simulator.slack.blockkit.checks import (
    Check,
    Faults,
    Rule,
    boolean,
    choice,
    items,
    kinds,
    shape,
    string,
)

TEXT_MOST = 3000
OPTION_TEXT_MOST = 75
OPTION_VALUE_MOST = 150
OPTIONS_MOST = 100
URL_MOST = 3000
ID_MOST = 255


def plain_text(most: int = TEXT_MOST) -> Check:
    return kinds_of_text(most, "plain_text")


def any_text(most: int = TEXT_MOST) -> Check:
    return kinds_of_text(most, "plain_text", "mrkdwn")


def kinds_of_text(most: int, *allowed: str) -> Check:
    extra = {"plain_text": "emoji", "mrkdwn": "verbatim"}
    table = {
        kind: shape({"type": choice(kind), "text": string(most)}, {extra[kind]: boolean})
        for kind in allowed
    }
    return kinds(lambda: table)


def option(text: Check, **more: Check) -> Check:
    return shape({"text": text, "value": string(OPTION_VALUE_MOST)}, {"description": text, **more})


PLAIN_OPTION = option(plain_text(OPTION_TEXT_MOST))
RICH_OPTION = option(any_text(OPTION_TEXT_MOST))
OVERFLOW_OPTION = option(plain_text(OPTION_TEXT_MOST), url=string(URL_MOST))
OPTION_GROUP = shape(
    {"label": plain_text(OPTION_TEXT_MOST), "options": items(PLAIN_OPTION, OPTIONS_MOST)}
)
CONFIRM = shape(
    {
        "title": plain_text(100),
        "text": any_text(300),
        "confirm": plain_text(30),
        "deny": plain_text(30),
    },
    {"style": choice("primary", "danger")},
)
DISPATCH = shape(
    {"trigger_actions_on": items(choice("on_enter_pressed", "on_character_entered"), 2)}
)
SLACK_FILE = shape({}, {"id": string(), "url": string(URL_MOST)})


def options_of(element: dict[str, object]) -> list[dict[str, object]]:
    """Every option that the element offers, from its list or from its groups."""
    groups = element.get("option_groups")
    lists = [element.get("options")]
    if isinstance(groups, list):
        lists += [group.get("options") for group in groups if isinstance(group, dict)]
    found = [entry for entries in lists if isinstance(entries, list) for entry in entries]
    return [entry for entry in found if isinstance(entry, dict)]


def either(*keys: str) -> Rule:
    """Exactly one of the keys."""

    def rule(value: dict[str, object], pointer: str, faults: Faults) -> None:
        given = [key for key in keys if value.get(key) is not None]
        if not given:
            faults.say(f"must provide one of: {', '.join(keys)}", pointer)
        elif len(given) > 1:
            faults.say(f"only one of these may be provided: {', '.join(keys)}", pointer)

    return rule


def some_of(*keys: str) -> Rule:
    """At least one of the keys."""

    def rule(value: dict[str, object], pointer: str, faults: Faults) -> None:
        if all(value.get(key) is None for key in keys):
            faults.say(f"must provide one of: {', '.join(keys)}", pointer)

    return rule


def initial_is_offered(value: dict[str, object], pointer: str, faults: Faults) -> None:
    """The initial choice must be one of the options, text and value alike."""
    offered = [_face(entry) for entry in options_of(value)]
    single, several = value.get("initial_option"), value.get("initial_options")
    if single is not None and _face(single) not in offered:
        faults.say("initial_option must be one of the options", f"{pointer}/initial_option")
    if isinstance(several, list):
        for number, entry in enumerate(several):
            if _face(entry) not in offered:
                where = f"{pointer}/initial_options/{number}"
                faults.say("initial_options must be among the options", where)


def _face(entry: object) -> object:
    if not isinstance(entry, dict):
        return entry
    text = entry.get("text")
    return entry.get("value"), text.get("text") if isinstance(text, dict) else text
