"""`python -m tests.storage.dying_rotation URL KEYS STAGE`: a rotation that is killed at a stage.

A kill from outside cannot be aimed at one line, so what carries out the stage is changed here, in
a process of its own. A stage that is '' dies nowhere.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from storage import key_files, rotating
from storage.database import Database
from storage.keys import new_key
from storage.rewrapping import Progress
from storage.transaction import SqlTransaction
from tests.storage.rotating import rotate

_rewrap = SqlTransaction.rewrap_some


def _die(*_args: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def _make_and_die(*args: Any) -> int:
    new_key(*args)
    _die()
    raise AssertionError


def _in_batch(number: int) -> Callable[[SqlTransaction, Progress], Progress]:
    """After its changes, before they are committed; 0 is the last one."""
    batches = iter(range(1, 1_000_000))

    def rewrap(tx: SqlTransaction, so_far: Progress) -> Progress:
        progress = _rewrap(tx, so_far)
        if next(batches) == number or (progress.done and number == 0):
            _die()
        return progress

    return rewrap


STAGES: dict[str, tuple[object, str, Callable[..., Any]]] = {
    "before the key is made": (rotating, "new_key", _die),
    "before its file is in place": (key_files, "_put_in_place", _die),
    "before it is recorded": (rotating, "new_key", _make_and_die),
    "in the first batch": (SqlTransaction, "rewrap_some", _in_batch(1)),
    "in the third batch": (SqlTransaction, "rewrap_some", _in_batch(3)),
    "in the last batch": (SqlTransaction, "rewrap_some", _in_batch(0)),
}


def main() -> None:
    """Rotate, or die."""
    url, keys, stage = sys.argv[1:]
    if stage:
        setattr(*STAGES[stage])
    database = Database.open(url, Path(keys))
    asyncio.run(rotate(database))
    database.close()


if __name__ == "__main__":
    main()
