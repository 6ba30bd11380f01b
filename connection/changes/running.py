"""Beginning an apply, and ending one: the states of request and connection go together."""

from dataclasses import replace
from datetime import datetime

from connection.asks import Ask
from connection.changes.plan import Act
from connection.changes.record import keep
from connection.changes.request import Request, RequestState
from connection.connection import Run, Wanted
from connection.people import BOTS, Person
from connection.ports import Reading, Transaction

SETUP_CHANGED = "The setup was changed since it was approved, so the plan does not hold any more."

APPLY = "apply"
"""The bot's own act: nobody types it, and nobody's role is looked at."""


def run_id(request: Request) -> str:
    """The id of the ask of its last run."""
    return f"{request.id}-run-{request.runs}"


def is_running(reading: Reading, request: Request) -> bool:
    """A job of it is under way, or about to begin: nobody else changes the request meanwhile."""
    return bool(request.runs) and reading.ask_is_open(run_id(request))


def begin_run(tx: Transaction, request: Request, now: datetime) -> Ask:
    """The request is applied by a job of its own, whose ask is returned.

    The ask's id is made of the request's, so that two who begin it begin one.
    """
    begun = replace(request, state=RequestState.APPLYING, runs=request.runs + 1, said="")
    keep(tx, begun, now)
    _follow(tx, request, _run_of(request))
    wanted = _wanted_of(request)
    if wanted is not None:
        tx.set_wanted(request.connection_id, wanted)
    ask = Ask(
        id=run_id(begun),
        workspace=request.workspace,
        person=Person(BOTS, request.connection_id),  # a lane of its own for each connection
        act=APPLY,
        place=request.place,
        received_at=now,
        dedupe_key=run_id(begun),
        connection=request.name,
        rest=request.id,
        subject=request.connection_id,
    )
    tx.accept(ask)
    return ask


def interrupt(tx: Transaction, request: Request, state: RequestState, now: datetime) -> Request:
    """Stopped, or waiting for somebody: the connection says so as long as it is."""
    kept = keep(tx, replace(request, state=state), now)
    stopped = state is RequestState.STOPPED
    _follow(tx, request, Run.STOPPED if stopped else _run_of(request))
    return kept


def end_run(tx: Transaction, request: Request, state: RequestState, now: datetime) -> Request:
    """Nothing is under way any more."""
    kept = keep(tx, replace(request, state=state), now)
    _follow(tx, request, Run.NONE)
    return kept


def _follow(tx: Transaction, request: Request, run: Run) -> None:
    tx.set_run(request.connection_id, run)


def _run_of(request: Request) -> Run:
    if request.plan.act is Act.DISABLE:
        return Run.DISABLING
    return Run.ENABLING if request.plan.act is Act.ENABLE else Run.CHANGING


def _wanted_of(request: Request) -> Wanted | None:
    for one in request.plan.steps:
        if one.step == "enabled":
            return Wanted.ENABLED if one.wanted.get("Enabled") == "yes" else Wanted.DISABLED
    return None
