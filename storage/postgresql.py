"""SQLAlchemy engines for a database of PostgreSQL: one kind that writes, one that only reads.

Why a lock and no SERIALIZABLE: docs/decisions/0013-postgresql.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, QueuePool

from connection.errors import NotReady
from storage.address import place, server_address

SCHEMA = "d365bot"
"""Its own, and the only one that is searched: nobody else's table can stand in for one of these."""

WRITE_LOCK = 0x64333635_00000001
"""Advisory, of the database, until the end of the transaction: one writes at a time."""

WAIT_SECONDS = 10
_SETTINGS = {
    "search_path": SCHEMA,
    "lock_timeout": f"{WAIT_SECONDS}s",
    # Whoever hangs or has vanished gives back what it holds.
    "idle_in_transaction_session_timeout": "60s",
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}


def writer_engine(url: str) -> Engine:
    """Each transaction takes the write lock when it begins; one connection, kept by its user."""
    engine = _engine(url, poolclass=NullPool, isolation_level="READ COMMITTED")

    @event.listens_for(engine, "connect")
    def flush(driver: psycopg.Connection, _entry: ConnectionPoolEntry) -> None:
        """What Slack saw acknowledged survives a power cut, whatever the server does by itself."""
        if _only(driver.execute("SHOW synchronous_commit")) == "off":
            driver.execute("SET synchronous_commit TO on")
        driver.commit()

    @event.listens_for(engine, "begin")
    def take_turn(connection: Connection) -> None:
        """READ COMMITTED: what follows sees all that was committed by the turn before."""
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")

    return engine


def reader_engine(url: str, size: int = 1) -> Engine:
    """Each transaction sees one committed state; nothing can be written through it."""
    engine = _engine(
        url,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        pool_pre_ping=True,
        isolation_level="REPEATABLE READ",
    )

    @event.listens_for(engine, "connect")
    def only_read(driver: psycopg.Connection, _entry: ConnectionPoolEntry) -> None:
        driver.read_only = True

    return engine


def connect_plainly(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    """In autocommit mode, for what is no transaction. Raises `NotReady`."""
    address = server_address(url).set(drivername="postgresql")
    try:
        return psycopg.connect(
            address.render_as_string(hide_password=False),
            autocommit=True,
            options=_options(url),
            connect_timeout=WAIT_SECONDS,
            application_name="d365bot",
        )
    except psycopg.OperationalError as error:
        raise unreachable(url, error) from error


@contextmanager
def reached(url: str) -> Iterator[None]:
    """A server that does not answer is told in a sentence."""
    try:
        yield
    except OperationalError as error:
        raise unreachable(url, error.orig) from error


def unreachable(url: str, error: object) -> NotReady:
    """The server's own words, which name role, database or address and never a password."""
    why = str(error).strip().splitlines() or ["no reason was given"]
    return NotReady(
        f"The database {place(url)} cannot be reached: {why[-1].strip()}",
        "Check that PostgreSQL runs there, and D365BOT_DATABASE_URL.",
    )


def _engine(url: str, **settings: Any) -> Engine:
    engine = create_engine(
        server_address(url),
        hide_parameters=True,
        connect_args={
            "options": _options(url),
            "application_name": "d365bot",
            "connect_timeout": WAIT_SECONDS,
        },
        **settings,
    )
    event.listen(engine, "handle_error", _say_no_values)
    return engine


def _options(url: str) -> str:
    given = server_address(url).query.get("options", "")
    own = [f"-c{name}={value}" for name, value in _SETTINGS.items()]
    return " ".join([str(given), *own]).strip()


def _say_no_values(context: ExceptionContext) -> None:
    """PostgreSQL's DETAIL repeats the row that it refused."""
    cause = context.original_exception
    if isinstance(cause, psycopg.Error) and cause.diag.message_primary:
        cause.args = (cause.diag.message_primary,)
        if context.sqlalchemy_exception is not None:
            told = f"({type(cause).__module__}.{type(cause).__name__}) {cause}"
            context.sqlalchemy_exception.args = (told,)


def _only(cursor: psycopg.Cursor[tuple[Any, ...]]) -> object:
    row = cursor.fetchone()
    return row[0] if row else None
