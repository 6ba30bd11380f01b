"""Commands and buttons: translate, accept, ack, return. The work is a job."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from connection.asks import About, Answer, Ask
from connection.errors import AdminError, Mistake, PastedSecret, TooMuch
from connection.pasted_secrets import refuse_secrets
from connection.people import Person
from connection.service import ConnectionService
from handlers.buttons import BY_ACTION
from handlers.command import Command
from handlers.commands import parse
from handlers.errors import told
from handlers.fair_share import FairShare, take_share
from handlers.form_opener import FormOpener
from handlers.ids import FEATURES_FORM, SETUP_FORM
from handlers.news import changed_in, home_opened_by
from handlers.payloads import Sender, ask_from, sender_of, typed_text
from handlers.views.answers import answer_message

HELD_SECONDS = 0.5
"""Whoever sends too much waits for the answer: a sender that waits for it sends less then, and
waiting costs nothing. Slack gives up after three seconds."""


class Entrance:
    """What Bolt's listeners for commands and buttons call. The ack is always the last act."""

    def __init__(
        self,
        service: ConnectionService,
        dispatch: Callable[[Ask], None],
        forms: FormOpener,
        share: FairShare,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._sleep = sleep
        self._service = service
        self._dispatch = dispatch
        self._forms = forms
        self._share = share

    async def command(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """`/d365 …`. What is refused is told in the ack itself, to its sender alone."""
        refusal: Answer | None = None
        try:
            await self._command(sender_of(body), typed_text(body))
        except Exception as error:  # noqa: BLE001 - the ack tells it
            refusal = told(error, "command")
        if refusal is None:
            await ack()
            return
        message = answer_message(refusal)
        blocks = message.in_classic().as_dicts()  # an ack is said once
        await ack(text=message.text, blocks=blocks, response_type="ephemeral")

    async def button(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Any button of ours, and a choice in the setup form, which is then drawn anew.

        An ack of a button shows nothing, so a refusal is a message.
        """
        sender = sender_of(body)
        try:
            await self._limit(sender, "buttons")
            await self._button(sender, body)
        except TooMuch as flood:
            if flood.tell:
                await self._turn_down(sender, told(flood, "button"))
        except Exception as error:  # noqa: BLE001 - the answer tells it
            await self._turn_down(sender, told(error, "button"))
        await ack()

    async def event(self, body: Mapping[str, Any]) -> None:
        """Something changed in Slack: what is known of it counts no more. Told twice is harmless;
        what fails here Slack tells again."""
        if opened := home_opened_by(body):
            await self._home(*opened)
            return
        names, members = changed_in(body)
        if names:
            await self._service.directory_changed(names, members=members)

    async def _home(self, workspace: str, person: Person) -> None:
        """Whoever opens it too often sees it as it was."""
        try:
            await take_share(self._share, self._service, workspace, person, "openings of Home")
        except TooMuch:
            return
        await self._service.open_home(workspace, person)

    async def _command(self, sender: Sender, text: str) -> None:
        await self._limit(sender, "commands")
        try:
            refuse_secrets([text])
            words = parse(text)
        except PastedSecret:
            await self._service.refuse_secret(sender.workspace, sender.person, "command")
            raise
        ask = ask_from(
            sender,
            self._service.ports.clock,
            words.command.word,
            connection=words.connection,
            rest=words.rest,
        )
        await self._accept(ask, words.command, sender)

    async def _limit(self, sender: Sender, what: str) -> None:
        try:
            await take_share(self._share, self._service, sender.workspace, sender.person, what)
        except TooMuch:
            await self._sleep(HELD_SECONDS)
            raise

    async def _button(self, sender: Sender, body: Mapping[str, Any]) -> None:
        view = body.get("view")
        pressed: Mapping[str, Any] = next(iter(body.get("actions") or ()), {})
        if isinstance(view, Mapping) and view.get("callback_id") in (SETUP_FORM, FEATURES_FORM):
            more = pressed.get("action_id") == FEATURES_FORM
            (self._forms.show_features if more else self._forms.redraw)(sender, view)
            return
        button = BY_ACTION.get(str(pressed.get("action_id")))
        if button is None:
            raise Mistake(
                "This button is from another version of the bot.", "/d365 help lists what I know."
            )
        subject = str(pressed.get("value") or "")
        clock = self._service.ports.clock
        ask = ask_from(sender, clock, button.command.word, subject=subject, rest=button.rest)
        await self._accept(ask, button.command, sender, button.about)

    async def _accept(
        self, ask: Ask, command: Command, sender: Sender, about: About = About.NAME
    ) -> None:
        accepted = await self._service.accept(ask, command.terms, about)
        if accepted is None:
            return
        if command.terms.opens_form:
            self._forms.open(accepted, command.terms, sender.trigger_id)
        else:
            self._dispatch(accepted)

    async def _turn_down(self, sender: Sender, answer: Answer) -> None:
        try:
            ask = ask_from(sender, self._service.ports.clock, "button")
            await self._service.turn_down(ask, answer)
        except AdminError as error:
            told(error, "refusal")
