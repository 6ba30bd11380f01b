"""`d365bot test`: the checks of a connection, from the command line."""

import json
import uuid

from bot.giving import at_the_command_line, workspace_of
from bot.settings import read_settings
from bot.wiring import service_alone
from connection.report import CheckResult, Outcome, Report

_TO_DO = (Outcome.FAIL, Outcome.WARN)


async def tested(workspace: str, name: str) -> Report:
    """Run every check; the report is kept and recorded, and nothing is shown in Slack.

    Raises `UnknownConnection` and `Mistake`.
    """
    async with service_alone(read_settings()) as service:
        team = await workspace_of(service, workspace)
        return await service.test_alone(str(uuid.uuid4()), team, name, at_the_command_line())


def as_lines(report: Report, *, everything: bool) -> list[str]:
    """What failed first, with its remedy; what passed with `everything`, else as a number."""
    first = [one for one in report.results if one.outcome in _TO_DO]
    passed = [one for one in report.results if one.outcome is Outcome.PASS]
    rest = [one for one in report.results if one not in first and one not in passed]
    shown = [*first, *rest, *(passed if everything else ())]
    lines = [line for result in shown for line in _lines(result)]
    if passed and not everything:
        lines.append(f"{len(passed)} of {len(report.results)} checks passed. --all shows them.")
    told = [f"{report.name}, setup revision {report.revision}: {_overall(report)}", *lines]
    return [_of_one_line(line) for line in told]


def as_json(report: Report) -> str:
    """One object with every check, in ASCII, whatever foreign words are in it."""
    finished = report.finished_at or report.started_at
    return json.dumps(
        {
            "connection": report.name,
            "workspace": report.workspace,
            "revision": report.revision,
            "report": report.id,
            "outcome": report.outcome.value,
            "started_at": report.started_at.isoformat(),
            "finished_at": finished.isoformat(),
            "checks": [_facts(result) for result in report.results],
        },
    )


def _overall(report: Report) -> str:
    left = any(one.outcome in (Outcome.SKIPPED, Outcome.UNTESTED) for one in report.results)
    tested = "what was tested " if left and report.outcome is not Outcome.FAIL else ""
    return tested + _OVERALL[report.outcome]


def _of_one_line(line: str) -> str:
    """Foreign words are in it: nothing of them steers a terminal or begins a line of its own."""
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in line)


_OVERALL = {Outcome.FAIL: "failed", Outcome.WARN: "works, with warnings", Outcome.PASS: "works"}
_WORDS = {
    Outcome.PASS: "passed",
    Outcome.WARN: "warning",
    Outcome.FAIL: "failed",
    Outcome.SKIPPED: "skipped because",
    Outcome.UNTESTED: "not tested",
}


def _lines(result: CheckResult) -> list[str]:
    lines = [f"{result.title}: {_WORDS[result.outcome]}: {result.sentence}"]
    if result.remedy:
        lines.append(f"  What to do: {result.remedy}")
    if result.private:
        lines.append(f"  {result.private}")
    if result.outcome in _TO_DO and result.correlation:
        reference = f", Microsoft's reference {result.reference}" if result.reference else ""
        lines.append(f"  Correlation id {result.correlation}{reference}")
    return lines


def _facts(result: CheckResult) -> dict[str, object]:
    return {
        "check": result.check,
        "title": result.title,
        "identity": result.identity.value,
        "outcome": result.outcome.value,
        "sentence": result.sentence,
        "remedy": result.remedy,
        "private": result.private,
        "ms": result.ms,
        "correlation": result.correlation,
        "reference": result.reference,
    }
