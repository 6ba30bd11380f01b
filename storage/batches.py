"""Group commit: many units of work in one transaction, each of which fails alone."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import psycopg
from sqlalchemy import Connection, Engine, RootTransaction
from sqlalchemy.exc import DBAPIError, OperationalError

from connection.audit import ChainHead
from connection.errors import NotReady
from storage.audit_chain import ChainWriter, has_row
from storage.head_file import HeadFile
from storage.postgresql import WAIT_SECONDS
from storage.sqlite import BUSY_SECONDS
from storage.transaction import SqlTransaction
from storage.vault import Sealer

T = TypeVar("T")

log = logging.getLogger(__name__)

_LOCK_NOT_AVAILABLE = "55P03"


class Unit(Generic[T]):
    """One closure, who waits for it, and what came of it."""

    __slots__ = ("done", "error", "loop", "result", "work")

    def __init__(
        self, work: Callable[[SqlTransaction], T], loop: asyncio.AbstractEventLoop
    ) -> None:
        self.work = work
        self.loop = loop
        self.done: asyncio.Future[None] = loop.create_future()
        self.result: T
        self.error: BaseException | None = None


class BatchWriter:
    """Carries out batches on one connection. Used by one thread only."""

    def __init__(self, engine: Engine, key: bytes, sealer: Sealer, head_file: HeadFile) -> None:
        self._engine = engine
        self._key = key
        self._sealer = sealer
        self._head_file = head_file
        self._connection: Connection | None = None

    def carry_out(self, units: Sequence[Unit[Any]]) -> None:
        """Every unit has its result, or an error; the ones with a result are committed."""
        try:
            head = self._commit(units)
        except BaseException as error:  # noqa: BLE001 - it is raised to everybody who waits
            self.close()
            for unit in units:
                unit.error = _in_words(unit.error or error)
            return
        if head:
            self._write_down(head)

    def close(self) -> None:
        """Give the connection back; the next batch takes a new one."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _commit(self, units: Sequence[Unit[Any]]) -> ChainHead | None:
        connection, transaction = self._begin()
        with transaction:
            chain = ChainWriter(connection, self._key)
            tx = SqlTransaction(connection, chain, self._sealer)
            driver = connection.connection.driver_connection
            for unit in units:
                _try(unit, tx, chain, driver)
            chain.flush()
        return chain.head if chain.appended else None

    def _begin(self) -> tuple[Connection, RootTransaction]:
        """A connection that the server gave up meanwhile is replaced: nothing was done on it."""
        if self._connection is not None:
            try:
                return self._connection, self._connection.begin()
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                self.close()
        self._connection = self._engine.connect()
        return self._connection, self._connection.begin()

    def _write_down(self, head: ChainHead) -> None:
        """The batch is committed: whatever happens here undoes nothing."""
        try:
            self._head_file.advance(head, self._in_table)
        except Exception:
            log.exception("audit.head was not advanced")

    def _in_table(self, head: ChainHead) -> bool:
        if self._connection is None:
            return False
        with self._connection.begin():
            return has_row(self._connection, head)


def _try(unit: Unit[Any], tx: SqlTransaction, chain: ChainWriter, driver: Any) -> None:
    """Savepoints go to the driver itself: ten times faster than SQLAlchemy's nested ones."""
    mark = chain.mark()
    driver.execute("SAVEPOINT unit")
    try:
        unit.result = unit.work(tx)
    except BaseException as error:  # noqa: BLE001 - it is raised to the one who waits
        unit.error = error
        _roll_back(driver, error)
        chain.back_to(mark)
    driver.execute("RELEASE unit")


def _roll_back(driver: Any, because: BaseException) -> None:
    """A full disk ends the whole transaction: then everybody's work is lost, and told so."""
    try:
        driver.execute("ROLLBACK TO unit")
    except Exception:  # noqa: BLE001 - the driver's own
        raise because from None


def _in_words(error: BaseException) -> BaseException:
    told = _told(error) if isinstance(error, OperationalError) else None
    if told is None:
        return error
    told.__cause__ = error
    return told


def _told(error: OperationalError) -> NotReady | None:
    """SQLite may be locked, PostgreSQL's lock may be waited for in vain, and a server be away."""
    state = getattr(error.orig, "sqlstate", "")
    if state == _LOCK_NOT_AVAILABLE or "locked" in str(error.orig):
        seconds = WAIT_SECONDS if state else BUSY_SECONDS
        return NotReady(
            f"Another process has been writing to the database for over {seconds} seconds.",
            "Nothing was changed. Try again.",
        )
    if isinstance(error.orig, psycopg.Error):
        return NotReady("The database does not answer.", "Try again in a minute.")
    return None
