"""The setup form: one input a field, in the field's own words."""

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import (
    Block,
    InputBlock,
    InputInteractiveElement,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from connection.checked_setup import fields_for, not_to_be_chosen, with_choices
from connection.field_rules import LONGEST
from connection.pictures import FormPicture
from connection.setup import LABELS, SECRET_FIELDS, TYPED_FIELDS
from connection.setup_fields import FieldKind, FormPart, SetupField
from handlers.ids import FEATURES_FORM, OPENING_FORM, SETUP_FORM, VALUE
from handlers.views.blocks import actions, button, clip, context, escape, section

TITLE = 24
LABEL = 2000
PLACEHOLDER = 150
_SAVED = (
    "What the connection is to have once it is enabled. Saving changes nothing in Business Central "
    "or Sales."
)
DECIDING = frozenset(
    name
    for about in (*TYPED_FIELDS, *SECRET_FIELDS)
    for name, _ in (*about.only_with, *about.optional_with)
)
"""Choices that bring other fields: Slack tells at once when one is made."""


def opening_view(draft_id: str) -> View:
    """Light enough to open within the life of a trigger id."""
    return View(
        type="modal",
        callback_id=OPENING_FORM,
        private_metadata=draft_id,
        title=PlainTextObject(text="Connection setup"),
        close=PlainTextObject(text="Cancel"),
        blocks=[section("One moment, the form is coming.")],
    )


def form_view(picture: FormPicture, wrong: Mapping[str, str] | None = None) -> View:
    """The fields that belong to what is chosen in it; `wrong` names those that it had not shown
    and that need something."""
    title = f"Setup {picture.title_name}" if picture.title_name else "New connection"
    more = actions(button("Features…", FEATURES_FORM, picture.draft.id))
    return _view(picture, FormPart.CONNECTION, SETUP_FORM, title, [more], wrong)


def features_view(picture: FormPicture, wrong: Mapping[str, str] | None = None) -> View:
    """The second part, with a line for each feature that cannot be chosen."""
    title = f"Features {picture.title_name}".strip()
    closed = not_to_be_chosen(picture.values, FormPart.FEATURES)
    why = [f"*{escape(about.label)}* {escape(about.otherwise)}" for about in closed]
    lines: list[Block] = [context("\n".join(why))] if why else []
    return _view(picture, FormPart.FEATURES, FEATURES_FORM, title, [*lines, context(_SAVED)], wrong)


def part_view(
    callback_id: str, picture: FormPicture, wrong: Mapping[str, str] | None = None
) -> View:
    """The part with this callback id."""
    return (features_view if callback_id == FEATURES_FORM else form_view)(picture, wrong)


def _view(
    picture: FormPicture,
    part: FormPart,
    callback_id: str,
    title: str,
    more: Sequence[Block],
    wrong: Mapping[str, str] | None,
) -> View:
    shown = fields_for(picture.values, part)
    inputs = [
        _input(about, picture.values.get(about.name, ""), picture.locked.get(about.name, ""))
        for about in shown
    ]
    notes: list[Block] = [section(_told(wrong))] if wrong else []
    secrets = _about_secrets(picture, part)
    below: list[Block] = [context(secrets)] if secrets else []
    return View(
        type="modal",
        callback_id=callback_id,
        private_metadata=picture.draft.id,
        title=PlainTextObject(text=clip(title, TITLE)),
        submit=PlainTextObject(text="Save"),
        close=PlainTextObject(text="Cancel"),
        blocks=[*notes, *inputs, *more, *below],
    )


def _told(wrong: Mapping[str, str]) -> str:
    lines = [f"• *{escape(LABELS[field])}*: {escape(said)}" for field, said in wrong.items()]
    return "\n".join(["*Not saved yet.* This needs another look:", *lines])


def message_view(title: str, text: str) -> View:
    """A few words in place of a form."""
    return View(
        type="modal",
        title=PlainTextObject(text=clip(title, TITLE)),
        close=PlainTextObject(text="Close"),
        blocks=[section(escape(text))],
    )


def _input(about: SetupField, value: str, locked: str) -> InputBlock:
    """`locked` says why it cannot be changed now, '' if it can: Slack has no input that shows."""
    return InputBlock(
        block_id=about.name,
        label=PlainTextObject(text=clip(about.label, LABEL)),
        hint=PlainTextObject(text=clip(f"{about.help} {locked}".strip(), LABEL)),
        element=_element(about, value),
        optional=not about.required or bool(about.optional_with),
        dispatch_action=True if about.name in DECIDING else None,
    )


def _element(about: SetupField, value: str) -> InputInteractiveElement:
    if about.kind is FieldKind.CHOICE:
        options = [
            Option(value=key, text=PlainTextObject(text=label)) for key, label in about.choices
        ]
        chosen = next((one for one in options if one.value == value), options[0])
        return StaticSelectElement(action_id=VALUE, options=options, initial_option=chosen)
    placeholder = PlainTextObject(text=clip(about.placeholder, PLACEHOLDER))
    return PlainTextInputElement(
        action_id=VALUE,
        initial_value=value or None,
        max_length=LONGEST,
        placeholder=placeholder if about.placeholder else None,
    )


def _about_secrets(picture: FormPicture, part: FormPart) -> str:
    """'' where the part has none."""
    values = with_choices(picture.values)
    lines = []
    for about in SECRET_FIELDS:
        if about.part is part and about.counts(values):
            facts = picture.secrets.get(about.name)
            state = f"set, fingerprint ends {facts.fingerprint_end}" if facts else "not set"
            lines.append(f"{escape(about.label)}: {state}.")
    if not lines:
        return ""
    name = escape(picture.values.get("name") or "NAME")
    lines.append(f"Secrets are not typed here: after saving, `/d365 secret {name}` takes them.")
    return "\n".join(lines)
