"""How far a request is: a line for each step, and first what somebody has to do."""

from collections.abc import Sequence

from connection.changes.plan import Act, Plan, PlannedStep
from connection.changes.request import Request, StepRun, StepState
from connection.names import veiled
from handlers.views.blocks import clip, clip_mrkdwn, escape, fitting
from handlers.views.diff import change, title_of
from handlers.views.words import counted, slack_time

TITLES: dict[Act, str] = {
    Act.ENABLE: "Enable",
    Act.DISABLE: "Disable",
    Act.SOLUTION: "Integration solution of",
    Act.ROLES: "Roles of the integration user of",
    Act.SALES_ORDERS: "Sales order integration of",
    Act.WEB_CLIENT_URL: "Web client URL of",
    Act.AVAILABILITY: "Item availability of",
    Act.UNDO: "Undo at",
    Act.POLICY: "Who decides about",
}
RUN_WORDS: dict[StepState, tuple[str, str]] = {
    StepState.WAITING: (":white_circle:", "to do"),
    StepState.RUNNING: (":hourglass_flowing_sand:", "under way"),
    StepState.DONE: (":white_check_mark:", "done"),
    StepState.ALREADY: (":white_check_mark:", "in order"),
    StepState.BY_HAND: (":raised_hand:", "by hand"),
    StepState.FAILED: (":x:", "failed"),
}
_STUCK = (StepState.FAILED, StepState.BY_HAND)
_SAID = 800
_STUCK_TEXT, _MOST_STUCK = 860, 3
"""Characters of all together: about half a screen."""
_LETTERS, _SHORTEST, _LEAST = 50, 56, 6
"""Of a line."""


def run_lines(request: Request, names: Sequence[str], room: int) -> list[str]:
    """While it is applied and afterwards, in so many lines."""
    planned = {one.step: one for one in request.plan.steps}
    above = _stuck_runs(request)[:_MOST_STUCK]
    most = max(_SHORTEST, room * _LETTERS // max(1, len(request.steps)))
    parts = [_run(planned[run.step], run, names, told=run in above) for run in request.steps]
    return [head + clip_mrkdwn(rest, max(_LEAST, most - len(head))) for head, rest in parts]


def stuck_lines(request: Request, names: Sequence[str]) -> list[str]:
    """What somebody has to do something about now, and what; it stands first."""
    stuck = _stuck_runs(request)
    said = [line for run in stuck[:_MOST_STUCK] for line in _stuck(run, names)]
    more = len(stuck) - _MOST_STUCK
    also = [f"{counted(more, 'more step')} below."] if more > 0 else []
    return [*fitting(said, _STUCK_TEXT), *also]


def _stuck_runs(request: Request) -> list[StepRun]:
    return [run for run in request.steps if run.state in _STUCK] if request.is_open else []


def _stuck(run: StepRun, names: Sequence[str]) -> list[str]:
    title = title_of(run.step)
    line = f"*{title}* failed" if run.state is StepState.FAILED else f"*{title}* is done by hand"
    line += f": {_told(run.said, names).rstrip('.')}." if run.said else "."
    return [line, f"*What to do:* {_told(run.hint, names)}"] if run.hint else [line]


def _run(
    planned: PlannedStep, run: StepRun, names: Sequence[str], *, told: bool
) -> tuple[str, str]:
    """How far it is, and what else there is to say; `told`: what is stuck stands above."""
    sign, word = RUN_WORDS[run.state]
    head, rest = f"{sign} *{title_of(run.step)}* {word}", ""
    if told and run.state in _STUCK:
        return head, ", see above"
    if run.state is StepState.RUNNING and run.percent:
        head += f", {run.percent:.0f}\N{NO-BREAK SPACE}%"
    changed = change(planned, names, "is" if run.state is StepState.DONE else "will be")
    if changed and run.state in (StepState.DONE, StepState.RUNNING, StepState.WAITING):
        rest += f": {changed}"
    if run.said and run.state is not StepState.WAITING:
        rest += f". {_told(run.said, names)}"
    return head, rest


def impact_line(plan: Plan) -> str:
    """Whom it touches, and which reading says so; '' where nothing was read."""
    said = []
    one = plan.impact
    if one.users is not None and one.users_at is not None:
        people = counted(one.users, "person", "people")
        said.append(f"{people} mapped by the check of users of {slack_time(one.users_at)}")
    if one.jobs is not None and one.jobs_at is not None:
        said.append(
            f"{counted(one.jobs, 'job')} of the synchronisation, read {slack_time(one.jobs_at)}"
        )
    return f"Touches {'; '.join(said)}." if said else ""


def _told(text: str, names: Sequence[str]) -> str:
    return escape(clip(" ".join(veiled(text, names).split()), _SAID))
