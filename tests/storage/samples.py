"""Values to store, and a migrated database to store them in."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection as Driver

from connection.asks import Ask, Audience, Place, Showing, What
from connection.audit import AuditEntry, AuditTag
from connection.connection import Connection, Health, Observed, Run, Wanted
from connection.identities import SecretOrigin, SecretRef
from connection.people import Person
from connection.ports import Transaction
from connection.setup import ConnectionSetup
from storage.engine import reader_engine, writer_engine
from storage.migrating import migrate
from tests.postgresql import OWNER, ROLE, PostgresServer

NOW = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)
ANNA = Person("T1", "U1")
BERT = Person("T1", "U2")
ORIGIN = SecretOrigin("contoso.crm4.dynamics.com", "contoso", "client_secret", "app")


@dataclass(frozen=True)
class Stored:
    """A database, and the folder of its keys."""

    folder: Path

    @property
    def url(self) -> str:
        """As D365BOT_DATABASE_URL has it."""
        raise NotImplementedError

    @property
    def owner_url(self) -> str:
        """As D365BOT_MIGRATION_DATABASE_URL has it."""
        return self.url

    @property
    def keys(self) -> Path:
        """As D365BOT_KEY_DIR has it."""
        return self.folder / "keys"

    def copy(self, to: Path) -> Self:
        """The same once more."""
        raise NotImplementedError

    def empty(self, folder: Path) -> Self:
        """Another one, without anything in it."""
        raise NotImplementedError

    def drop(self) -> None:
        """It is not needed any more."""
        raise NotImplementedError

    def migrate(self) -> None:
        """As d365bot migrate does."""
        raise NotImplementedError

    @contextmanager
    def looked_into(self) -> Iterator[Driver]:
        """Somebody who only looks."""
        engine = reader_engine(self.url)
        with engine.begin() as connection:
            yield connection
        engine.dispose()

    @contextmanager
    def behind_the_bots_back(self) -> Iterator[Driver]:
        """Somebody with every right and without scruples: the triggers are gone."""
        with writer_engine(self.owner_url).begin() as connection:
            for table, trigger in self._triggers(connection):
                self._drop_trigger(connection, table, trigger)
            yield connection

    def _triggers(self, connection: Driver) -> list[tuple[str, str]]:
        raise NotImplementedError

    def _drop_trigger(self, connection: Driver, table: str, trigger: str) -> None:
        raise NotImplementedError


class StoredInFile(Stored):
    """A file of SQLite."""

    @property
    def url(self) -> str:
        return f"sqlite:///{self.file}"

    @property
    def file(self) -> Path:
        """The database file."""
        return self.folder / "data" / "app.sqlite"

    def copy(self, to: Path) -> Self:
        shutil.copytree(self.folder, to)
        return type(self)(to)

    def empty(self, folder: Path) -> Self:
        return type(self)(folder)

    def drop(self) -> None:
        """Its folder is pytest's."""

    def migrate(self) -> None:
        migrate(self.url, self.keys, NOW)

    def _triggers(self, connection: Driver) -> list[tuple[str, str]]:
        found = connection.exec_driver_sql(
            "SELECT tbl_name, name FROM sqlite_master WHERE type='trigger'"
        )
        return [(table, name) for table, name in found]

    def _drop_trigger(self, connection: Driver, table: str, trigger: str) -> None:
        connection.exec_driver_sql(f"DROP TRIGGER {trigger}")


@dataclass(frozen=True)
class StoredOnServer(Stored):
    """A database of PostgreSQL, with the owner's role and the bot's own apart."""

    server: PostgresServer
    name: str

    @property
    def url(self) -> str:
        return self.server.url(self.name)

    @property
    def owner_url(self) -> str:
        return self.server.url(self.name, OWNER)

    def copy(self, to: Path) -> Self:
        shutil.copytree(self.folder, to)
        return type(self)(to, self.server, self.server.new_database(self.name))

    def empty(self, folder: Path) -> Self:
        return type(self)(folder, self.server, self.server.new_database())

    def drop(self) -> None:
        self.server.drop(self.name)

    def migrate(self) -> None:
        migrate(self.owner_url, self.keys, NOW, ROLE)

    def _triggers(self, connection: Driver) -> list[tuple[str, str]]:
        found = connection.exec_driver_sql(
            "SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE NOT tgisinternal"
        )
        return [(table, name) for table, name in found]

    def _drop_trigger(self, connection: Driver, table: str, trigger: str) -> None:
        connection.exec_driver_sql(f"DROP TRIGGER {trigger} ON {table}")


@contextmanager
def throwaway(original: Stored) -> Iterator[Stored]:
    """A copy for one example of a property."""
    with tempfile.TemporaryDirectory() as folder:
        copy = original.copy(Path(folder) / "copy")
        yield copy
        copy.drop()


def migrated(folder: Path) -> StoredInFile:
    """A new file."""
    stored = StoredInFile(folder)
    stored.migrate()
    return stored


def an_ask(number: int = 1, **changes: Any) -> Ask:
    """Asked at second `number`."""
    ask = Ask(
        id=f"ask-{number}",
        workspace="T1",
        person=ANNA,
        act="test",
        place=Place("C1", "https://hooks.slack.com/x"),
        received_at=NOW + timedelta(seconds=number),
        dedupe_key=f"trigger-{number}",
    )
    return replace(ask, **changes)


def a_connection(name: str = "contoso", workspace: str = "T1", default: bool = False) -> Connection:
    """Its id is made of workspace and name."""
    return Connection(
        id=f"{workspace}-{name}",
        workspace=workspace,
        name=name,
        is_default=default,
        wanted=Wanted.UNDECIDED,
        observed=Observed.UNKNOWN,
        observed_at=None,
        run=Run.NONE,
        health=Health.UNTESTED,
        disable_reason="",
        created_at=NOW,
    )


def a_setup(**changes: str) -> ConnectionSetup:
    """With a name at least."""
    return ConnectionSetup(
        **{"name": "contoso", "sales_url": "https://contoso.crm4.dynamics.com"} | changes
    )


def a_showing(number: int = 1, what: What = What.STATUS, subject: str = "T1-contoso") -> Showing:
    """Created at second `number`."""
    return Showing(
        id=f"showing-{number}",
        workspace="T1",
        what=what,
        subject=subject,
        audience=Audience.CHANNEL,
        person=ANNA,
        place=Place("C1"),
        created_at=NOW + timedelta(seconds=number),
    )


def a_ref(number: int = 1, connection: str = "T1-contoso") -> SecretRef:
    """A client secret of a connection."""
    return SecretRef(f"secret-{number}", "T1", connection, "bot_client_secret", ORIGIN)


def record(tx: Transaction, connection: str = "contoso", workspace: str = "T1") -> AuditEntry:
    """One audit row."""
    return tx.record(
        at=NOW,
        workspace=workspace,
        actor=ANNA,
        tag=AuditTag.TEST_STARTED,
        connection=connection,
        details={"report": "r1", "reason": "Zoë’s “test”"},
    )
