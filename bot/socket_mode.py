"""Socket Mode: several connections to Slack, each replaced before or when it ends.

Two are kept, so that payloads go over the other while one is replaced; Slack allows ten an app
and gives each payload to one of them (docs.slack.dev/apis/events-api/using-socket-mode).
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.envelopes import Envelopes
from bot.socket_line import HELLO_SECONDS, PING_SECONDS, Line
from handlers.refusals import pause_after, word_of
from handlers.supervisor import Supervisor

log = logging.getLogger(__name__)

LINES = 2
FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0
STEADY_SECONDS = 60.0
"""A connection that lived so long was no failure."""

LAST_SECONDS = 30.0
"""So long a connection that was replaced may still bring answers home."""

_HOPELESS = frozenset(
    "invalid_auth not_authed account_inactive token_revoked token_expired not_allowed_token_type "
    "missing_scope forbidden_team access_denied no_permission link_disabled".split()
)
"""Words that somebody has to do something about: asked again every minute."""

OpenSocket = Callable[[], AbstractAsyncContextManager[aiohttp.ClientWebSocketResponse]]


class SocketMode:
    """`open_socket` asks Slack for an address and connects to it."""

    def __init__(
        self,
        open_socket: OpenSocket,
        envelopes: Envelopes,
        *,
        lines: int = LINES,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._open_socket = open_socket
        self._envelopes = envelopes
        self._count = lines
        self._monotonic = monotonic
        self._sleep = sleep
        self._jitter = jitter
        self._in_work = Supervisor()
        self._keepers: list[asyncio.Task[None]] = []
        self._running: set[asyncio.Task[None]] = set()
        self._lines: set[Line] = set()
        self._trouble = "not connected yet"
        self.opened = 0
        """How many connections there were, for the metrics."""

    def start(self) -> None:
        """In the background."""
        self._keepers = [asyncio.create_task(self._keep()) for _ in range(self._count)]

    async def stop(self, seconds: float) -> None:
        """What came in is answered first, for so long; then the connections are closed."""
        for keeper in self._keepers:
            keeper.cancel()
        for line in self._lines:
            line.taking = False
        await self._in_work.drain(seconds)
        closing = [asyncio.create_task(line.close()) for line in self._lines]
        ending = {*self._keepers, *closing, *self._running}
        if ending:
            _, stuck = await asyncio.wait(ending, timeout=2.0)
            for task in stuck:
                task.cancel()
            if stuck:
                await asyncio.wait(stuck, timeout=1.0)

    @property
    def live(self) -> list[Line]:
        """Connections over which Slack can reach the bot now."""
        return [line for line in self._lines if line.is_live]

    def age(self) -> float:
        """Seconds since Slack was last heard; infinite without a connection."""
        return min((line.age for line in self.live), default=float("inf"))

    def state(self) -> str:
        """`ok`, or why Slack cannot reach the bot."""
        if self.live:
            return "ok"
        silent = [
            line.age for line in self._lines if line.live.is_set() and not line.leaving.is_set()
        ]
        return f"no frame for {round(min(silent))} s" if silent else self._trouble or "connecting"

    async def _keep(self) -> None:
        """One connection after the other; the next is opened while the last still answers."""
        failures = 0
        while True:
            began = self._monotonic()
            try:
                line = await self._connect()
                self._trouble = ""
                await line.leaving.wait()
                if line.farewell in _HOPELESS:
                    self._tell(f"Slack refuses Socket Mode ({line.farewell})")
                    await self._sleep(LONGEST_WAIT)
                    continue
                steady = self._monotonic() - began >= STEADY_SECONDS
                failures = 0 if steady else 1 if line.taken else failures + 1
                # one that was asked to go is replaced at once, but not again and again
                wait = self._backoff(max(0, failures - bool(line.farewell)))
            except Exception as error:  # noqa: BLE001 - whatever aiohttp, ssl and asyncio call it
                failures += 1
                wait = self._wait_after(error, failures)
            await self._sleep(wait)

    async def _connect(self) -> Line:
        """A connection that Slack has said hello on. It lives in a task of its own."""
        ready: asyncio.Future[Line] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._live(ready))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            return await ready
        except asyncio.CancelledError:
            if ready.cancelled():  # by this cancellation: nobody waits for it any more
                task.cancel()
            raise

    async def _live(self, ready: "asyncio.Future[Line]") -> None:
        try:
            async with self._open_socket() as websocket:
                line = Line(websocket, self._envelopes, self._in_work, self._monotonic)
                self._lines.add(line)
                reading = asyncio.create_task(line.read())
                try:
                    await self._greet(line)
                    self.opened += 1
                    if not ready.done():
                        ready.set_result(line)
                    await self._watch(line, reading)
                finally:
                    self._lines.discard(line)
                    line.leaving.set()
                    reading.cancel()
                    await asyncio.wait({reading})
        except BaseException as error:
            if not ready.done():
                ready.set_exception(_plain(error))
            elif not isinstance(error, Exception):
                raise
            else:
                log.info("a socket ended", extra={"error": type(error).__name__})

    async def _greet(self, line: Line) -> None:
        """Raises TimeoutError without a hello, `_Dismissed` for a farewell in its place."""
        waiting = [asyncio.create_task(one.wait()) for one in (line.live, line.leaving)]
        try:
            done, _ = await asyncio.wait(
                waiting, timeout=HELLO_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            for one in waiting:
                one.cancel()
        if not done:
            raise TimeoutError
        if not line.live.is_set():
            raise _Dismissed(line.farewell)

    async def _watch(self, line: Line, reading: "asyncio.Task[None]") -> None:
        """Until it ends, or nobody is heard, or its successor has taken over."""
        while not reading.done():
            patience = LAST_SECONDS if line.leaving.is_set() else PING_SECONDS
            await asyncio.wait({reading}, timeout=patience)
            if reading.done() or (line.leaving.is_set() and patience == LAST_SECONDS):
                return
            if not await line.ping():
                log.warning("a socket is silent", extra={"seconds": round(line.age)})
                return

    def _wait_after(self, error: Exception, failures: int) -> float:
        """Seconds. By Slack's Retry-After where it gives one."""
        pause = pause_after(error) if isinstance(error, SlackApiError) else None
        if pause is not None:
            self._tell("Slack wants fewer connections")
            return pause
        word = _word(error)
        self._tell(f"no socket to Slack ({word})")
        return LONGEST_WAIT if word in _HOPELESS else self._backoff(failures)

    def _backoff(self, failures: int) -> float:
        if failures == 0:
            return 0.0
        longest = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(failures - 1, 10))
        return longest * (0.5 + self._jitter() / 2)

    def _tell(self, trouble: str) -> None:
        """Once in the log for each new reason."""
        if trouble != self._trouble:
            log.warning("Slack cannot reach the bot over this socket", extra={"reason": trouble})
        self._trouble = trouble


class _Dismissed(Exception):
    """Slack said goodbye before hello; the message is its reason."""


def _word(error: BaseException) -> str:
    """Slack's own word, or what kind of failure it was."""
    if isinstance(error, SlackApiError):
        return word_of(error)[:60] or "no answer"
    return str(error)[:60] if isinstance(error, _Dismissed) and str(error) else type(error).__name__


def _plain(error: BaseException) -> Exception:
    return error if isinstance(error, Exception) else ConnectionAbortedError("stopped")
