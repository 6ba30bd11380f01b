"""Sealing beside Fernet, and a rotation of 10,000 secrets beside plain updates."""

import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy import Connection as Driver
from sqlalchemy import Executable, bindparam, insert, update

from bench.figure import Figure
from bench.group_commit import GroupCommit, Work, group_commit
from bench.plain_tables import PLAIN_SECRETS, metadata
from bench.served import folder
from bench.slash_commands import ADMIN, TEAM
from connection.connection import Connection, Health, Observed, Run, Wanted
from connection.identities import SecretOrigin, SecretRef
from connection.people import Person
from connection.ports import Transaction
from storage.database import Database
from storage.keys import EncryptionKey, new_key
from storage.migrating import migrate
from storage.rewrapping import BATCH, Progress
from storage.sealing import rewrap, seal, unseal
from storage.transaction import SqlTransaction

ROUNDS = 6
VALUES = [f"wherefore-art-thou-{number:05}~Q8" for number in range(2_000)]
SECRETS = 10_000
WHO = Person(TEAM, ADMIN)
OLD, NEW = EncryptionKey(1, b"k" * 32), EncryptionKey(2, b"n" * 32)

_INSERT = insert(PLAIN_SECRETS)
_UPDATE = (
    update(PLAIN_SECRETS)
    .where(PLAIN_SECRETS.c.id == bindparam("which"))
    .values(wrapped_key=bindparam("new"))
)


async def sealing() -> list[Figure]:
    """Each of them of the same values, then the rotation in the database."""
    figures = _figures()
    with folder() as within, group_commit(within / "reference.sqlite") as writer:
        database = _database(within)
        try:
            await _fill(database, writer)
            figures.append(await _rotation(within, database, writer))
        finally:
            database.close()
    return figures


def _figures() -> list[Figure]:
    refs = [_ref(number) for number in range(len(VALUES))]
    sealed = [seal(OLD, ref, value) for ref, value in zip(refs, VALUES, strict=True)]
    old, new = Fernet(Fernet.generate_key()), Fernet(Fernet.generate_key())
    both = MultiFernet([new, old])
    tokens = [old.encrypt(value.encode()) for value in VALUES]
    kept = list(zip(refs, VALUES, sealed, strict=True))
    return [
        _beside(
            "seal",
            lambda: [seal(OLD, ref, value) for ref, value, _ in kept],
            lambda: [old.encrypt(value.encode()) for value in VALUES],
        ),
        _beside(
            "open",
            lambda: [unseal(OLD, one, ref) for ref, _, one in kept],
            lambda: [old.decrypt(token).decode() for token in tokens],
        ),
        _beside(
            "rewrap",
            lambda: [rewrap(OLD, NEW, one, ref) for ref, _, one in kept],
            lambda: [both.rotate(token) for token in tokens],
        ),
    ]


def _beside(
    name: str, ours: Callable[[], Sequence[object]], reference: Callable[[], Sequence[object]]
) -> Figure:
    rounds = [(_a_second(ours), _a_second(reference)) for _ in range(ROUNDS)][1:]
    mine, theirs = zip(*rounds, strict=True)
    return Figure(name, "secrets/s", mine, theirs, aim=2, more_is_better=True)


def _a_second(act: Callable[[], Sequence[object]]) -> float:
    began = time.perf_counter()
    done = act()
    return len(done) / (time.perf_counter() - began)


async def _rotation(within: Path, database: Database, writer: GroupCommit) -> Figure:
    """Without the gaps that leave the database to the running bot for half of the time.

    The reference only writes: it neither looks for the rows nor keeps an index.
    """

    async def ours() -> None:
        new_key(within / "keys")
        progress = Progress()
        while not progress.done:
            progress = await database.ledger.run(_next_batch(progress))
        assert sum(progress.moved.values()) == SECRETS

    async def reference() -> None:
        for start in range(0, SECRETS, BATCH):
            numbers = range(start, min(start + BATCH, SECRETS))
            rows: list[dict[str, object]]
            rows = [{"which": f"{number:05}", "new": bytes(60)} for number in numbers]
            await writer.run(_executing(_UPDATE, rows))

    rounds = [(await _timed(ours), await _timed(reference)) for _ in range(ROUNDS)][1:]
    mine, theirs = zip(*rounds, strict=True)
    return Figure("rotate", "secrets/s", mine, theirs, aim=6, more_is_better=True)


def _next_batch(so_far: Progress) -> Callable[[SqlTransaction], Progress]:
    return lambda tx: tx.rewrap_some(so_far)


async def _timed(act: Callable[[], Awaitable[None]]) -> float:
    began = time.perf_counter()
    await act()
    return SECRETS / (time.perf_counter() - began)


def _database(within: Path) -> Database:
    url = f"sqlite:///{within / 'ours.sqlite'}"
    migrate(url, within / "keys", datetime.now(UTC))
    new_key(within / "keys")
    return Database.open(url, within / "keys")


async def _fill(database: Database, writer: GroupCommit) -> None:
    now = datetime.now(UTC)

    def ours(tx: Transaction) -> None:
        tx.create_connection(_connection(now))
        for number in range(SECRETS):
            tx.seal_secret(_ref(number), VALUES[number % len(VALUES)], WHO, now)

    await database.ledger.run(ours)
    metadata.create_all(writer.engine)
    rows: list[dict[str, object]]
    rows = [{"id": f"{number:05}", "wrapped_key": bytes(60)} for number in range(SECRETS)]
    await writer.run(_executing(_INSERT, rows))


def _executing(statement: Executable, rows: list[dict[str, object]]) -> Work:
    def work(connection: Driver) -> None:
        connection.execute(statement, rows)

    return work


def _connection(now: datetime) -> Connection:
    return Connection(
        id="main",
        workspace=TEAM,
        name="main",
        is_default=True,
        wanted=Wanted.UNDECIDED,
        observed=Observed.UNKNOWN,
        observed_at=None,
        run=Run.NONE,
        health=Health.UNTESTED,
        disable_reason="",
        created_at=now,
    )


def _ref(number: int) -> SecretRef:
    origin = SecretOrigin("contoso.crm4.dynamics.com", "contoso", "client_secret", "app")
    return SecretRef(f"{number:05}", TEAM, "main", "bot_client_secret", origin)
