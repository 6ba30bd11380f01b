"""What a channel did not read, for the one who asked alone."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from connection.connection import Connection
from connection.report import CheckResult, Report
from handlers.views.blocks import Message, context, escape, header, plain, sections
from handlers.views.words import OUTCOME_WORDS

_WHY = "Channels read no account names, no addresses, and nothing in a service's own words."
_LINES_A_SECTION = 2


def report_names_message(report: Report, results: Sequence[CheckResult]) -> Message:
    """The checks of which something was left out, in full."""
    title = f"For you alone: names in the test of {report.name}"
    return _message(title, [(one.title, _in_full(one)) for one in results])


def status_names_message(connection: Connection, facts: Sequence[tuple[str, str]]) -> Message:
    """Labels and values that a status leaves out."""
    return _message(f"For you alone: names in the status of {connection.name}", facts)


def _message(title: str, facts: Sequence[tuple[str, str]]) -> Message:
    lines = [f"*{escape(label)}:* {escape(value)}" for label, value in facts]
    blocks: list[Block] = [header(title), *sections(lines, _LINES_A_SECTION), context(_WHY)]
    spoken = (escape(f"{label}: {value}") for label, value in facts)
    return Message(plain([title, *spoken]), tuple(blocks))


def _in_full(result: CheckResult) -> str:
    word = OUTCOME_WORDS[result.outcome][1]
    return " ".join(part for part in (f"{word}.", result.sentence, result.private) if part)
