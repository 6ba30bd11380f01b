"""SQLAlchemy engines for a file of SQLite: one kind that writes, one that only reads."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, QueuePool

from storage.address import database_file

BUSY_SECONDS = 10

_EVERY_CONNECTION = (
    f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA recursive_triggers=ON",  # else INSERT OR REPLACE deletes rows past the triggers
    "PRAGMA secure_delete=ON",
    "PRAGMA mmap_size=0",
)


def create_file(path: Path) -> None:
    """An empty file that only its owner reads; SQLite gives its -wal and -shm the same mode.

    One that is there is not even opened: closing it would drop this process's locks on it.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def writer_engine(url: str) -> Engine:
    """Each transaction takes the write lock when it begins; one connection, kept by its user."""
    engine = _engine(url, NullPool, (*_EVERY_CONNECTION, "PRAGMA journal_mode=WAL"))
    _begin_with(engine, "BEGIN IMMEDIATE")
    return engine


def reader_engine(url: str, size: int = 1) -> Engine:
    """Each transaction sees one committed state; nothing can be written through it."""
    engine = _engine(url, QueuePool, (*_EVERY_CONNECTION, "PRAGMA query_only=ON"), size)
    _begin_with(engine, "BEGIN")
    return engine


def _engine(
    url: str, pool: type[NullPool] | type[QueuePool], pragmas: tuple[str, ...], size: int = 0
) -> Engine:
    sizes = {"pool_size": size, "max_overflow": 0} if size else {}
    engine = create_engine(
        f"sqlite:///{database_file(url)}",
        poolclass=pool,
        hide_parameters=True,
        connect_args={"isolation_level": None, "check_same_thread": False},
        **sizes,
    )

    @event.listens_for(engine, "connect")
    def set_up(driver: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        for pragma in pragmas:
            driver.execute(pragma)

    return engine


def _begin_with(engine: Engine, statement: str) -> None:
    """The driver runs in autocommit mode and begins nothing by itself."""

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)
