"""Where a message goes: the channel, else the response URL, else a direct message.

Nothing is said to everybody in a channel that is shared with another organisation, or may be.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from connection.asks import Audience, Showing, What
from connection.publicity import Publicity, is_direct
from handlers.classic_looks import ClassicLooks
from handlers.ids import HOME
from handlers.notes import MOVED, Notes
from handlers.refusals import GONE, NO_THREAD, NOT_HERE, pause_after, word_of
from handlers.response_url import ResponseUrls
from handlers.views.blocks import Attached, Message, section

log = logging.getLogger(__name__)

RESPONSE_URL_LIFE = timedelta(minutes=29)
"""Slack lets a response URL live for 30 minutes."""

BY_RESPONSE_URL = "response_url"

_NOBODY_LOOKS = frozenset(["is_archived", "is_inactive", "user_not_in_channel"])
"""The person does not see the channel, or nobody looks there."""

EDITED = frozenset({What.REPORT, What.ACCESS_REQUEST, What.USERS})
"""What changes while people look at it: it needs a message that can be edited."""


@dataclass(frozen=True, slots=True)
class Posted:
    """Slack's id of the message, and the channel that it really stands in."""

    ts: str
    where: str


@dataclass(frozen=True, slots=True)
class _Sending:
    """One message on its way. `word` is what Slack refused the channel with, '' before."""

    showing: Showing
    message: Message
    publicity: Publicity
    now: datetime
    word: str = ""


_Way = Callable[[_Sending], Awaitable[Posted | None]]


class Poster:
    """Shows one copy of a message. Raises `SlackApiError` where no way leads there now."""

    def __init__(
        self,
        client: AsyncWebClient,
        response_urls: ResponseUrls,
        looks: ClassicLooks | None = None,
    ) -> None:
        self._client = client
        self._response_urls = response_urls
        self._looks = looks or ClassicLooks()
        self._notes = Notes(client)

    async def post(
        self, showing: Showing, message: Message, now: datetime, publicity: Publicity
    ) -> Posted:
        """The first showing, by the first way that is open."""
        if showing.audience is Audience.HOME:
            return await self._publish(showing, message)
        if message.file is not None:
            message = await self._with_file(showing, message, message.file)
        sending = _Sending(showing, message, publicity, now)
        refused: SlackApiError | None = None
        for way in self._ways(sending):
            try:
                posted = await way(sending)
            except SlackApiError as error:
                if word_of(error) not in NOT_HERE:
                    raise
                log.info("not there", extra={"error": word_of(error)})
                refused = refused or error
                sending = _Sending(showing, message, publicity, now, word_of(refused))
            else:
                if posted is not None:
                    return posted
        if refused is not None:
            raise refused
        raise SlackRequestError("no way leads to the person")

    def _ways(self, sending: _Sending) -> Sequence[_Way]:
        """In the order in which they are tried; each gives None where it is closed."""
        showing, publicity = sending.showing, sending.publicity
        if showing.audience is Audience.DIRECT:
            return (self._direct,)
        if showing.audience is Audience.PERSON:
            return (self._ephemeral, self._by_url, self._direct)
        if publicity is Publicity.OPEN:
            return (self._everybody, self._by_url, self._direct)
        if publicity is Publicity.UNSEEN:
            return (self._by_url, self._direct)
        if showing.what not in EDITED:
            return (self._ephemeral, self._by_url, self._direct)
        if not showing.final:
            return (self._direct,)
        return (self._direct, self._ephemeral, self._by_url)

    async def update(
        self, showing: Showing, message: Message, now: datetime, publicity: Publicity
    ) -> Posted:
        """Edit it in place; posted anew, by any way, if it was deleted or the bot left, or if
        everybody there may not see it any more."""
        if showing.audience is Audience.HOME:
            return await self._publish(showing, message)
        standing = showing.audience is Audience.CHANNEL and is_direct(showing.posted_in)
        note = self._notes.again(showing) if standing else ""
        message = message.with_note(note) if note else message
        if publicity is Publicity.OPEN and _may_edit(showing):
            try:
                await self._edit(showing, message)
            except SlackApiError as error:
                if word_of(error) not in GONE | NOT_HERE:
                    raise
            else:
                return Posted(showing.ts, showing.posted_in)
        if standing:
            return await self._direct(_Sending(showing, message, Publicity.OPEN, now))
        if publicity is Publicity.SHARED:
            await self._withdraw(showing)
        return await self.post(showing, message, now, publicity)

    async def _publish(self, showing: Showing, message: Message) -> Posted:
        """No `hash`: whatever was published before, this is drawn from the database now."""

        async def send(form: Message) -> AsyncSlackResponse:
            view = {"type": "home", "callback_id": HOME, "blocks": form.as_dicts()}
            return await self._client.views_publish(user_id=showing.person.user, view=view)

        await self._looks.sent(showing.workspace, message, send)
        return Posted(HOME, HOME)

    async def _edit(self, showing: Showing, message: Message) -> None:
        async def send(form: Message) -> AsyncSlackResponse:
            return await self._client.chat_update(
                channel=showing.posted_in, ts=showing.ts, **_said(form)
            )

        await self._looks.sent(showing.workspace, message, send)

    async def _withdraw(self, showing: Showing) -> None:
        """People of the other organisation read what stands in the channel, so it goes."""
        try:
            await self._edit(showing, Message(MOVED, (section(MOVED),)))
        except SlackApiError as error:
            if word_of(error) not in GONE | NOT_HERE:
                raise

    async def _everybody(self, sending: _Sending) -> Posted:
        channel = sending.showing.place.channel
        answer = await self._write(sending, channel, sending.message)
        return Posted(str(answer.get("ts") or ""), str(answer.get("channel") or channel))

    async def _ephemeral(self, sending: _Sending) -> Posted | None:
        showing = sending.showing
        channel = showing.place.channel
        if not channel:
            return None
        message = await self._noted(sending, direct=False)

        async def send(form: Message) -> AsyncSlackResponse:
            return await self._client.chat_postEphemeral(
                channel=channel, user=showing.person.user, **_said(form)
            )

        answer = await self._looks.sent(showing.workspace, message, send)
        return Posted(str(answer.get("message_ts") or ""), channel)

    async def _by_url(self, sending: _Sending) -> Posted | None:
        """To everybody only where the bot is merely absent from an open channel: what a channel
        does not let the bot say, the response URL does not say either."""
        showing, message = sending.showing, sending.message
        url = showing.place.response_url
        late = sending.now - showing.created_at >= RESPONSE_URL_LIFE
        if not url or late or sending.word in _NOBODY_LOOKS:
            return None
        to_all = showing.audience is Audience.CHANNEL
        absent = sending.publicity is Publicity.OPEN and sending.word == "not_in_channel"
        if to_all and not absent:
            message = await self._noted(sending, direct=False)
        kind = "in_channel" if to_all and absent else "ephemeral"

        async def send(form: Message) -> bool:
            return await self._response_urls.post(url, form, kind, showing.id, final=showing.final)

        taken = await self._looks.sent(showing.workspace, message, send)
        return Posted("", BY_RESPONSE_URL) if taken else None

    async def _direct(self, sending: _Sending) -> Posted:
        message = sending.message
        if sending.showing.audience is not Audience.DIRECT:
            message = await self._noted(sending, direct=True)
        channel = await self._direct_channel(sending.showing)
        answer = await self._write(sending, channel, message)
        return Posted(str(answer.get("ts") or ""), str(answer.get("channel") or ""))

    async def _write(self, sending: _Sending, channel: str, message: Message) -> AsyncSlackResponse:
        showing = sending.showing

        async def send(
            form: Message, thread: str | None = showing.below or None
        ) -> AsyncSlackResponse:
            return await self._client.chat_postMessage(
                channel=channel,
                thread_ts=thread,
                unfurl_links=False,
                unfurl_media=False,
                **_said(form),
            )

        try:
            return await self._looks.sent(showing.workspace, message, send)
        except SlackApiError as error:
            if not showing.below or word_of(error) not in NO_THREAD:
                raise
        return await self._looks.sent(showing.workspace, message, lambda form: send(form, None))

    async def _noted(self, sending: _Sending, *, direct: bool) -> Message:
        showing = sending.showing
        note = await self._notes.why(showing, sending.publicity, sending.word, direct=direct)
        if not note:
            return sending.message
        self._notes.remember(showing, note)
        return sending.message.with_note(note)

    async def _with_file(self, showing: Showing, message: Message, file: Attached) -> Message:
        """Files go to the person's direct messages; as text where Slack takes none."""
        try:
            where = await self._direct_channel(showing)
            await self._client.files_upload_v2(
                channel=where, filename=file.name, title=file.title, content=file.content
            )
        except SlackApiError as error:
            if pause_after(error) is not None:
                raise
            log.warning("a file could not be sent", extra={"error": word_of(error)})
            return message.with_text_of_file()
        except SlackRequestError:
            log.warning("a file could not be uploaded")
            return message.with_text_of_file()
        return message.with_file(f"The file {file.name} is in your direct messages with me.")

    async def _direct_channel(self, showing: Showing) -> str:
        opened = await self._client.conversations_open(users=showing.person.user)
        return str((opened.get("channel") or {}).get("id"))


def _may_edit(showing: Showing) -> bool:
    """What one person alone was shown in a channel cannot be edited, and everybody else's must
    not take it in."""
    return showing.audience is not Audience.PERSON or is_direct(showing.posted_in)


def _said(message: Message) -> dict[str, Any]:
    return {"text": message.text, "blocks": message.as_dicts()}
