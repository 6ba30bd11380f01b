"""The port `Messenger`: shows what stands in the outbox, draws it from the database.

Slack allows about 50 edits a minute a workspace and one post a second a channel: live progress
is edited at most every 1.5 seconds, what comes last at once, and a 429 pauses its workspace.
"""

import asyncio
import contextlib
import logging
import time
from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError

from connection.asks import Showing
from connection.errors import AdminError
from connection.ports import Ports, Reading
from handlers.drawing import draw
from handlers.posting import BY_RESPONSE_URL, Posted, Poster
from handlers.supervisor import Supervisor
from handlers.views.blocks import Message, plain

log = logging.getLogger(__name__)

LIVE_SECONDS = 1.5
AT_ONCE = 8
MOST_ATTEMPTS = 8
LONGEST_WAIT = 60.0
SWEEP_SECONDS = 30.0


class SlackMessenger:
    """One queue of edits a workspace; different messages are posted side by side."""

    def __init__(self, poster: Poster) -> None:
        self._poster = poster
        self._something = asyncio.Event()
        self._in_flight: set[str] = set()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._paused_until: dict[str, float] = {}
        self._last_live: dict[str, float] = {}
        self._supervisor = Supervisor()
        self._loop: asyncio.Task[None] | None = None

    def nudge(self) -> None:
        """There is something to show."""
        self._something.set()

    def start(self, ports: Ports) -> None:
        """What an earlier process left unshown comes first."""
        self._loop = asyncio.create_task(self._run(ports))

    async def stop(self, ports: Ports, seconds: float) -> None:
        """Show what is due now, for so long; the rest stands in the outbox."""
        if self._loop:
            self._loop.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._loop
        with contextlib.suppress(TimeoutError, AdminError):
            async with asyncio.timeout(seconds):
                await self._supervisor.drain(seconds)
                await self._show_due(ports)
                await self._supervisor.drain(seconds)

    async def _run(self, ports: Ports) -> None:
        while True:
            self._something.clear()
            wait = SWEEP_SECONDS
            try:
                wait = await self._show_due(ports)
            except AdminError:
                log.exception("the outbox could not be read; trying again")
                wait = 1.0
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._something.wait(), wait)

    async def _show_due(self, ports: Ports) -> float:
        """Seconds until somebody has to look again."""
        now = ports.clock.now()
        due, later = await ports.ledger.read(
            lambda reading: (reading.due_showings(now), reading.next_showing_at(now))
        )
        wait = SWEEP_SECONDS
        if later is not None:
            wait = min(wait, max(0.0, (later - now).total_seconds()))
        for showing in due:
            if showing.id in self._in_flight:
                continue
            delay = self._delay(showing)
            if delay > 0:
                wait = min(wait, delay)
                continue
            self._in_flight.add(showing.id)
            self._supervisor.spawn(self._show(ports, showing))
        return wait

    def _delay(self, showing: Showing) -> float:
        now = time.monotonic()
        delay = self._paused_until.get(showing.workspace, 0.0) - now
        if showing.ts and not showing.final:
            last = self._last_live.get(showing.workspace, 0.0)
            delay = max(delay, last + LIVE_SECONDS - now)
        return delay

    async def _show(self, ports: Ports, showing: Showing) -> None:
        try:
            async with self._slots:
                await self._show_now(ports, showing.id)
        finally:
            self._in_flight.discard(showing.id)
            self.nudge()

    async def _show_now(self, ports: Ports, showing_id: str) -> None:
        def look(reading: Reading) -> tuple[Showing, Message] | None:
            showing = reading.showing(showing_id)
            if showing is None or showing.wanted == showing.shown:
                return None
            return showing, draw(reading, showing, ports.admins)

        drawn = await ports.ledger.read(look)
        if drawn is None:
            return
        showing, message = drawn
        try:
            posted = await self._post(showing, message, ports.clock.now())
        except SlackApiError as error:
            await self._failed(ports, showing, message, error)
        except Exception as error:
            log.warning("a message could not be shown", exc_info=error)
            await self._later(ports, showing, min(LONGEST_WAIT, 2.0**showing.attempts))
        else:
            await ports.ledger.run(
                lambda tx: tx.shown(
                    showing.id, wanted=showing.wanted, ts=posted.ts, posted_in=posted.where
                )
            )

    async def _post(self, showing: Showing, message: Message, now: datetime) -> Posted:
        if showing.posted_in == BY_RESPONSE_URL and not showing.final:
            return Posted("", BY_RESPONSE_URL)
        if not showing.ts:
            return await self._poster.post(showing, message, now)
        if not showing.final:
            self._last_live[showing.workspace] = time.monotonic()
        return await self._poster.update(showing, message)

    async def _failed(
        self, ports: Ports, showing: Showing, message: Message, error: SlackApiError
    ) -> None:
        """429 pauses the workspace; a message that Slack refuses is shown as plain text once."""
        word = str(error.response.get("error") or "")
        if error.response.status_code == 429 or word == "ratelimited":
            wait = float(error.response.headers.get("Retry-After") or 1)
            self._paused_until[showing.workspace] = time.monotonic() + wait
            await self._later(ports, showing, wait, attempt=False)
            return
        log.warning("Slack refused a message", extra={"error": word, "what": showing.what.value})
        if message.blocks and word.startswith(("invalid_blocks", "msg_too_long", "msg_blocks")):
            with contextlib.suppress(SlackApiError):
                now = ports.clock.now()
                posted = await self._post(showing, Message(plain([message.text])), now)
                await ports.ledger.run(
                    lambda tx: tx.shown(
                        showing.id, wanted=showing.wanted, ts=posted.ts, posted_in=posted.where
                    )
                )
                return
        await self._later(ports, showing, min(LONGEST_WAIT, 2.0**showing.attempts), reason=word)

    async def _later(
        self,
        ports: Ports,
        showing: Showing,
        seconds: float,
        *,
        attempt: bool = True,
        reason: str = "unreachable",
    ) -> None:
        if attempt and showing.attempts + 1 >= MOST_ATTEMPTS:
            log.error("gave up showing a message", extra={"what": showing.what.value})
            await ports.ledger.run(lambda tx: tx.give_up_showing(showing.id, reason))
            return
        not_before = ports.clock.now() + timedelta(seconds=seconds)
        await ports.ledger.run(lambda tx: tx.show_later(showing.id, not_before, attempt=attempt))
