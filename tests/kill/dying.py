"""`python -m tests.kill.dying STAGE`: the bot, with one method that kills the process instead.

The product has no test switch, and a kill from outside cannot be aimed at one line; so the class
that carries out the stage is changed here, in a process of its own.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from bot.serving import serve_forever
from connection.carrying import Carrier
from connection.showing import show
from dynamics.dataverse import DataverseSales
from handlers.posting import Poster
from storage.ledger import SqlLedger
from workflows.dispatcher import Dispatcher
from workflows.engine import DbosJobs

STAGES: dict[str, tuple[type, str]] = {
    "after the insert": (Dispatcher, "nudge"),
    "before the job starts": (DbosJobs, "start"),
    "in the job": (Carrier, "carry_out"),
    "before the outbox is sent": (Poster, "post"),
    "between two checks": (DataverseSales, "organisation"),
}


def _die(*_args: Any, **_named: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _after_result(run: Callable[..., Any]) -> Callable[..., Any]:
    """The result and the outbox row are committed, and nothing after them."""

    async def run_and_die(self: SqlLedger, work: Callable[..., Any]) -> Any:
        done = await run(self, work)
        if work.__qualname__.startswith(_SHOW):
            _die()
        return done

    return run_and_die


_SHOW = f"{show.__qualname__}.<locals>"


def main() -> None:
    """Change one class, then serve."""
    stage = sys.argv[1]
    if stage == "after the result":
        SqlLedger.run = _after_result(SqlLedger.run)  # type: ignore[method-assign]
    else:
        owner, method = STAGES[stage]
        setattr(owner, method, _die)
    serve_forever()


if __name__ == "__main__":
    main()
