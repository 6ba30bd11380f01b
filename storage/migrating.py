"""Creating and upgrading the database, and the audit key with it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError, OperationalError

from connection.audit import AuditTag, ChainHead
from connection.errors import NotReady
from connection.people import OPERATING_SYSTEM, Person
from storage.address import database_file, is_file, place
from storage.audit_chain import ChainWriter, has_row, read_head
from storage.audit_key import first_audit_key, read_audit_key
from storage.engine import reader_engine, writer_engine
from storage.head_file import HeadFile
from storage.postgresql import SCHEMA, unreachable
from storage.roles import grant_what_is_needed
from storage.sqlite import create_file

HEAD = "0006"
"""The newest revision under `storage/migrations/versions`; importing Alembic to ask is slow."""

ACTOR = Person(OPERATING_SYSTEM, "migrate")


def is_current(url: str) -> bool:
    """Whether the database is there and has the newest schema.

    Raises `NotReady` if a server of PostgreSQL does not answer.
    """
    if is_file(url) and not database_file(url).exists():
        return False
    engine = reader_engine(url)
    try:
        with engine.begin() as connection:
            found = connection.scalars(text("SELECT version_num FROM alembic_version")).all()
    except DatabaseError as error:
        if isinstance(error, OperationalError) and not is_file(url):
            raise unreachable(url, error.orig) from error
        return False
    finally:
        engine.dispose()
    return list(found) == [HEAD]


def migrate(url: str, key_dir: Path, now: datetime, role: str = "") -> None:
    """Create or upgrade, in one transaction; may run in several processes at once.

    On PostgreSQL `url` is the owner's, and `role` the bot's own, if that is another one. Raises
    `NotReady` if the audit key of a database with audit rows is missing, or if the file is no
    database of this or an older version.
    """
    try:
        key_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _made(url), writer_engine(url).connect() as connection:
            with connection.begin():
                if not is_file(url):
                    connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
                _upgrade(connection)
                if role:
                    grant_what_is_needed(connection, role)
                head = _begin_chain(connection, key_dir, now)
            with connection.begin():
                HeadFile(key_dir).advance(head, lambda told: has_row(connection, told))
    except DatabaseError as error:
        raise _cannot(url, error) from error
    except OSError as error:
        raise NotReady(
            f"{error.filename} cannot be used: {error.strerror}.",
            "Check D365BOT_DATA_DIR, D365BOT_KEY_DIR and who owns these folders.",
        ) from error


def _cannot(url: str, error: DatabaseError) -> NotReady:
    if is_file(url):
        return NotReady(
            f"{database_file(url).name} cannot be migrated: {error.orig}.",
            "Put back a backup, or stop the process that is writing to it, and try again.",
        )
    if isinstance(error, OperationalError):
        return unreachable(url, error.orig)
    return NotReady(
        f"The database {place(url)} cannot be migrated: {error.orig}.",
        "Run d365bot migrate with D365BOT_MIGRATION_DATABASE_URL set to the role that owns the "
        "database; docs/settings.md has the SQL that makes both roles.",
    )


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise NotReady(
            f"The database belongs to a newer version of d365bot. ({error})",
            "Use that version, or put back the backup from before its migration.",
        ) from error


def _begin_chain(connection: Connection, key_dir: Path, now: datetime) -> ChainHead:
    head = read_head(connection)
    if head.n:
        read_audit_key(key_dir)
        return head
    key, created = first_audit_key(key_dir)
    chain = ChainWriter(connection, key)
    chain.append(now, "", str(ACTOR), AuditTag.DATABASE_CREATED, "", {})
    found = {} if created else {"found": True}
    chain.append(now, "", str(ACTOR), AuditTag.AUDIT_KEY_CREATED, "", found)
    chain.flush()
    return chain.head


@contextmanager
def _made(url: str) -> Iterator[None]:
    """Two processes that make a new file use write-ahead logging would meet each other's lock."""
    if not is_file(url):
        yield
        return
    path = database_file(url)
    create_file(path)
    opened = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)
