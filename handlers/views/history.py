"""The last tests of a connection, and what changed since it last worked."""

from slack_sdk.models.blocks import Block

from connection.past_pictures import Difference, Edit, History
from connection.report import CheckResult, Outcome, Report
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
from handlers.views.words import OUTCOME_WORDS, counted, slack_time

_LINES_A_SECTION = 5
_MOST_NAMED = 4
_MOST_DIFFERENCES = 15
_NOT_MADE = (Outcome.SKIPPED, Outcome.UNTESTED)


def history_message(picture: History) -> Message:
    """Newest first; then the difference to the last test that worked."""
    title = f"History of {picture.name}"
    if not picture.newest:
        said = f"{picture.name} was not tested yet. Start with `/d365 test {picture.name}`."
        return Message(plain([title, said]), (header(title), section(said)))
    tests = [_test(report) for report in picture.newest]
    since = _since(picture)
    blocks: list[Block] = [header(title), *sections(tests, _LINES_A_SECTION), divider()]
    blocks += sections(since, _LINES_A_SECTION)
    blocks.append(context(_count(picture)))
    newest = picture.newest[0]
    blocks.append(
        actions(
            button("Test again", "test", newest.connection_id),
            button("All checks", "all_checks", newest.id),
        )
    )
    return Message(plain([title, *tests, *since]), tuple(blocks))


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


def _named(how: str, results: list[CheckResult]) -> str:
    if not results:
        return ""
    names = ", ".join(escape(result.title) for result in results[:_MOST_NAMED])
    left = len(results) - _MOST_NAMED
    more = f" and {left} more" if left > 0 else ""
    return f"*{how}:* {names}{more}"


def _since(picture: History) -> list[str]:
    newest, worked = picture.newest[0], picture.worked
    if newest.outcome is not Outcome.FAIL:
        return [_works(newest)]
    if worked is None or worked.finished_at is None:
        return ["*It never worked so far:* no test of it went without a failure."]
    lines = [f"*What changed since it last worked,* {slack_time(worked.finished_at)}:"]
    lines += [_edit(one) for one in picture.edits]
    if not picture.edits:
        lines.append(f"The setup is the same, revision {newest.revision}.")
    lines += [_difference(one) for one in picture.differences[:_MOST_DIFFERENCES]]
    left = len(picture.differences) - _MOST_DIFFERENCES
    return [*lines, f"and {counted(left, 'more check')}."] if left > 0 else lines


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


def _difference(one: Difference) -> str:
    before = _came_to(one.before) if one.before else "there was no such check"
    return f"*{escape(one.title)}*\n>then {escape(before)}\n>now {escape(_came_to(one.now))}"


def _came_to(result: CheckResult) -> str:
    said = f": {result.sentence}" if result.sentence else ""
    return f"{OUTCOME_WORDS[result.outcome][1]}{said}"
