"""Creating and upgrading the database, and the audit key with it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from connection.audit import AuditTag, ChainHead
from connection.errors import NotReady
from connection.people import OPERATING_SYSTEM, Person
from storage.audit_chain import ChainWriter, has_row, read_head
from storage.audit_key import first_audit_key, read_audit_key
from storage.engine import create_file, database_file, reader_engine, writer_engine
from storage.head_file import HeadFile

HEAD = "0005"
"""The newest revision under `storage/migrations/versions`; importing Alembic to ask is slow."""

ACTOR = Person(OPERATING_SYSTEM, "migrate")


def is_current(url: str) -> bool:
    """Whether the database is there and has the newest schema."""
    if not database_file(url).exists():
        return False
    engine = reader_engine(url)
    try:
        with engine.begin() as connection:
            found = connection.scalars(text("SELECT version_num FROM alembic_version")).all()
    except DatabaseError:
        return False
    finally:
        engine.dispose()
    return list(found) == [HEAD]


def migrate(url: str, key_dir: Path, now: datetime) -> None:
    """Create or upgrade, in one transaction; may run in several processes at once.

    Raises `NotReady` if the audit key of a database with audit rows is missing, or if the file
    is no database of this or an older version.
    """
    path = database_file(url)
    try:
        create_file(path)
        key_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(path.parent), writer_engine(url).connect() as connection:
            with connection.begin():
                _upgrade(connection)
                head = _begin_chain(connection, key_dir, now)
            with connection.begin():
                HeadFile(key_dir).advance(head, lambda told: has_row(connection, told))
    except DatabaseError as error:
        raise NotReady(
            f"{path.name} cannot be migrated: {error.orig}.",
            "Put back a backup, or stop the process that is writing to it, and try again.",
        ) from error
    except OSError as error:
        raise NotReady(
            f"{error.filename} cannot be used: {error.strerror}.",
            "Check D365BOT_DATA_DIR, D365BOT_KEY_DIR and who owns these folders.",
        ) from error


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
def _alone(folder: Path) -> Iterator[None]:
    """Two processes that make a new file use write-ahead logging would meet each other's lock."""
    opened = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)
