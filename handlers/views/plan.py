"""A plan in words: what will be, what stays, what is done by hand; and how far it is."""

from collections.abc import Sequence

from connection.changes.plan import Act, Plan, PlannedStep, public
from connection.changes.request import Request, StepRun, StepState
from connection.changes.table import BY_ID
from connection.names import veiled
from handlers.views.blocks import clip, escape
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
_VALUE = 120


def title_of(step_id: str) -> str:
    """As people read it."""
    return BY_ID[step_id].title if step_id in BY_ID else "Policy"


def plan_lines(plan: Plan, names: Sequence[str]) -> list[str]:
    """Before it is decided: a line for each step that changes something, and one for the rest."""
    lines = [_line(one, names) for one in plan.steps if one.changed or one.again]
    same = [one.step for one in plan.steps if not (one.changed or one.again)]
    passed = "The checks passed. " if "checks" in same else ""
    stay = ", ".join(title_of(step) for step in same if step != "checks")
    rest = f"{passed}Stays as it is: {stay}." if stay else passed.strip()
    return [*lines, rest] if rest else lines


def _line(planned: PlannedStep, names: Sequence[str]) -> str:
    keys = [key for key in planned.wanted if key in planned.changed or key in planned.again]
    changes = "; ".join(_change(planned, key, names) for key in keys)
    line = f"• *{title_of(planned.step)}*: {changes}."
    if planned.by_hand:
        line += f" _By hand in Business Central, because {_told(planned.by_hand, names)}._"
    return f"{line} {_told(planned.note, names)}".rstrip()


def _change(planned: PlannedStep, key: str, names: Sequence[str]) -> str:
    wanted = _told(public(key, planned.wanted[key]), names)
    before = planned.before.get(key)
    before = public(key, before) if before is not None else None
    what = "" if key == title_of(planned.step) else f"{key} "
    return f"{what}{_told(before, names)} → {wanted}" if before is not None else f"{what}→ {wanted}"


def run_lines(request: Request, names: Sequence[str]) -> list[str]:
    """While it is applied and afterwards."""
    planned = {one.step: one for one in request.plan.steps}
    told = request.is_open
    return [_run(planned[one.step], one, names, told=told) for one in request.steps]


def stuck_lines(request: Request, names: Sequence[str]) -> list[str]:
    """What somebody has to do something about now, and what; it stands first."""
    if not request.is_open:
        return []
    return [_stuck(run, names) for run in request.steps if run.state in _STUCK]


def _stuck(run: StepRun, names: Sequence[str]) -> str:
    title = title_of(run.step)
    line = f"*{title}* failed" if run.state is StepState.FAILED else f"*{title}* is done by hand"
    line += f": {_told(run.said, names).rstrip('.')}." if run.said else "."
    return f"{line}\n*What to do:* {_told(run.hint, names)}" if run.hint else line


def _run(planned: PlannedStep, run: StepRun, names: Sequence[str], *, told: bool) -> str:
    """`told` says that what is stuck stands above."""
    sign, word = RUN_WORDS[run.state]
    line = f"{sign} *{title_of(run.step)}* {word}"
    if told and run.state in _STUCK:
        return f"{line}, see above"
    if run.state is StepState.RUNNING and run.percent:
        line += f", {run.percent:.0f}\N{NO-BREAK SPACE}%"
    if run.state in (StepState.DONE, StepState.RUNNING, StepState.WAITING):
        keys = [key for key in planned.wanted if key in planned.changed or key in planned.again]
        if keys:
            line += f": {'; '.join(_change(planned, key, names) for key in keys)}"
    if run.said and run.state is not StepState.WAITING:
        line += f". {_told(run.said, names)}"
    return line


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
    return escape(clip(veiled(text, names), _VALUE * 4))
