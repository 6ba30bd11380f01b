"""The reference for storage: SQLAlchemy in one writer thread, one commit for all that wait."""

import asyncio
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event

Work = Callable[[Connection], None]

LARGEST_BATCH = 128
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON")


class GroupCommit:
    """Nothing but the technique: no savepoints, no authorising, no chain."""

    def __init__(self, file: Path) -> None:
        self.engine = _engine(file)
        self._waiting: queue.SimpleQueue[tuple[Work, asyncio.Future[None]] | None]
        self._waiting = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    async def run(self, work: Work) -> None:
        """Returns after the commit."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.put((work, done))
        await done

    def close(self) -> None:
        """After everything that waits."""
        self._waiting.put(None)
        self._thread.join()
        self.engine.dispose()

    def _write(self) -> None:
        with self.engine.connect() as connection:
            while (first := self._waiting.get()) is not None:
                batch = [first]
                with suppress(queue.Empty):
                    while len(batch) < LARGEST_BATCH:
                        more = self._waiting.get_nowait()
                        if more is None:
                            self._waiting.put(None)
                            break
                        batch.append(more)
                with connection.begin():
                    for work, _ in batch:
                        work(connection)
                futures = [done for _, done in batch]
                futures[0].get_loop().call_soon_threadsafe(_wake, futures)


@contextmanager
def group_commit(file: Path) -> Iterator[GroupCommit]:
    """Closed at the end."""
    writer = GroupCommit(file)
    try:
        yield writer
    finally:
        writer.close()


def _wake(futures: list[asyncio.Future[None]]) -> None:
    for future in futures:
        future.set_result(None)


def _engine(file: Path) -> Engine:
    engine = create_engine(
        f"sqlite:///{file}",
        poolclass=NullPool,
        connect_args={"isolation_level": None, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def set_up(driver: Any, _entry: object) -> None:
        for pragma in _PRAGMAS:
            driver.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
