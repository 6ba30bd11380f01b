"""A process that seals, opens and replaces secrets while another one rotates their key.

Called with the database's address, the key folder and how many to replace. Each line on standard
output is the id of a secret that was replaced, and the id of the one that took its place.
"""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from connection.identities import SecretRef
from connection.ports import Transaction
from storage.database import Database
from tests.storage.rotating import value_of
from tests.storage.samples import ANNA, NOW, ORIGIN, a_ref

TASKS = 4
FURTHER = 1_000_000
"""The number of what replaces a secret is so much larger."""


def _replace(old: SecretRef, new: SecretRef, value: str) -> Callable[[Transaction], None]:
    def work(tx: Transaction) -> None:
        tx.seal_secret(new, value, ANNA, NOW)
        tx.erase_secret(old.id)

    return work


async def replace_many(database: Database, count: int) -> None:
    """Secret 1 to `count`; each is opened before, and its successor after."""
    numbers = iter(range(1, count + 1))

    async def task() -> None:
        for number in numbers:
            old, new = a_ref(number), a_ref(FURTHER + number)
            assert await database.vault.open(old, ORIGIN) == value_of(number)
            await database.ledger.run(_replace(old, new, value_of(FURTHER + number)))
            sys.stdout.write(f"{old.id} {new.id}\n")
            sys.stdout.flush()
            assert await database.vault.open(new, ORIGIN) == value_of(FURTHER + number)

    await asyncio.gather(*(task() for _ in range(TASKS)))


def main() -> None:
    """Until it is done."""
    url, keys, count = sys.argv[1:]
    database = Database.open(url, Path(keys))
    asyncio.run(replace_many(database, int(count)))
    database.close()


if __name__ == "__main__":
    main()
