"""Where a message goes: the channel, else the response URL, else a direct message."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from connection.asks import Audience, Showing
from handlers.refusals import GONE, NOT_HERE, pause_after, word_of
from handlers.response_url import ResponseUrls
from handlers.views.blocks import Attached, Message

log = logging.getLogger(__name__)

RESPONSE_URL_LIFE = timedelta(minutes=29)
"""Slack lets a response URL live for 30 minutes."""

BY_RESPONSE_URL = "response_url"


@dataclass(frozen=True, slots=True)
class Posted:
    """Slack's id of the message, and the channel that it really stands in."""

    ts: str
    where: str


class Poster:
    """Shows one copy of a message. Raises `SlackApiError` where no way leads there now."""

    def __init__(self, client: AsyncWebClient, response_urls: ResponseUrls) -> None:
        self._client = client
        self._response_urls = response_urls

    async def post(self, showing: Showing, message: Message, now: datetime) -> Posted:
        """The first showing; to everybody in the channel, or to one person."""
        if message.file is not None:
            message = await self._with_file(showing, message, message.file)
        try:
            return await self._to_channel(showing, message)
        except SlackApiError as error:
            if word_of(error) not in NOT_HERE:
                raise
            log.info("not in the channel", extra={"error": word_of(error)})
        if showing.place.response_url and now - showing.created_at < RESPONSE_URL_LIFE:
            kind = "ephemeral" if showing.audience is Audience.PERSON else "in_channel"
            if await self._response_urls.post(showing.place.response_url, message, kind):
                return Posted("", BY_RESPONSE_URL)
        return await self._direct(showing, message)

    async def update(self, showing: Showing, message: Message, now: datetime) -> Posted:
        """Edit it in place; posted anew, by any way, if it was deleted or the bot left."""
        try:
            await self._client.chat_update(
                channel=showing.posted_in,
                ts=showing.ts,
                text=message.text,
                blocks=message.as_dicts(),
            )
        except SlackApiError as error:
            if word_of(error) not in GONE | NOT_HERE:
                raise
        else:
            return Posted(showing.ts, showing.posted_in)
        return await self.post(showing, message, now)

    async def _to_channel(self, showing: Showing, message: Message) -> Posted:
        said: dict[str, Any] = {"text": message.text, "blocks": message.as_dicts()}
        channel = showing.place.channel
        if showing.audience is Audience.PERSON:
            answer = await self._client.chat_postEphemeral(
                channel=channel, user=showing.person.user, **said
            )
            return Posted(str(answer.get("message_ts") or ""), channel)
        answer = await self._client.chat_postMessage(channel=channel, unfurl_links=False, **said)
        return Posted(str(answer.get("ts") or ""), str(answer.get("channel") or channel))

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

    async def _direct(self, showing: Showing, message: Message) -> Posted:
        answer = await self._client.chat_postMessage(
            channel=await self._direct_channel(showing),
            text=message.text,
            blocks=message.as_dicts(),
            unfurl_links=False,
            unfurl_media=False,
        )
        return Posted(str(answer.get("ts") or ""), str(answer.get("channel") or ""))
