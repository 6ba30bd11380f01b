"""A test, while it runs and when it is done: what failed first and open, with its remedy."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, InteractiveElement

from connection.identities import Identity
from connection.report import CheckResult, Outcome, Report, Topic
from handlers.views.blocks import (
    Message,
    actions,
    actor,
    button,
    context,
    divider,
    escape,
    header,
    plain,
    section,
    sections,
)
from handlers.views.words import OUTCOME_WORDS, counted, duration, slack_time

_LINES_A_SECTION = 4
_OPEN = 12
"""A message has at most 50 blocks."""
_TO_DO = (Outcome.FAIL, Outcome.WARN)
_NAMES = "Names are left out here: `/d365 status {name} names` shows them to you alone."
_UNDER_WAY = (Outcome.WAITING, Outcome.RUNNING)


def report_message(report: Report, *, names_left_out: bool = False) -> Message:
    """What failed with its remedy, then what was not tested, then the names of what passed; see
    `connection.names.for_everybody`."""
    if report.finished_at is None:
        return _running(report)
    headline = _headline(report)
    blocks: list[Block] = [header(headline), context(about_test(report))]
    first = [r for r in report.results if r.outcome in _TO_DO]
    passed = [r for r in report.results if r.outcome is Outcome.PASS]
    rest = [r for r in report.results if r not in first and r not in passed]
    for result in first[:_OPEN]:
        blocks += open_check(result)
    blocks += sections([_line(result) for result in first[_OPEN:]], _LINES_A_SECTION)
    if first and (rest or passed):
        blocks.append(divider())
    blocks += sections([_line(result) for result in rest], _LINES_A_SECTION)
    if passed:
        blocks.append(section(_folded(passed)))
    if names_left_out:
        blocks.append(context(_NAMES.format(name=report.name)))
    blocks.append(actions(*_buttons(report, names_left_out=names_left_out)))
    lines = [headline, *(_plain_line(result) for result in (*first, *rest)), _folded(passed)]
    return Message(plain(lines), tuple(blocks))


def checks_message(report: Report) -> Message:
    """Every check in full, for the one who asks alone."""
    headline = f"For you alone: every check of {report.name}"
    order = [r for r in report.results if r.outcome in _TO_DO]
    order += [r for r in report.results if r.outcome not in _TO_DO]
    lines = [_line(result) + _private(result) + _to_do(result) for result in order]
    return Message(
        plain([headline, *(_plain_line(result) for result in order)]),
        (header(headline), context(about_test(report)), *sections(lines, _LINES_A_SECTION)),
    )


def _private(result: CheckResult) -> str:
    return f" {escape(result.private)}" if result.private else ""


def _to_do(result: CheckResult) -> str:
    return f"\n*What to do:* {escape(result.remedy)}" if result.remedy else ""


def _running(report: Report) -> Message:
    """Each check has a line, so that people see it move."""
    headline = _headline(report)
    lines = [_line(result) for result in report.results]
    blocks = [header(headline), context(about_test(report)), *sections(lines, _LINES_A_SECTION)]
    return Message(
        plain([headline, *(_plain_line(result) for result in report.results)]), tuple(blocks)
    )


def _folded(passed: Sequence[CheckResult]) -> str:
    if not passed:
        return ""
    titles: dict[Topic, list[str]] = {}
    for result in passed:
        titles.setdefault(result.topic, []).append(escape(result.title))
    lines = [
        f"{topic}: {', '.join(some)}" if topic else ", ".join(some)
        for topic, some in titles.items()
    ]
    return "\n".join([f"{_mark(passed[0])} *{counted(len(passed), 'check')} passed*", *lines])


def _buttons(report: Report, *, names_left_out: bool) -> list[InteractiveElement]:
    buttons = [button("Test again", "test", report.connection_id)]
    if any(result.outcome in _TO_DO for result in report.results):
        buttons.append(button("Explain", "explain", report.id))
    buttons.append(button("All checks", "all_checks", report.id))
    if names_left_out:
        buttons.append(button("Names", "names", report.connection_id))
    return buttons


def _headline(report: Report) -> str:
    if report.finished_at is None:
        done = sum(result.outcome not in _UNDER_WAY for result in report.results)
        return f"Testing {report.name}: {done} of {counted(len(report.results), 'check')}"
    failed = sum(result.outcome is Outcome.FAIL for result in report.results)
    skipped = sum(result.outcome is Outcome.SKIPPED for result in report.results)
    if failed:
        more = f", {skipped} skipped" if skipped else ""
        return f"Test of {report.name}: {counted(failed, 'check')} failed{more}"
    if report.outcome is Outcome.WARN and skipped:
        return f"Test of {report.name}: what was tested works, with warnings, {skipped} skipped"
    if report.outcome is Outcome.WARN:
        return f"Test of {report.name}: it works, with warnings"
    if skipped:
        return f"Test of {report.name}: what was tested passed, {skipped} skipped"
    untested = sum(result.outcome is Outcome.UNTESTED for result in report.results)
    but = f", {untested} not tested" if untested else ""
    return f"Test of {report.name}: every check passed{but}"


def about_test(report: Report) -> str:
    """Which revision, who asked, and when."""
    who = actor(report.asked_by.organisation, report.asked_by.user)
    when = slack_time(report.finished_at or report.started_at)
    return f"Read-only test of setup revision {report.revision}, asked for by {who}, {when}"


def open_check(result: CheckResult) -> list[Block]:
    """What is amiss, what to do, and by what ids it can be found again."""
    lines = [f"{_mark(result)} *{escape(result.title)}* {_word(result)}: {escape(result.sentence)}"]
    if result.remedy:
        lines.append(_to_do(result).strip())
    return [*sections(lines, len(lines)), context(_trace(result))]


def _line(result: CheckResult) -> str:
    said = f": {escape(_said(result))}" if _said(result) else ""
    took = f" _{_took(result)}_" if _took(result) else ""
    return f"{_mark(result)} *{escape(result.title)}* {_word(result)}{said}{took}"


def _plain_line(result: CheckResult) -> str:
    said = f": {_said(result)}" if _said(result) else ""
    remedy = f" What to do: {result.remedy}" if result.remedy else ""
    return escape(f"{result.title} {_word(result)}{said}{remedy}")


def _said(result: CheckResult) -> str:
    return f"because {result.sentence}" if result.outcome is Outcome.SKIPPED else result.sentence


def _took(result: CheckResult) -> str:
    if result.outcome in (*_UNDER_WAY, Outcome.SKIPPED, Outcome.UNTESTED):
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


def _mark(result: CheckResult) -> str:
    return OUTCOME_WORDS[result.outcome][0]


def _word(result: CheckResult) -> str:
    return OUTCOME_WORDS[result.outcome][1]
