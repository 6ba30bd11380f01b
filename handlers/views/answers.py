"""Short answers: what was done, refused or went wrong, and the offer of a form."""

from connection.asks import Answer, Tone
from connection.identities import Identity
from connection.origins import secret_field_of
from connection.pictures import FormPicture, StatusPicture
from connection.saving import Saved
from connection.setup import FIELDS, secrets_of
from handlers.ids import FEATURES_FORM
from handlers.views.blocks import (
    CONTEXT_TEXT,
    Message,
    Part,
    actions,
    actor,
    button,
    context,
    escape,
    header,
    paragraphs,
    plain,
    section,
)
from handlers.views.newer import folded

_LABELS = {about.name: about.label for about in FIELDS}
_OPEN, _TOGETHER = 30, 100
"""Lines that stand open, and lines that fold together."""
_TESTED_AS = (Identity.BOT, Identity.BUSINESS_CENTRAL)
"""Whose secrets a test cannot do without."""


def answer_message(answer: Answer) -> Message:
    """A sentence and what to do next."""
    text = answer.message if answer.tone is Tone.DONE else escape(answer.message)
    lines = text.split("\n")
    blocks: list[Part] = [*paragraphs("\n".join(lines[:_OPEN]))]
    for at in range(_OPEN, len(lines), _TOGETHER):
        inside = paragraphs("\n".join(lines[at : at + _TOGETHER]))
        blocks.append(folded(f"{len(lines[at : at + _TOGETHER])} more lines", inside, inside))
    hint = escape(answer.hint)
    if hint:
        blocks += [context(hint)] if len(hint) <= CONTEXT_TEXT else paragraphs(hint)
    return Message(plain([text, escape(answer.hint)]), tuple(blocks))


def form_offer_message(picture: FormPicture) -> Message:
    """The form could not be opened by itself."""
    of = f" of {picture.title_name}" if picture.title_name else ""
    text = f"The setup form{of} is ready. Slack did not let me open it in time."
    return Message(
        f"{text} Press Open the form, or type /d365 setup again.",
        (
            section(text),
            actions(button("Open the form", "open_form", picture.draft.id, primary=True)),
        ),
    )


def saved_message(saved: Saved, status: StatusPicture) -> Message:
    """A setup was saved: which fields, what that unlinked, and what comes next."""
    by = saved.saved.saved_by
    name, revision = saved.saved.setup.name, saved.saved.revision
    title = f"Setup of {name} saved"
    changed = ", ".join(_LABELS[field] for field in saved.changed) or "no field"
    who = actor(by.organisation, by.user)
    lines = [f"{who} saved revision {revision}. Changed: {escape(changed)}."]
    lines += [
        f"*{escape(_LABELS[field])}* was unlinked, because it was given for another host, tenant, "
        "type or login. It is not used again."
        for field in saved.unlinked
    ]
    return Message(
        plain([title, *lines, _next(status)]),
        (
            header(title),
            section("\n".join(lines)),
            context(_next(status)),
            actions(
                button("Test", "test", status.connection.id),
                button("Features", FEATURES_FORM, status.connection.id),
                button("Secrets", "secret", status.connection.id),
            ),
        ),
    )


def _next(status: StatusPicture) -> str:
    name, setup = status.connection.name, status.saved.setup
    wanted = [secret_field_of(identity, setup) for identity in _TESTED_AS]
    missing = [
        about.name
        for about in secrets_of(setup)
        if about.name in wanted and status.secrets.get(about.name) is None
    ]
    if not missing:
        return f"Next: `/d365 test {name}`."
    given = " and ".join(f"`d365bot secret set {name} {field}`" for field in missing)
    return (
        f"Next: give the secret with `/d365 secret {name}`, or where the bot runs with {given}; "
        f"then `/d365 test {name}`."
    )
