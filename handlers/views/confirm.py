"""What is asked back before a setup is saved: a URL to correct, and what somebody else changed."""

from slack_sdk.models.blocks import Block, InputBlock, Option, PlainTextObject, RadioButtonsElement
from slack_sdk.models.views import View

from connection.setting_up import OtherEdit, Questions
from connection.setup import FIELDS, values_of
from handlers.ids import CONFIRM_FORM, ENTERED, KEEP_FIELD, KEEP_URL, MINE, PROPOSED, THEIRS, VALUE
from handlers.views.blocks import clip, context, escape, person, section

_OPTION = 75
_LABELS = {about.name: about.label for about in FIELDS}


def confirm_view(questions: Questions) -> View:
    """Stands on top of the form: closing it brings the form back as it was typed."""
    blocks: list[Block] = []
    if questions.proposed_url:
        blocks += _url_question(questions)
    if questions.other_edit:
        blocks += _edit_questions(questions, questions.other_edit)
    blocks.append(context("Back returns to the form; nothing that you typed is lost."))
    return View(
        type="modal",
        callback_id=CONFIRM_FORM,
        private_metadata=questions.draft_id,
        title=PlainTextObject(text="Before it is saved"),
        submit=PlainTextObject(text="Save"),
        close=PlainTextObject(text="Back"),
        blocks=blocks,
    )


def _url_question(questions: Questions) -> list[Block]:
    text = (
        f"*{_LABELS['sales_url']}*: Business Central would correct the address.\n"
        f"Entered: {escape(clip(questions.entered_url, 1000))}\n"
        f"Suggested: *{escape(clip(questions.proposed_url, 1000))}*"
    )
    choice = _radio(
        KEEP_URL,
        "Do you want to use the suggested address?",
        ((PROPOSED, "Yes, use the suggested address"), (ENTERED, "No, keep what I entered")),
    )
    return [section(text), choice]


def _edit_questions(questions: Questions, other: OtherEdit) -> list[Block]:
    by = other.saved.saved_by
    theirs = values_of(other.saved.setup)
    who, revision = person(by.organisation, by.user), other.saved.revision
    lines = [f"{who} saved revision {revision} while this form was open and changed:"]
    lines += [f"• *{escape(_LABELS[name])}* to {_shown(theirs[name])}" for name in other.theirs]
    quiet = [name for name in other.theirs if name not in other.conflicts]
    if quiet:
        lines.append("What only they changed stays theirs.")
    blocks: list[Block] = [section("\n".join(lines))]
    blocks += [
        _radio(
            f"{KEEP_FIELD}{name}",
            f"{_LABELS[name]}: you both changed it. Which one counts?",
            (
                (THEIRS, f"Theirs: {theirs[name] or '(empty)'}"),
                (MINE, f"Mine: {questions.typed.get(name) or '(empty)'}"),
            ),
        )
        for name in other.conflicts
    ]
    return blocks


def _radio(block_id: str, label: str, choices: tuple[tuple[str, str], ...]) -> Block:
    options = [
        Option(value=value, text=PlainTextObject(text=clip(text, _OPTION)))
        for value, text in choices
    ]
    return InputBlock(
        block_id=block_id,
        label=PlainTextObject(text=label),
        element=RadioButtonsElement(action_id=VALUE, options=options, initial_option=options[0]),
    )


def _shown(value: str) -> str:
    return escape(clip(value, 200)) if value else "(empty)"
