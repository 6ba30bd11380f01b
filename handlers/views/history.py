"""The last tests of a connection, and what changed since it last worked."""

from collections.abc import Sequence

from connection.past_pictures import Difference, Edit, History
from connection.report import CheckResult, Outcome, Report
from handlers.views.blocks import (
    SECTION_TEXT,
    Message,
    Part,
    actions,
    actor,
    button,
    clip_mrkdwn,
    context,
    divider,
    escape,
    fitting,
    header,
    plain,
    section,
    sections,
)
from handlers.views.newer import Cell, actor_cell, cell, folded, table, time_cell
from handlers.views.words import OUTCOME_WORDS, counted, slack_time

_LINES_A_SECTION = 5
_HEADS = ("When", "Result", "Setup revision", "Asked for by")
_MOST_NAMED, _MOST_OF_THE_REST = 2, 12
_OPEN, _MOST_DIFFERENCES = 5, 40
_MOST_EDITS = 3
_LINE = 140
_NOT_MADE = (Outcome.SKIPPED, Outcome.UNTESTED)


def history_message(picture: History) -> Message:
    """Newest first; then the difference to the last test that worked."""
    title = f"History of {picture.name}"
    if not picture.newest:
        said = f"{picture.name} was not tested yet. Start with `/d365 test {picture.name}`."
        return Message(plain([title, said]), (header(title), section(said)))
    tests = [_test(report) for report in picture.newest]
    since = _since(picture)
    rows = [_cells(report) for report in picture.newest]
    shown = table(_HEADS, rows, sections(tests, _LINES_A_SECTION))
    blocks: list[Part] = [header(title), shown, divider()]
    blocks += [section("\n".join(fitting(since)))]
    blocks += _differences(picture)
    blocks.append(context(_count(picture)))
    newest = picture.newest[0]
    blocks.append(
        actions(
            button("Test again", "test", newest.connection_id),
            button("All checks", "all_checks", newest.id),
        )
    )
    spoken = [_difference(one) for one in _changed(picture)]
    return Message(plain([title, *tests, *since, *spoken]), tuple(blocks))


def _count(picture: History) -> str:
    shown = len(picture.newest)
    of = (
        f"The newest {shown} of {picture.number} tests"
        if picture.number > shown
        else (counted(picture.number, "test"))
    )
    return f"{of}. Every report is kept; what was asked and answered in it, for 30 days."


def _test(report: Report) -> str:
    mark, word = OUTCOME_WORDS[report.outcome]
    failed = [result for result in report.results if result.outcome is Outcome.FAIL]
    warned = [result for result in report.results if result.outcome is Outcome.WARN]
    said = _named("failed", failed) or _named("warned", warned) or word
    when = slack_time(report.finished_at or report.started_at)
    who = actor(report.asked_by.organisation, report.asked_by.user)
    return f"{mark} {when}: {said} (setup revision {report.revision}, by {who})"


def _cells(report: Report) -> list[Cell]:
    _, word = OUTCOME_WORDS[report.outcome]
    failed = [result for result in report.results if result.outcome is Outcome.FAIL]
    warned = [result for result in report.results if result.outcome is Outcome.WARN]
    return [
        time_cell(report.finished_at or report.started_at),
        cell(f"{word}: {_titles(failed or warned)}" if failed or warned else word),
        cell(str(report.revision)),
        actor_cell(report.asked_by.organisation, report.asked_by.user),
    ]


def _titles(results: list[CheckResult]) -> str:
    names = ", ".join(result.title for result in results[:_MOST_NAMED])
    left = len(results) - _MOST_NAMED
    return f"{names} and {left} more" if left > 0 else names


def _named(how: str, results: list[CheckResult]) -> str:
    if not results:
        return ""
    return f"*{how}:* {escape(_titles(results))}"


def _since(picture: History) -> list[str]:
    newest, worked = picture.newest[0], picture.worked
    if newest.outcome is not Outcome.FAIL:
        return [_works(newest)]
    if worked is None or worked.finished_at is None:
        return ["*It never worked so far:* no test of it went without a failure."]
    lines = [f"*What changed since it last worked,* {slack_time(worked.finished_at)}:"]
    lines += [clip_mrkdwn(_edit(one), _LINE) for one in picture.edits[-_MOST_EDITS:]]
    left = len(picture.edits) - _MOST_EDITS
    if left > 0:
        lines.append(f"and {counted(left, 'earlier revision')}: `/d365 audit {picture.name}`.")
    if not picture.edits:
        lines.append(f"The setup is the same, revision {newest.revision}.")
    return lines


def _changed(picture: History) -> Sequence[Difference]:
    """None where it works, or never did."""
    since = picture.newest[0].outcome is Outcome.FAIL and picture.worked is not None
    return picture.differences if since else ()


def _differences(picture: History) -> list[Part]:
    """The first ones open, the others folded; in classic blocks by name."""
    every = _changed(picture)
    first, more = every[:_OPEN], every[_OPEN:_MOST_DIFFERENCES]
    parts: list[Part] = [*sections([_short(one) for one in first], _LINES_A_SECTION)]
    if more:
        inside = sections([_short(one) for one in more], _LINES_A_SECTION)
        names = ", ".join(escape(one.title) for one in more[:_MOST_OF_THE_REST])
        beyond = len(more) - _MOST_OF_THE_REST
        names += f" and {beyond} more" if beyond > 0 else ""
        title = f"{counted(len(more), 'more check')} that came out otherwise"
        parts.append(folded(title, inside, [section(f"*{title}:* {names}")]))
    left = len(every) - _MOST_DIFFERENCES
    also = f" {counted(left, 'more check')} came out otherwise." if left > 0 else ""
    if any(_short(one) != _difference(one) for one in every) or also:
        parts.append(context(f"*All checks* has what the newest test found in full.{also}"))
    return parts


def _works(newest: Report) -> str:
    """Of what was not tested nobody knows."""
    left = sum(result.outcome in _NOT_MADE for result in newest.results)
    if not left:
        return "*It works,* by the newest test."
    were = "was" if left == 1 else "were"
    return f"*What was tested works,* by the newest test; {counted(left, 'check')} {were} not made."


def _edit(one: Edit) -> str:
    who = actor(one.saved_by.organisation, one.saved_by.user)
    changed = escape(", ".join(one.changed)) or "nothing"
    return f"Setup revision {one.revision}, {slack_time(one.saved_at)}, by {who}: {changed}."


def _difference(one: Difference, most: int = SECTION_TEXT) -> str:
    """Then and now, each in at most so many characters."""
    before = _came_to(one.before) if one.before else "there was no such check"
    then, now = (
        clip_mrkdwn(escape(" ".join(said.split())), most) for said in (before, _came_to(one.now))
    )
    return f"*{escape(one.title)}*\n>then {then}\n>now {now}"


def _short(one: Difference) -> str:
    return _difference(one, _LINE)


def _came_to(result: CheckResult) -> str:
    said = f": {result.sentence}" if result.sentence else ""
    return f"{OUTCOME_WORDS[result.outcome][1]}{said}"
