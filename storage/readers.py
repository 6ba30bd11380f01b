"""A few threads that read the database, each on a connection of its own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection

from connection.errors import NotReady
from storage.engine import reader_engine

T = TypeVar("T")

THREADS = 4


class Readers:
    """Each query runs in one transaction, so it sees one committed state."""

    def __init__(self, url: str) -> None:
        self._engine = reader_engine(url, THREADS)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="reader")

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run a query in a thread."""
        loop = asyncio.get_running_loop()
        try:
            answer = loop.run_in_executor(self._threads, self._query, query)
        except RuntimeError as error:
            raise NotReady("The bot is stopping.", "Try again in a minute.") from error
        return await answer

    def close(self) -> None:
        """Let running queries end."""
        self._threads.shutdown()
        self._engine.dispose()

    def _query(self, query: Callable[[Connection], T]) -> T:
        with self._engine.begin() as connection:
            return query(connection)
