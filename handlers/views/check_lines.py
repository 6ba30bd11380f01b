"""One check in words: in a line, open with its remedy, or in plain text."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from connection.identities import Identity
from connection.report import CheckResult, Outcome, Topic
from handlers.views.blocks import SECTION_TEXT, clip_mrkdwn, context, escape, fitting, section
from handlers.views.links import NO_LINKS, Links
from handlers.views.words import OUTCOME_WORDS, counted, duration

TO_DO = (Outcome.FAIL, Outcome.WARN)
UNDER_WAY = (Outcome.WAITING, Outcome.RUNNING)
_LINE, _LINK = 2000, 200


def check_line(result: CheckResult, most: int = _LINE) -> str:
    """What it came to, in at most so many characters."""
    said = f": {escape(_said(result))}" if _said(result) else ""
    took = f" _{_took(result)}_" if _took(result) else ""
    room = most - len(took)
    return (
        clip_mrkdwn(f"{_mark(result)} *{escape(result.title)}* {word_of(result)}{said}", room)
        + took
    )


def open_check(
    result: CheckResult, most: int = SECTION_TEXT, links: Links = NO_LINKS
) -> list[Block]:
    """What is amiss, what to do, and by what ids it can be found again."""
    room = min(most, SECTION_TEXT - _LINK)
    lines = [links.within(line) for line in fitting(_opened(result), room)]
    return [section("\n".join(lines)), context(_trace(result))]


def _opened(result: CheckResult) -> list[str]:
    said = f"{_mark(result)} *{escape(result.title)}* {word_of(result)}: {escape(result.sentence)}"
    return [said, to_do(result)] if result.remedy else [said]


def to_do(result: CheckResult) -> str:
    """The remedy, '' without one."""
    return f"*What to do:* {escape(result.remedy)}" if result.remedy else ""


def plain_check(result: CheckResult) -> str:
    """For plain text; escaped."""
    said = f": {_said(result)}" if _said(result) else ""
    remedy = f" What to do: {result.remedy}" if result.remedy else ""
    return escape(f"{result.title} {word_of(result)}{said}{remedy}")


def by_topic(results: Sequence[CheckResult], most: int) -> list[str]:
    """Only the titles, a line for each topic; what is more than `most` is counted."""
    titles: dict[Topic, list[str]] = {}
    for result in results[:most]:
        titles.setdefault(result.topic, []).append(escape(result.title))
    lines = [
        f"{topic}: {', '.join(some)}" if topic else ", ".join(some)
        for topic, some in titles.items()
    ]
    left = len(results) - most
    return [*lines, f"and {counted(left, 'more check')}"] if left > 0 else lines


def word_of(result: CheckResult) -> str:
    """What it came to, in a word."""
    return OUTCOME_WORDS[result.outcome][1]


def _mark(result: CheckResult) -> str:
    return OUTCOME_WORDS[result.outcome][0]


def _said(result: CheckResult) -> str:
    return f"because {result.sentence}" if result.outcome is Outcome.SKIPPED else result.sentence


def _took(result: CheckResult) -> str:
    if result.outcome in (*UNDER_WAY, Outcome.SKIPPED, Outcome.UNTESTED):
        return ""
    as_whom = "" if result.identity is Identity.NONE else f", as the {result.identity.value}"
    return f"({duration(result.ms)}{as_whom})"


def _trace(result: CheckResult) -> str:
    parts = [_took(result).strip("()")]
    if result.correlation:
        parts.append(f"correlation id `{result.correlation}`")
    if result.reference:
        parts.append(f"Microsoft's reference `{escape(result.reference)}`")
    return " · ".join(filter(None, parts))
