"""What input elements hold: `state.values` in Slack's shapes.

Shapes: docs.slack.dev/reference/views (state), docs.slack.dev/reference/block-kit/block-elements.
"""

from collections.abc import Mapping

from simulator.slack.naming import Json, worked

# type -> (the key that holds the value, the key of the initial value, what empty looks like)
HOLDS: dict[str, tuple[str, str, object]] = {
    "plain_text_input": ("value", "initial_value", None),
    "email_text_input": ("value", "initial_value", None),
    "url_text_input": ("value", "initial_value", None),
    "number_input": ("value", "initial_value", None),
    "rich_text_input": ("rich_text_value", "initial_value", None),
    "file_input": ("files", "", []),
    "static_select": ("selected_option", "initial_option", None),
    "external_select": ("selected_option", "initial_option", None),
    "users_select": ("selected_user", "initial_user", None),
    "conversations_select": ("selected_conversation", "initial_conversation", None),
    "channels_select": ("selected_channel", "initial_channel", None),
    "multi_static_select": ("selected_options", "initial_options", []),
    "multi_external_select": ("selected_options", "initial_options", []),
    "multi_users_select": ("selected_users", "initial_users", []),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", []),
    "multi_channels_select": ("selected_channels", "initial_channels", []),
    "datepicker": ("selected_date", "initial_date", None),
    "timepicker": ("selected_time", "initial_time", None),
    "datetimepicker": ("selected_date_time", "initial_date_time", None),
    "radio_buttons": ("selected_option", "initial_option", None),
    "checkboxes": ("selected_options", "initial_options", []),
}

Typed = Mapping[tuple[str, str], object]
Values = dict[str, dict[str, Json]]


def held(element: Json, key: tuple[str, str], typed: Typed) -> object:
    """What this element holds now: what was typed, else its initial value, else nothing."""
    _, initial, empty = HOLDS[str(element["type"])]
    if key in typed:
        return typed[key]
    given = element.get(initial)
    return empty if given is None else given


def state_values(blocks: list[Json], typed: Typed) -> Values:
    values: Values = {}
    for block, element in worked(blocks):
        kind = str(element["type"])
        if kind in HOLDS:
            key = (str(block["block_id"]), str(element["action_id"]))
            state = {"type": kind, HOLDS[kind][0]: held(element, key, typed)}
            values.setdefault(key[0], {})[key[1]] = state
    return values


def is_empty(value: object) -> bool:
    return value is None or value in ("", [])
