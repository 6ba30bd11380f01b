"""Opens the setup form: the one Slack call outside a job, as a trigger lives three seconds."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from connection.asks import Ask
from connection.entry import Terms
from connection.errors import AdminError, DirectoryAway
from connection.pictures import FormPicture
from connection.service import ConnectionService
from handlers.ids import FEATURES_FORM, SETUP_FORM
from handlers.payloads import Sender, typed_values
from handlers.refusals import VIEW_GONE, word_of
from handlers.supervisor import Supervisor
from handlers.views.form import features_view, message_view, opening_view, part_view

log = logging.getLogger(__name__)

OPEN_SECONDS = 1.5
FILL_SECONDS = 5.0
TRY_AGAIN_AFTER = (0.5, 1.0, 2.0, 4.0)
"""Seconds. A database may be busy for a while; what is not noted is offered at the next start."""


class FormOpener:
    """A light view first, then the form. What fails becomes a job that offers a button instead."""

    def __init__(
        self,
        client: AsyncWebClient,
        service: ConnectionService,
        supervisor: Supervisor,
        dispatch: Callable[[Ask], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._sleep = sleep
        self._client = client
        self._service = service
        self._supervisor = supervisor
        self._dispatch = dispatch

    def open(self, ask: Ask, terms: Terms, trigger_id: str) -> None:
        """In the background. Never fails. Of an unsettled ask the form is empty until it is known
        who asks."""
        self._supervisor.spawn(self._open_or_offer(ask, terms, trigger_id))

    def redraw(self, sender: Sender, view: Mapping[str, Any]) -> None:
        """A choice brings other fields: in the background. What fails is told when it is sent."""
        self._supervisor.spawn(self._redraw(sender, view))

    def show_features(self, sender: Sender, view: Mapping[str, Any]) -> None:
        """The second part over the first, whose values are kept: in the background."""
        self._supervisor.spawn(self._redraw(sender, view, push=True))

    async def _redraw(self, sender: Sender, view: Mapping[str, Any], *, push: bool = False) -> None:
        draft_id = str(view.get("private_metadata") or "")
        try:
            await self._service.admit(sender.workspace, sender.person)
            await self._service.keep_typed(draft_id, sender.person, typed_values(view))
            picture = await self._service.form(draft_id)
            if picture is None:
                return
            async with asyncio.timeout(FILL_SECONDS):
                await self._draw(sender, view, picture, push=push)
        except (SlackApiError, AdminError, TimeoutError) as error:
            log.info("a form was not drawn anew", extra={"error": type(error).__name__})

    async def _draw(
        self, sender: Sender, view: Mapping[str, Any], picture: FormPicture, *, push: bool
    ) -> None:
        if push:
            await self._client.views_push(trigger_id=sender.trigger_id, view=features_view(picture))
            return
        await self._client.views_update(
            view_id=str(view.get("id")),
            hash=str(view.get("hash")),
            view=part_view(str(view.get("callback_id")), picture),
        )

    async def _open_or_offer(self, ask: Ask, terms: Terms, trigger_id: str) -> None:
        try:
            view_id = await self._open(ask, trigger_id)
            if ask.unsettled:
                ask = await self._service.settle(ask, terms, FILL_SECONDS)
            await self._fill(ask, view_id)
        except DirectoryAway as error:
            await self._close(
                view_id, f"{error.message} I ask on, and offer the form in a message."
            )
            await self._offer(ask)
        except AdminError as error:
            await self._close(view_id, f"{error.message} {error.hint}")
            await self._note(self._service.form_opened, ask)
        except Exception:
            log.warning("the form could not be opened in time; offering it", exc_info=True)
            await self._offer(ask)
        else:
            await self._note(self._service.form_opened, ask)

    async def _offer(self, ask: Ask) -> None:
        await self._note(self._service.form_not_opened, ask)
        self._dispatch(ask)

    async def _note(self, what: Callable[[Ask], Awaitable[None]], ask: Ask) -> None:
        """The ask is held until this is noted."""
        for seconds in TRY_AGAIN_AFTER:
            try:
                await what(ask)
            except Exception:
                log.warning("what became of a form was not noted; trying again", exc_info=True)
                await self._sleep(seconds)
            else:
                return
        await what(ask)

    async def _open(self, ask: Ask, trigger_id: str) -> str:
        async with asyncio.timeout(OPEN_SECONDS):
            opened = await self._client.views_open(
                trigger_id=trigger_id, view=opening_view(ask.subject)
            )
        view = opened["view"]
        return str(view["id"]) if view else ""

    async def _close(self, view_id: str, why: str) -> None:
        """The empty form tells why it stays empty."""
        try:
            async with asyncio.timeout(FILL_SECONDS):
                view = message_view("Connection setup", why)
                await self._client.views_update(view_id=view_id, view=view)
        except (SlackApiError, TimeoutError) as failed:
            log.info("a refusal was not shown", extra={"error": type(failed).__name__})

    async def _fill(self, ask: Ask, view_id: str) -> None:
        picture = await self._service.form(ask.subject)
        gone = message_view("Connection setup", "This form is gone. Type /d365 setup again.")
        try:
            part = FEATURES_FORM if ask.rest else SETUP_FORM
            async with asyncio.timeout(FILL_SECONDS):
                await self._client.views_update(
                    view_id=view_id, view=part_view(part, picture) if picture else gone
                )
        except SlackApiError as error:
            if word_of(error) not in VIEW_GONE:
                raise
            log.info("its person closed the form before it was filled")
