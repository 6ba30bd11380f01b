"""The view that asks for secrets after the setup was saved, where the operator allows it."""

from slack_sdk.models.blocks import InputBlock, PlainTextInputElement, PlainTextObject
from slack_sdk.models.views import View

from connection.setup_fields import SetupField
from connection.typing_secrets import SecretInputs
from handlers.ids import SECRETS_FORM, VALUE
from handlers.views.blocks import clip, escape, section
from handlers.views.form import LABEL, TITLE

_LONGEST = 3000


def secrets_view(inputs: SecretInputs) -> View:
    """One optional input a secret; what is left empty stays as it is."""
    return View(
        type="modal",
        callback_id=SECRETS_FORM,
        private_metadata=inputs.draft_id,
        title=PlainTextObject(text=clip(f"Secrets {inputs.name}", TITLE)),
        submit=PlainTextObject(text="Keep"),
        close=PlainTextObject(text="Later"),
        blocks=[section(_about(inputs)), *(_input(about, inputs) for about in inputs.fields)],
    )


def _about(inputs: SecretInputs) -> str:
    return (
        f"The setup of *{escape(inputs.name)}* is saved. Slack shows what you type here, and it "
        "passes through Slack: whoever runs this bot allows that. What you leave empty stays as "
        "it is."
    )


def _input(about: SetupField, inputs: SecretInputs) -> InputBlock:
    state = "The bot holds one; a new one replaces it." if about.name in inputs.held else "Not set."
    return InputBlock(
        block_id=about.name,
        label=PlainTextObject(text=clip(about.label, LABEL)),
        hint=PlainTextObject(text=clip(f"{about.help} {state}", LABEL)),
        element=PlainTextInputElement(action_id=VALUE, max_length=_LONGEST),
        optional=True,
    )
