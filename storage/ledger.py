"""The port `Ledger`: one thread writes, a few read."""

import asyncio
import queue
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from connection.errors import NotReady
from connection.ports import Ledger, Reading
from storage.batches import BatchWriter, Unit
from storage.readers import Readers
from storage.reading import SqlReading
from storage.transaction import SqlTransaction
from storage.wrapped_keys import KeyNotLoaded

T = TypeVar("T")

LARGEST_BATCH = 128


class SqlLedger:
    """See `connection.ports.Ledger`. May be used from several event loops."""

    def __init__(
        self, writer: BatchWriter, readers: Readers, load_keys: Callable[[], None]
    ) -> None:
        self._writer = writer
        self._load_keys = load_keys
        self._readers = readers
        self._waiting: queue.SimpleQueue[Unit[Any] | None] = queue.SimpleQueue()
        self._entrance = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._write, name="ledger", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[SqlTransaction], T]) -> T:
        """Returns after the commit. Cancelling the caller does not stop the work.

        Work that needs a key which a key vault has to unwrap first is done again after that.
        """
        try:
            return await self._run(work)
        except KeyNotLoaded:
            await asyncio.to_thread(self._load_keys)
            return await self._run(work)

    async def _run(self, work: Callable[[SqlTransaction], T]) -> T:
        unit = Unit(work, asyncio.get_running_loop())
        with self._entrance:
            if self._closed:
                raise NotReady("The bot is stopping.", "Try again in a minute.")
            self._waiting.put(unit)
        await unit.done
        if unit.error is not None:
            raise unit.error
        return unit.result

    async def read(self, query: Callable[[Reading], T]) -> T:
        """One committed state, read in a thread."""
        return await self._readers.read(lambda database: query(SqlReading(database)))

    def close(self) -> None:
        """Carry out what waits, then stop."""
        with self._entrance:
            if not self._closed:
                self._closed = True
                self._waiting.put(None)
        self._thread.join()

    def _write(self) -> None:
        going = True
        while going:
            batch, going = self._next_batch()
            if batch:
                self._writer.carry_out(batch)
                _deliver(batch)
        self._writer.close()

    def _next_batch(self) -> tuple[list[Unit[Any]], bool]:
        """What waits, and whether more may come."""
        batch: list[Unit[Any]] = []
        unit = self._waiting.get()
        with suppress(queue.Empty):
            while unit is not None:
                batch.append(unit)
                if len(batch) == LARGEST_BATCH:
                    return batch, True
                unit = self._waiting.get_nowait()
            return batch, False
        return batch, True


def _deliver(batch: Sequence[Unit[Any]]) -> None:
    by_loop = defaultdict(list)
    for unit in batch:
        by_loop[unit.loop].append(unit.done)
    for loop, waiting in by_loop.items():
        with suppress(RuntimeError):  # a loop that is closed waits for nothing
            loop.call_soon_threadsafe(_wake, waiting)


def _wake(waiting: Sequence[asyncio.Future[None]]) -> None:
    for done in waiting:
        if not done.done():
            done.set_result(None)


_: type[Ledger] = SqlLedger
