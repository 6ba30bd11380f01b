"""A process that writes: each acknowledged audit row's number and ask id goes to standard output.

Called with the database's address, the key folder, a name for its asks, and how many to write.
"""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from connection.asks import Ask
from connection.ports import Transaction
from storage.database import Database
from tests.storage.samples import an_ask, record

TASKS = 16


def unit(ask: Ask) -> Callable[[Transaction], int]:
    """Accepts an ask and records it."""

    def work(tx: Transaction) -> int:
        tx.accept(ask)
        return record(tx, ask.id).n

    return work


async def write(database: Database, name: str, count: int) -> None:
    """`count` units, `TASKS` at a time."""
    numbers = iter(range(count))

    async def task() -> None:
        for number in numbers:
            ask = an_ask(0, id=f"{name}-{number}", dedupe_key=f"{name}-{number}")
            n = await database.ledger.run(unit(ask))
            sys.stdout.write(f"{n} {ask.id}\n")
            sys.stdout.flush()

    await asyncio.gather(*(task() for _ in range(TASKS)))


def main() -> None:
    """Until it is done, or killed."""
    url, keys, name, count = sys.argv[1:]
    database = Database.open(url, Path(keys))
    asyncio.run(write(database, name, int(count)))
    database.close()


if __name__ == "__main__":
    main()
