"""Audit rows a second at 64 writers, beside the same group commit without chain."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from sqlalchemy import Connection, insert

from bench.figure import Figure
from bench.group_commit import GroupCommit, group_commit
from bench.plain_tables import PLAIN_AUDIT, metadata
from bench.served import folder
from bench.slash_commands import ADMIN, TEAM
from connection.audit import AuditTag
from connection.people import Person
from connection.ports import Transaction
from storage.database import Database
from storage.ledger import SqlLedger
from storage.migrating import migrate

ROUNDS = 7
ROWS = 6_400
WRITERS = 64
DETAILS = {"act": "enable", "needs": "operator"}
WHO = Person(TEAM, ADMIN)

_INSERT = insert(PLAIN_AUDIT)


async def audit() -> list[Figure]:
    """Each writer waits for its commit before it writes again."""
    with folder() as within:
        url = f"sqlite:///{within / 'ours.sqlite'}"
        migrate(url, within / "keys", datetime.now(UTC))
        database = Database.open(url, within / "keys")
        try:
            with group_commit(within / "reference.sqlite") as writer:
                metadata.create_all(writer.engine)
                reference, ours = await _rounds(writer, database.ledger)
        finally:
            database.close()
    return [Figure("audit", "rows/s", ours, reference, aim=2, more_is_better=True)]


async def _rounds(
    writer: GroupCommit, ledger: SqlLedger
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    async def plain() -> None:
        now = datetime.now(UTC)
        await writer.run(lambda connection: _insert(connection, now))

    async def chained() -> None:
        now = datetime.now(UTC)
        await ledger.run(lambda tx: _record(tx, now))

    reference: list[float] = []
    ours: list[float] = []
    for _ in range(ROUNDS):
        reference.append(await _rows_a_second(plain))
        ours.append(await _rows_a_second(chained))
    return tuple(reference[1:]), tuple(ours[1:])


def _insert(connection: Connection, now: datetime) -> None:
    row = {"at": now.isoformat(), "workspace": TEAM, "actor": str(WHO), "connection": "main"}
    row |= {"tag": AuditTag.COMMAND_REFUSED.value, "details": json.dumps(DETAILS)}
    connection.execute(_INSERT, row)


def _record(tx: Transaction, now: datetime) -> None:
    tx.record(
        at=now,
        workspace=TEAM,
        actor=WHO,
        tag=AuditTag.COMMAND_REFUSED,
        connection="main",
        details=DETAILS,
    )


async def _rows_a_second(append: Callable[[], Awaitable[None]]) -> float:
    async def writer() -> None:
        for _ in range(ROWS // WRITERS):
            await append()

    began = time.perf_counter()
    await asyncio.gather(*(writer() for _ in range(WRITERS)))
    return ROWS / (time.perf_counter() - began)
