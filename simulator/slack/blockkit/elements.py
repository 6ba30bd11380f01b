"""Block elements that a person can work, and the image.

Rules: docs.slack.dev/reference/block-kit/block-elements.
"""

from collections.abc import Mapping

from simulator.slack.blockkit.checks import (
    Check,
    Rule,
    boolean,
    choice,
    integer,
    items,
    kinds,
    shape,
    string,
)
from simulator.slack.blockkit.inputs import INPUTS, PLACEHOLDER
from simulator.slack.blockkit.objects import (
    CONFIRM,
    ID_MOST,
    OPTION_GROUP,
    OPTIONS_MOST,
    OVERFLOW_OPTION,
    PLAIN_OPTION,
    RICH_OPTION,
    SLACK_FILE,
    URL_MOST,
    either,
    initial_is_offered,
    plain_text,
)

BUTTON_TEXT_MOST = 75
BUTTON_VALUE_MOST = 2000
FEEDBACK = shape(
    {"text": plain_text(BUTTON_TEXT_MOST), "value": string(BUTTON_VALUE_MOST)},
    {"accessibility_label": string(BUTTON_TEXT_MOST)},
)
FILTER = shape(
    {},
    {
        "include": items(choice("im", "mpim", "private", "public"), 4),
        "exclude_bot_users": boolean,
        "exclude_external_shared_channels": boolean,
    },
)


def element(required: Mapping[str, Check], optional: Mapping[str, Check], *rules: Rule) -> Check:
    extra = {"action_id": string(ID_MOST), "confirm": CONFIRM, **optional}
    return shape({"type": string(), **required}, extra, *rules)


def chooser(required: Mapping[str, Check], optional: Mapping[str, Check], *rules: Rule) -> Check:
    extra = {"placeholder": PLACEHOLDER, "focus_on_load": boolean, **optional}
    return element(required, extra, *rules)


SEVERAL: dict[str, Check] = {"max_selected_items": integer(1)}
GROUPED: dict[str, Check] = {
    "options": items(PLAIN_OPTION, OPTIONS_MOST),
    "option_groups": items(OPTION_GROUP, OPTIONS_MOST),
}
CONVERSATIONS: dict[str, Check] = {"default_to_current_conversation": boolean, "filter": FILTER}
LISTED: tuple[Rule, Rule] = (either("options", "option_groups"), initial_is_offered)
BUTTON = element(
    {"text": plain_text(BUTTON_TEXT_MOST)},
    {
        "url": string(URL_MOST),
        "value": string(BUTTON_VALUE_MOST, least=0),
        "style": choice("primary", "danger"),
        "accessibility_label": string(BUTTON_TEXT_MOST),
        "visible_to_user_ids": items(string(), 10),
    },
)

IMAGE = shape(
    {"type": string(), "alt_text": string(2000)},
    {"image_url": string(URL_MOST), "slack_file": SLACK_FILE},
    either("image_url", "slack_file"),
)
CHOOSERS: dict[str, Check] = {
    "static_select": chooser({}, {**GROUPED, "initial_option": PLAIN_OPTION}, *LISTED),
    "multi_static_select": chooser(
        {}, {**GROUPED, **SEVERAL, "initial_options": items(PLAIN_OPTION, OPTIONS_MOST)}, *LISTED
    ),
    "external_select": chooser(
        {}, {"initial_option": PLAIN_OPTION, "min_query_length": integer(0)}
    ),
    "multi_external_select": chooser(
        {},
        {**SEVERAL, "initial_options": items(PLAIN_OPTION), "min_query_length": integer(0)},
    ),
    "users_select": chooser({}, {"initial_user": string()}),
    "multi_users_select": chooser({}, {**SEVERAL, "initial_users": items(string())}),
    "conversations_select": chooser(
        {}, {**CONVERSATIONS, "initial_conversation": string(), "response_url_enabled": boolean}
    ),
    "multi_conversations_select": chooser(
        {}, {**CONVERSATIONS, **SEVERAL, "initial_conversations": items(string())}
    ),
    "channels_select": chooser({}, {"initial_channel": string(), "response_url_enabled": boolean}),
    "multi_channels_select": chooser({}, {**SEVERAL, "initial_channels": items(string())}),
    "datepicker": chooser({}, {"initial_date": string(pattern=r"\d{4}-\d{2}-\d{2}")}),
    "timepicker": chooser(
        {}, {"initial_time": string(pattern=r"([01]\d|2[0-3]):[0-5]\d"), "timezone": string()}
    ),
    "datetimepicker": element(
        {}, {"initial_date_time": integer(1_000_000_000, 9_999_999_999), "focus_on_load": boolean}
    ),
    "checkboxes": element(
        {"options": items(RICH_OPTION, 10)},
        {"initial_options": items(RICH_OPTION, 10), "focus_on_load": boolean},
        initial_is_offered,
    ),
    "radio_buttons": element(
        {"options": items(RICH_OPTION, 10)},
        {"initial_option": RICH_OPTION, "focus_on_load": boolean},
        initial_is_offered,
    ),
}
OVERFLOW = element({"options": items(OVERFLOW_OPTION, 5)}, {})
WORKFLOW_BUTTON = element(
    {
        "text": plain_text(BUTTON_TEXT_MOST),
        "workflow": shape({"trigger": shape({"url": string()})}),
    },
    {"style": choice("primary", "danger"), "accessibility_label": string(BUTTON_TEXT_MOST)},
)
FEEDBACK_BUTTONS = element({"positive_button": FEEDBACK, "negative_button": FEEDBACK}, {})
ICON_BUTTON = element(
    {"icon": string(), "text": plain_text(BUTTON_TEXT_MOST)},
    {
        "accessibility_label": string(BUTTON_TEXT_MOST),
        "value": string(BUTTON_VALUE_MOST, least=0),
        "visible_to_user_ids": items(string(), 10),
    },
)

IN_ACTIONS: dict[str, Check] = {
    **CHOOSERS,
    "button": BUTTON,
    "overflow": OVERFLOW,
    "workflow_button": WORKFLOW_BUTTON,
}
IN_SECTION: dict[str, Check] = {**IN_ACTIONS, "image": IMAGE}
IN_INPUT: dict[str, Check] = {**CHOOSERS, **INPUTS}
IN_CONTEXT_ACTIONS: dict[str, Check] = {
    "feedback_buttons": FEEDBACK_BUTTONS,
    "icon_button": ICON_BUTTON,
}

action_element = kinds(lambda: IN_ACTIONS)
accessory = kinds(lambda: IN_SECTION)
input_element = kinds(lambda: IN_INPUT)
context_action = kinds(lambda: IN_CONTEXT_ACTIONS)
button = kinds(lambda: {"button": BUTTON})
