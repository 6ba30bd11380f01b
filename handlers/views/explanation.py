"""What checks asked and were answered, for the one who asks alone."""

from slack_sdk.models.blocks import Block

from connection.exchanges import Exchange
from connection.past_pictures import Explanation
from connection.report import CheckResult, Outcome
from handlers.views.blocks import (
    Message,
    Part,
    clip,
    clip_mrkdwn,
    context,
    escape,
    header,
    is_cut,
    plain,
    section,
)
from handlers.views.check_lines import open_check
from handlers.views.links import NO_LINKS, Links
from handlers.views.newer import folded
from handlers.views.report import about_test
from handlers.views.words import counted, duration

_NOT_MADE = (Outcome.SKIPPED, Outcome.UNTESTED)
_MOST_CHECKS = 5
_MOST_EXCHANGES = 4
_ANSWER = 900
_BOX, _ADDRESS = 1500, 700
"""Escaped, what is short grows."""
_CHECK = 600
_CUT = (
    "Of long answers and addresses only the beginning is shown; *All checks* of the report has "
    "each check in full."
)
_WHY = "Secrets and tokens are masked. It is kept for 30 days."


def explanation_message(picture: Explanation, links: Links = NO_LINKS) -> Message:
    """Check by check: the finding, then each request with its answer."""
    report = picture.report
    title = f"For you alone: why, for {report.name}"
    blocks: list[Part] = [header(title), context(about_test(report))]
    lines = [title]
    for result, exchanges in picture.checks[:_MOST_CHECKS]:
        blocks += open_check(result, _CHECK, links)
        lines.append(escape(f"{result.title}: {result.sentence}"))
        shown = exchanges[-_MOST_EXCHANGES:]
        said: list[Block] = [section(_exchange(one)) for one in shown]
        if said:
            blocks.append(
                folded(f"{counted(len(said), 'request')} and what was answered", said, said)
            )
        lines += [escape(f"{one.method} {one.url}: {_came(one)}") for one in shown]
        if note := _note(result, len(exchanges), kept=picture.kept):
            blocks.append(context(note))
    blocks.append(context(_closing(picture)))
    if is_cut(blocks):
        blocks.append(context(_CUT))
    return Message(plain([*lines, _closing(picture)]), tuple(blocks))


def _exchange(one: Exchange) -> str:
    reference = f", {one.service}'s reference {escape(one.reference)}" if one.reference else ""
    said = clip_mrkdwn(escape(clip(one.answer, _ANSWER)).replace("```", "'''"), _BOX)
    body = f"\n```{said}```" if said.strip() else ""
    where = clip_mrkdwn(_code(one.url), _ADDRESS)
    return f"*{escape(one.method)}* `{where}`\n{_came(one)}{reference}{body}"


def _came(one: Exchange) -> str:
    if one.status == 0:
        return f"no answer, after {duration(one.ms)}"
    return f"{one.service} answered {one.status} after {duration(one.ms)}"


def _code(text: str) -> str:
    return escape(text).replace("`", "'")


def _note(result: CheckResult, sent: int, *, kept: bool) -> str:
    if sent > _MOST_EXCHANGES:
        return f"The last {_MOST_EXCHANGES} of {sent} requests."
    if sent == 0 and result.outcome in _NOT_MADE:
        return "It was not made, so nothing was asked."
    if sent == 0 and kept:
        return "It sent no request of its own: it judged what an earlier check had read."
    return ""


def _closing(picture: Explanation) -> str:
    if not picture.checks and picture.asked_for:
        return "This test did not have that check: it came with a later version of the bot."
    if not picture.checks:
        return (
            "Nothing failed in this test. Name a check to see what it asked: "
            f"`/d365 test {picture.report.name} explain check`."
        )
    if not picture.kept:
        return "What was asked and answered is not kept any more: it is, for 30 days."
    left = len(picture.checks) - _MOST_CHECKS
    more = f" {left} more: `/d365 test {picture.report.name} explain check`." if left > 0 else ""
    return f"{_WHY}{more}"
