"""One bot a database of PostgreSQL: a second one would carry out the first one's asks again."""

from typing import Any, Self

import psycopg

from connection.errors import NotReady
from storage.address import place
from storage.postgresql import connect_plainly

_LOCK = 0x64333635_00000002


class OnlyBot:
    """A lock of the database, held by a connection of its own until `release` or the end of the
    process."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None

    def take(self) -> Self:
        """Raises `NotReady` while another bot holds it, and without the database."""
        self._connection = connect_plainly(self._url)
        row = self._connection.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,)).fetchone()
        if row != (True,):
            self.release()
            raise NotReady(
                f"Another d365bot is running on the database {place(self._url)}.",
                "Stop it first, or give this one another D365BOT_DATABASE_URL.",
            )
        return self

    def release(self) -> None:
        """Give the lock back, if it is held."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
