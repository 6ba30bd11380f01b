"""`python -m tests.storage.clicking URL KEYS FIRST LAST`: approvers who click at the same moment.

Each process has its own connections. It says that it is ready, waits for a line, lets its people
decide at once, and prints what each was told.
"""

import asyncio
import json
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from connection.asks import Ask, Place
from connection.changes.deciding import decide
from connection.changes.request import Verdict
from connection.people import Person
from connection.ports import Ports
from storage.database import Database
from tests.parity.fakes import ports_on

WORKSPACE, REQUEST, CONNECTION = "T1", "request-1", "T1-contoso"


def approver(number: int) -> Person:
    """One of many."""
    return Person(WORKSPACE, f"U{number:03}")


async def click(ports: Ports, number: int) -> str:
    """What this one was told. Every other one rejects."""
    verdict = Verdict.REJECT if number % 2 else Verdict.APPROVE
    ask = Ask(
        id=f"click-{number}",
        workspace=WORKSPACE,
        person=approver(number),
        act=verdict.value,
        place=Place("C1"),
        received_at=datetime.now(UTC),
        dedupe_key=f"click-{number}",
        rest=REQUEST,
        subject=CONNECTION,
    )
    await ports.ledger.run(lambda tx: tx.accept(ask))
    await decide(ports, ask, verdict)
    answer = await ports.ledger.read(lambda reading: reading.answer(ask.id))
    return answer.message if answer else ""


async def main() -> None:
    """Ready, go."""
    url, keys, first, last = sys.argv[1:]
    with closing(Database.open(url, Path(keys))) as database:
        ports = ports_on(database)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        clicks = (click(ports, number) for number in range(int(first), int(last)))
        told = await asyncio.gather(*clicks)
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
