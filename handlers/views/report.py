"""A test, while it runs and when it is done: what failed open, with its remedy; the rest folded."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, InteractiveElement

from connection.report import CheckResult, Outcome, Report
from handlers.views.blocks import (
    SECTION_TEXT,
    Message,
    Part,
    actions,
    actor,
    button,
    context,
    header,
    is_cut,
    plain,
    section,
    sections,
)
from handlers.views.check_lines import (
    TO_DO,
    UNDER_WAY,
    by_topic,
    check_line,
    open_check,
    plain_check,
)
from handlers.views.links import NO_LINKS, Links
from handlers.views.newer import CHILDREN, folded
from handlers.views.words import OUTCOME_WORDS, counted, slack_time

_LINES_A_SECTION = 4
_OPEN, _OPEN_TEXT = 7, 2200
"""So many open ones, of so many characters together: about a screen."""
_LINE, _FOLDED_LINE, _RUNNING_LINE = 240, 280, 100
_MOST_LINES, _MOST_RUNNING, _MOST_FOLDED_NAMES = 8, 36, 60
_USUAL, _NAMED_OF_MANY = 50, 7
"""Of a usual number of checks every name is told."""
_RUNNING_LINES_A_SECTION = 9
_MOST_FOLDED = 80
_NAMES = "Names are left out here: `/d365 status {name} names` shows them to you alone."
_CUT = "*All checks* has every check in full, also what ends in … here."


def report_message(
    report: Report, *, names_left_out: bool = False, links: Links = NO_LINKS
) -> Message:
    """What failed with its remedy, then what was not tested, then the names of what passed; see
    `connection.names.for_everybody`."""
    if report.finished_at is None:
        return _running(report)
    headline = _headline(report)
    names = _USUAL if len(report.results) <= _USUAL else _NAMED_OF_MANY
    first = [r for r in report.results if r.outcome in TO_DO]
    skipped, untested, passed = (
        [r for r in report.results if r.outcome is outcome]
        for outcome in (Outcome.SKIPPED, Outcome.UNTESTED, Outcome.PASS)
    )
    blocks: list[Part] = [header(headline), context(about_test(report))]
    blocks += _opened(first, links, names)
    blocks += [*_aside(skipped, [], names), *_aside(untested, passed, names)]
    if is_cut(blocks) or len(first) > _OPEN:
        blocks.append(context(_CUT))
    if names_left_out:
        blocks.append(context(_NAMES.format(name=report.name)))
    blocks.append(actions(*_buttons(report, names_left_out=names_left_out)))
    lines = [headline, *(plain_check(result) for result in (*first, *skipped, *untested))]
    return Message(plain([*lines, *_named(passed, len(passed))]), tuple(blocks))


def _opened(first: Sequence[CheckResult], links: Links, names: int) -> list[Block]:
    """What somebody has to do something about; beyond a screen only by name."""
    shown, more = first[:_OPEN], first[_OPEN:]
    if not shown:
        return []
    each = min(SECTION_TEXT, _OPEN_TEXT // len(shown))
    blocks = [block for result in shown for block in open_check(result, each, links)]
    if more:
        lines = [f"*{_counted(more)} as well:*", *by_topic(more, names)]
        blocks.append(section("\n".join(lines)))
    return blocks


def _aside(others: Sequence[CheckResult], passed: Sequence[CheckResult], names: int) -> list[Part]:
    """What nobody has to do anything about: folded, and in classic blocks short."""
    if not (others or passed):
        return []
    most = _MOST_FOLDED_NAMES
    named = _named(passed, most) if others else by_topic(passed, most)
    inside = sections(named, len(named) or 1)
    room = _MOST_FOLDED // (CHILDREN - 2)
    lines = [check_line(result, _FOLDED_LINE) for result in others[:_MOST_FOLDED]]
    inside += sections(lines, max(_LINES_A_SECTION, room))
    left = others[_MOST_FOLDED:]
    inside += [section("\n".join(_named(left, names)))] if left else []
    title = ", ".join(_counted(some) for some in (passed, others) if some)
    return [folded(title, inside, _in_classic(others, passed, names))]


def _in_classic(
    others: Sequence[CheckResult], passed: Sequence[CheckResult], names: int
) -> list[Block]:
    few = len(others) <= _MOST_LINES
    lines = [check_line(result, _LINE) for result in others if few]
    named = [_named(some, names) for some in ([] if few else others, passed)]
    return sections(lines, _LINES_A_SECTION) + [section("\n".join(one)) for one in named if one]


def _named(some: Sequence[CheckResult], most: int) -> list[str]:
    """Only their titles, by topic."""
    if not some:
        return []
    return [
        f"{OUTCOME_WORDS[some[0].outcome][0]} *{_counted(some)}*",
        *by_topic(some, most),
    ]


def _counted(some: Sequence[CheckResult]) -> str:
    return f"{counted(len(some), 'check')} {_together(some)}"


def _together(some: Sequence[CheckResult]) -> str:
    words = dict.fromkeys(OUTCOME_WORDS[result.outcome][1] for result in some)
    return "with a warning" if list(words) == ["warning"] else " or ".join(words)


def _running(report: Report) -> Message:
    """Each check has a line, so that people see it move; of very many, what is done is counted."""
    headline = _headline(report)
    results = sorted(report.results, key=_interest) if _many(report) else report.results
    lines = [check_line(result, _RUNNING_LINE) for result in results[:_MOST_RUNNING]]
    left = results[_MOST_RUNNING:]
    more = [f"and {counted(len(left), 'more check')}, which the report has"] if left else []
    shown = sections([*lines, *more], _RUNNING_LINES_A_SECTION)
    blocks = [header(headline), context(about_test(report)), *shown]
    if is_cut(shown):
        blocks.append(context("The report will have it in full, also what ends in … here."))
    spoken = [plain_check(result) for result in report.results]
    return Message(plain([headline, *spoken]), tuple(blocks))


def _many(report: Report) -> bool:
    return len(report.results) > _MOST_RUNNING


def _interest(result: CheckResult) -> int:
    order = (Outcome.RUNNING, *TO_DO, Outcome.WAITING)
    return order.index(result.outcome) if result.outcome in order else len(order)


def _buttons(report: Report, *, names_left_out: bool) -> list[InteractiveElement]:
    buttons = [button("Test again", "test", report.connection_id)]
    if any(result.outcome in TO_DO for result in report.results):
        buttons.append(button("Explain", "explain", report.id))
    buttons.append(button("All checks", "all_checks", report.id))
    if names_left_out:
        buttons.append(button("Names", "names", report.connection_id))
    return buttons


def _headline(report: Report) -> str:
    if report.finished_at is None:
        done = sum(result.outcome not in UNDER_WAY for result in report.results)
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
