"""One showing, from the database to Slack, whatever goes wrong on the way."""

import asyncio
import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError

from connection.asks import Showing, What
from connection.changes.record import below
from connection.errors import DirectoryAway, NotReady
from connection.ports import Ports, Reading
from connection.publicity import Publicity, publicity_of
from connection.seeing import know_reader
from handlers.drawing import NO_MORE, draw
from handlers.pacing import Pace, wait_after
from handlers.posting import BY_RESPONSE_URL, Posted, Poster
from handlers.refusals import is_hopeless, pause_after, refuses_blocks, word_of
from handlers.views.blocks import Message, plain, section

log = logging.getLogger(__name__)

FEW_TRIES = 3
A_DAY = timedelta(days=1)
READER_SECONDS = 10.0
LAST_TRIES = 60
"""About an hour of them, for an old copy that changed lately."""


@dataclass(frozen=True, slots=True)
class _Seen:
    wanted: int
    posted: Posted


class Presenter:
    """Draws, posts and notes it. What fails is tried again later, for a day."""

    def __init__(self, poster: Poster, pace: Pace) -> None:
        self._poster = poster
        self._pace = pace
        self._not_noted: dict[str, _Seen] = {}

    async def show(self, ports: Ports, showing_id: str) -> None:
        """Never fails. What people saw and the database could not note is not posted again."""
        try:
            await self._show(ports, showing_id)
        except Exception:
            log.exception("the outbox could not be read or written", extra={"showing": showing_id})
            self._pace.rest(showing_id)
        else:
            self._pace.rested(showing_id)

    async def _show(self, ports: Ports, showing_id: str) -> None:
        if seen := self._not_noted.get(showing_id):
            await self._note(ports, showing_id, seen)
            return
        ready = await self._ready(ports, showing_id)
        if ready is None:
            return
        showing, message, publicity = ready
        try:
            posted = await self._post_readably(showing, message, ports.clock.now(), publicity)
        except SlackApiError as error:
            await self._refused(ports, showing, error)
        except Exception as error:  # noqa: BLE001 - whatever aiohttp, ssl and asyncio call it
            _tell(showing, "Slack could not be reached", error)
            await self._try_again(ports, showing)
        else:
            seen = _Seen(showing.wanted, posted)
            self._not_noted[showing.id] = seen
            await self._note(ports, showing.id, seen)

    async def _ready(
        self, ports: Ports, showing_id: str
    ) -> tuple[Showing, Message, Publicity] | None:
        """None if there is nothing new, or where it has to wait."""
        found = await ports.ledger.read(lambda reading: _drawn(ports, reading, showing_id))
        if found is None:
            return None
        showing = found[0]
        publicity = await _publicity(ports, showing)
        untold = publicity is Publicity.UNTOLD and showing.attempts + 1 < FEW_TRIES
        alone = publicity is not Publicity.OPEN
        if not untold and (alone or found[1] == NO_MORE):
            try:
                found = await drawn_for_reader(ports, showing, alone=alone)
            except DirectoryAway:
                untold = True
        if not untold and found is not None and _is_home_untold(found):
            found = await ports.ledger.read(lambda r: _drawn(ports, r, showing_id, alone=True))
        if found is None:
            return None
        showing, drawn = found
        message = drawn if isinstance(drawn, Message) else _undrawn(showing, drawn)
        if untold or message is None:
            await self._later(ports, showing, wait_after(showing.attempts))
            return None
        return showing, message, publicity

    async def _note(self, ports: Ports, showing_id: str, seen: _Seen) -> None:
        await ports.ledger.run(
            lambda tx: tx.shown(
                showing_id, wanted=seen.wanted, ts=seen.posted.ts, posted_in=seen.posted.where
            )
        )
        self._not_noted.pop(showing_id, None)

    async def _post_readably(
        self, showing: Showing, message: Message, now: datetime, publicity: Publicity
    ) -> Posted:
        """As plain text if Slack refuses the blocks."""
        try:
            return await self._post(showing, message, now, publicity)
        except SlackApiError as error:
            if not message.blocks or not refuses_blocks(error):
                raise
            _tell(showing, "Slack refused the blocks of a message", error)
        return await self._post(showing, Message(plain([message.text])), now, publicity)

    async def _post(
        self, showing: Showing, message: Message, now: datetime, publicity: Publicity
    ) -> Posted:
        if _waits_for_its_end(showing):
            return Posted("", BY_RESPONSE_URL)
        if not showing.ts:
            return await self._poster.post(showing, message, now, publicity)
        return await self._poster.update(showing, message, now, publicity)

    async def _refused(self, ports: Ports, showing: Showing, error: SlackApiError) -> None:
        pause = pause_after(error)
        if pause is not None:
            self._pace.pause(showing.workspace, pause)
            await self._later(ports, showing, pause, attempt=False)
            return
        _tell(showing, "Slack refused a message", error)
        if is_hopeless(error) and showing.attempts + 1 >= FEW_TRIES:
            await self._give_up(ports, showing, word_of(error))
            return
        await self._try_again(ports, showing)

    async def _try_again(self, ports: Ports, showing: Showing) -> None:
        age = ports.clock.now() - showing.created_at
        if age >= A_DAY and showing.attempts + 1 >= LAST_TRIES:
            await self._give_up(ports, showing, "expired")
            return
        await self._later(ports, showing, wait_after(showing.attempts))

    async def _give_up(self, ports: Ports, showing: Showing, reason: str) -> None:
        log.error("gave up showing a message", extra={**_about(showing), "reason": reason})
        await ports.ledger.run(lambda tx: tx.give_up_showing(showing.id, reason))

    async def _later(
        self, ports: Ports, showing: Showing, seconds: float, *, attempt: bool = True
    ) -> None:
        not_before = ports.clock.now() + timedelta(seconds=seconds)
        await ports.ledger.run(lambda tx: tx.show_later(showing.id, not_before, attempt=attempt))


def _waits_for_its_end(showing: Showing) -> bool:
    """What a response URL has shown cannot be edited."""
    return showing.posted_in == BY_RESPONSE_URL and not showing.final


async def _publicity(ports: Ports, showing: Showing) -> Publicity:
    if _waits_for_its_end(showing):
        return Publicity.OPEN  # nothing is said now
    return await publicity_of(ports, showing)


async def drawn_for_reader(
    ports: Ports, showing: Showing, *, alone: bool
) -> tuple[Showing, Message | Exception] | None:
    """For one person, whom Slack is asked about before it is said that they may not read it.

    Raises `DirectoryAway` while that may be told in a moment.
    """

    def query(reading: Reading) -> tuple[Showing, Message | Exception] | None:
        return _drawn(ports, reading, showing.id, alone=alone)

    found = await ports.ledger.read(query)
    if found is None or found[1] != NO_MORE:
        return found
    try:
        async with asyncio.timeout(READER_SECONDS):
            await know_reader(ports, showing)
    except (DirectoryAway, TimeoutError) as error:
        again = await ports.ledger.read(query)
        unknown = again is not None and again[1] == NO_MORE
        if unknown and showing.attempts + 1 < FEW_TRIES:
            raise DirectoryAway("Slack does not tell who reads this.") from error
        return again
    return await ports.ledger.read(query)


def _drawn(
    ports: Ports, reading: Reading, showing_id: str, *, alone: bool = False
) -> tuple[Showing, Message | Exception] | None:
    """None if there is nothing new to show; an error in place of what cannot be drawn."""
    showing = reading.showing(showing_id)
    if showing is None or showing.wanted == showing.shown:
        return None
    showing = below(reading, showing)
    try:
        message = draw(reading, showing, ports, alone=alone)
        message.as_dicts()
        message.in_classic().as_dicts()
    except NotReady:
        raise
    except Exception as error:  # noqa: BLE001 - a bug of one message stops no other
        return showing, error
    return showing, message


def _is_home_untold(found: tuple[Showing, Message | Exception]) -> bool:
    """Slack was asked who the reader is, in vain: what it told before counts, and no more."""
    return found[0].what is What.HOME and found[1] == NO_MORE


def _undrawn(showing: Showing, error: Exception) -> Message | None:
    """After a few tries a plain sentence; its reference is the same in every log line."""
    reference = uuid.uuid5(uuid.NAMESPACE_OID, showing.id).hex[:8]
    about = {**_about(showing), "reference": reference}
    log.error("a message could not be drawn", exc_info=error, extra=about)
    if showing.attempts + 1 < FEW_TRIES:
        return None
    sentence = f"This answer could not be drawn. The reference is {reference}."
    return Message(sentence, (section(sentence),))


def _tell(showing: Showing, what: str, error: Exception) -> None:
    """The first failure of a copy in full, the next ones in a line."""
    word = word_of(error) if isinstance(error, SlackApiError) else type(error).__name__
    about = {**_about(showing), "error": word, "tries": showing.attempts + 1}
    if showing.attempts:
        log.info(what, extra=about)
    else:
        log.warning(what, exc_info=error, extra=about)


def _about(showing: Showing) -> Mapping[str, object]:
    return {"showing": showing.id, "what": showing.what.value}
