"""The setup form: one input a field, in the field's own words."""

from slack_sdk.models.blocks import (
    InputBlock,
    InputInteractiveElement,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from connection.field_rules import LONGEST
from connection.pictures import FormPicture
from connection.setup import FIELDS
from connection.setup_fields import FieldKind, SetupField
from handlers.ids import OPENING_FORM, SETUP_FORM, VALUE
from handlers.views.blocks import clip, context, escape, section

TITLE = 24
LABEL = 2000
PLACEHOLDER = 150


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


def form_view(picture: FormPicture) -> View:
    """Every field that is typed; secrets are named with how they are given."""
    title = f"Setup {picture.title_name}" if picture.title_name else "New connection"
    blocks = [
        _input(about, picture.values.get(about.name, "")) for about in FIELDS if _typed(about)
    ]
    return View(
        type="modal",
        callback_id=SETUP_FORM,
        private_metadata=picture.draft.id,
        title=PlainTextObject(text=clip(title, TITLE)),
        submit=PlainTextObject(text="Save"),
        close=PlainTextObject(text="Cancel"),
        blocks=[*blocks, context(_about_secrets(picture))],
    )


def message_view(title: str, text: str) -> View:
    """A few words in place of a form."""
    return View(
        type="modal",
        title=PlainTextObject(text=clip(title, TITLE)),
        close=PlainTextObject(text="Close"),
        blocks=[section(escape(text))],
    )


def _typed(about: SetupField) -> bool:
    return about.kind is not FieldKind.SECRET


def _input(about: SetupField, value: str) -> InputBlock:
    return InputBlock(
        block_id=about.name,
        label=PlainTextObject(text=clip(about.label, LABEL)),
        hint=PlainTextObject(text=clip(about.help, LABEL)),
        element=_element(about, value),
        optional=not about.required,
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


def _about_secrets(picture: FormPicture) -> str:
    lines = []
    for about in FIELDS:
        if about.kind is FieldKind.SECRET:
            facts = picture.secrets.get(about.name)
            state = f"set, fingerprint ends {facts.fingerprint_end}" if facts else "not set"
            lines.append(
                f"{escape(about.label)}: {state}. Secrets are never typed into Slack; after "
                f"saving, run `d365bot secret set <name> {about.name}` where the bot runs."
            )
    return "\n".join(lines).replace("<name>", escape(picture.values.get("name") or "NAME"))
