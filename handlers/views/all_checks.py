"""Every check of a test in full, for the one who asks alone."""

from collections.abc import Sequence

from connection.report import CheckResult, Report
from handlers.views.blocks import (
    Attached,
    Message,
    Part,
    context,
    escape,
    fitting,
    header,
    plain,
    sections,
)
from handlers.views.check_lines import TO_DO, check_line, plain_check, to_do, word_of
from handlers.views.links import NO_LINKS, Links
from handlers.views.newer import CHILDREN, folded
from handlers.views.report import about_test
from handlers.views.words import counted, plain_time

_LINES_A_SECTION = 4
_LINE = 100_000
"""Cutting is left to `sections`, and told."""
_TOGETHER = CHILDREN * _LINES_A_SECTION
_OPEN, _MOST = 4, 160


def checks_message(report: Report, links: Links = NO_LINKS) -> Message:
    """What failed first and open. Where something does not fit, a file holds all of it."""
    headline = f"For you alone: every check of {report.name}"
    first = [r for r in report.results if r.outcome in TO_DO]
    rest = [r for r in report.results if r.outcome not in TO_DO]
    blocks: list[Part] = [header(headline), context(about_test(report))]
    blocks += sections([links.within(_full(one)) for one in first[:_OPEN]], _LINES_A_SECTION)
    for results in (first[_OPEN:_MOST], rest[: _MOST - len(first[:_MOST])]):
        for at in range(0, len(results), _TOGETHER):
            blocks.append(_some(results[at : at + _TOGETHER], links))
    spoken = plain([headline, *(plain_check(result) for result in (*first, *rest))])
    cut = len(report.results) > _MOST or _is_cut(first) or _is_cut(rest)
    return Message(spoken, tuple(blocks), _file(report) if cut else None)


def _some(results: Sequence[CheckResult], links: Links) -> Part:
    """What stands behind those that are open."""
    shown = sections([links.within(_full(result)) for result in results], _LINES_A_SECTION)
    kinds = ", ".join(dict.fromkeys(word_of(result) for result in results))
    return folded(f"{counted(len(results), 'check')}: {kinds}", shown, shown)


def _full(result: CheckResult) -> str:
    private = f" {escape(result.private)}" if result.private else ""
    remedy = f"\n{to_do(result)}" if result.remedy else ""
    return check_line(result, _LINE) + private + remedy


def _is_cut(results: Sequence[CheckResult]) -> bool:
    lines = [_full(result) for result in results]
    parts = (lines[at : at + _LINES_A_SECTION] for at in range(0, len(lines), _LINES_A_SECTION))
    return any(fitting(part) != part for part in parts)


def _file(report: Report) -> Attached:
    at = report.finished_at or report.started_at
    parts = [f"Test of {report.name}, setup revision {report.revision}, {plain_time(at)}"]
    for result in report.results:
        remedy = f"What to do: {result.remedy}" if result.remedy else ""
        correlation = f"Correlation id {result.correlation}" if result.correlation else ""
        said = (f"{result.title}: {word_of(result)}", result.sentence, result.private)
        parts.append("\n".join(filter(None, (*said, remedy, correlation))))
    name = f"checks-{report.name}-{at:%Y-%m-%d-%H%M}.txt"
    return Attached(name, f"Every check of {report.name}", "\n\n".join(parts))
