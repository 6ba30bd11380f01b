"""Submitted forms: the saving transaction runs before the ack, and what it says is the ack."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from connection.checked_setup import check_fields
from connection.errors import PastedSecret, WrongFields
from connection.pasted_secrets import refuse_secrets, secret_in
from connection.people import Person
from connection.service import ConnectionService
from connection.setting_up import Confirmed, Questions
from connection.setup import FIELDS
from handlers.errors import told
from handlers.fair_share import FairShare, take_share
from handlers.ids import (
    CONFIRM_FORM,
    ENTERED,
    FEATURES_FORM,
    KEEP_FIELD,
    KEEP_URL,
    SECRETS_FORM,
    SETUP_FORM,
    THEIRS,
)
from handlers.payloads import Sender, sender_of, typed_values
from handlers.views.confirm import confirm_view
from handlers.views.form import message_view, part_view
from handlers.views.secrets_form import secrets_view

Reply = dict[str, Any]


class Modals:
    """What Bolt's listeners for view submissions call. The ack is always the last act.

    They have a share of their own: no flood of commands keeps a filled form out.
    """

    def __init__(self, service: ConnectionService, share: FairShare) -> None:
        self._service = service
        self._share = share

    async def submitted(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Field errors keep the form with everything that was typed in it."""
        view = body.get("view") or {}
        try:
            reply = await self._reply(body, view)
        except Exception as error:  # noqa: BLE001 - the ack tells it
            reply = _errors(view, error)
        await ack(**reply)

    async def _reply(self, body: Mapping[str, Any], view: Mapping[str, Any]) -> Reply:
        sender, typed = sender_of(body), typed_values(view)
        await take_share(self._share, self._service, sender.workspace, sender.person, "forms")
        if view.get("callback_id") != SECRETS_FORM:
            await self._refuse_secrets(sender, typed)
        await self._service.admit(sender.workspace, sender.person)
        if view.get("callback_id") == SECRETS_FORM:
            return await self._secrets(sender.person, view, typed)
        draft_id = str(view.get("private_metadata") or "")
        if view.get("callback_id") in (SETUP_FORM, FEATURES_FORM):
            fields = {about.name for about in FIELDS}
            values = {name: value for name, value in typed.items() if name in fields}
            try:
                outcome = await self._service.submit_form(draft_id, sender.person, values)
            except WrongFields as wrong:
                return await self._with_missing(sender.person, view, values, wrong)
        elif view.get("callback_id") == CONFIRM_FORM:
            outcome = await self._service.submit_form(
                draft_id, sender.person, {}, _confirmed(typed)
            )
        else:
            return _update("Form", "This form is from another version of the bot.")
        if isinstance(outcome, Questions):
            asked_before = view.get("callback_id") == CONFIRM_FORM
            action = "update" if asked_before else "push"
            return {"response_action": action, "view": confirm_view(outcome)}
        inputs = await self._service.secret_inputs(draft_id)
        if inputs is None:
            return {"response_action": "clear"}
        return {"response_action": "update", "view": secrets_view(inputs)}

    async def _refuse_secrets(self, sender: Sender, typed: Mapping[str, str]) -> None:
        try:
            refuse_secrets(typed.values())
        except PastedSecret:
            await self._service.refuse_secret(sender.workspace, sender.person, "form")
            raise

    async def _with_missing(
        self,
        person: Person,
        view: Mapping[str, Any],
        values: Mapping[str, str],
        wrong: WrongFields,
    ) -> Reply:
        """What was chosen needs fields that this form does not show: it is drawn with them."""
        if set(wrong.fields) <= set(_inputs(view)):
            raise wrong
        draft_id = str(view.get("private_metadata") or "")
        await self._service.keep_typed(draft_id, person, values)
        picture = await self._service.form(draft_id)
        if picture is None:
            raise wrong
        drawn = part_view(str(view.get("callback_id")), picture, wrong.fields)
        return {"response_action": "update", "view": drawn}

    async def _secrets(
        self, person: Person, view: Mapping[str, Any], typed: Mapping[str, str]
    ) -> Reply:
        """Only where the operator allows it; what is typed is never refused as a paste."""
        draft_id = str(view.get("private_metadata") or "")
        await self._service.type_secrets(draft_id, person, typed)
        return {"response_action": "clear"}


def _confirmed(typed: Mapping[str, str]) -> Confirmed:
    theirs = {
        block_id.removeprefix(KEEP_FIELD)
        for block_id, value in typed.items()
        if block_id.startswith(KEEP_FIELD) and value == THEIRS
    }
    return Confirmed(use_proposed_url=typed.get(KEEP_URL) != ENTERED, keep_theirs=frozenset(theirs))


def _errors(view: Mapping[str, Any], error: Exception) -> Reply:
    """At their fields; what belongs to no field of this view stands at its first input."""
    inputs = _inputs(view)
    if isinstance(error, WrongFields) and set(error.fields) <= set(inputs):
        return {"response_action": "errors", "errors": error.fields}
    said = told(error, "form")
    text = f"{said.message} {said.hint}".strip()
    if isinstance(error, WrongFields):
        text = " ".join(error.fields.values())
    if not inputs:
        return _update("Not saved", text)
    if isinstance(error, PastedSecret):
        return {"response_action": "errors", "errors": _around_secret(view, inputs, text)}
    return {"response_action": "errors", "errors": dict.fromkeys(inputs[:1], text)}


def _inputs(view: Mapping[str, Any]) -> list[str]:
    return [
        str(block.get("block_id"))
        for block in view.get("blocks") or ()
        if block.get("type") == "input"
    ]


def _around_secret(view: Mapping[str, Any], inputs: list[str], text: str) -> dict[str, str]:
    """At the fields that hold one, and the other fields' own errors with them."""
    typed = typed_values(view)
    places = [one for one in inputs if secret_in(typed.get(one, ""))] or inputs[:1]
    others: dict[str, str] = {}
    if view.get("callback_id") in (SETUP_FORM, FEATURES_FORM):
        try:
            check_fields(typed)
        except WrongFields as wrong:
            others = {name: said for name, said in wrong.fields.items() if name in inputs}
    return {**others, **dict.fromkeys(places, text)}


def _update(title: str, text: str) -> Reply:
    return {"response_action": "update", "view": message_view(title, text)}
