"""Forms that are sent: who they come from is known before anything of them is read."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable
from datetime import datetime
from typing import TypeVar

from connection.audit import AuditTag
from connection.directory import Standing
from connection.errors import DirectoryAway, NotAllowed
from connection.knowing import know, know_circles
from connection.people import Person, Role
from connection.ports import Ports, Reading, Transaction
from connection.refusing import not_a_member, unknown_person
from connection.rights import Rights, rights_of

Form = TypeVar("Form")

SECONDS = 1.5
"""Slack waits three seconds for the answer to a form."""


async def admit(ports: Ports, workspace: str, person: Person) -> None:
    """Raises `NotAllowed` for who may do nothing here, and `DirectoryAway` where Slack does not
    tell in time who this is."""
    began = time.monotonic()
    try:
        async with asyncio.timeout(SECONDS):
            await know(ports, workspace, person.user)
    except (DirectoryAway, TimeoutError) as error:
        raise _slack_is_silent() from error
    rights = await _rights(ports, workspace, person)
    if rights.may_grow and not rights.allow(Role.OPERATOR, ""):
        left = SECONDS - (time.monotonic() - began)
        with contextlib.suppress(DirectoryAway, TimeoutError):  # who needs no group needs no Slack
            async with asyncio.timeout(left):
                await know_circles(ports, workspace)
    if rights.standing is Standing.MEMBER:
        return
    await ports.ledger.run(
        lambda tx: tx.record(
            at=ports.clock.now(),
            workspace=workspace,
            actor=person,
            tag=AuditTag.COMMAND_REFUSED,
            details={"act": "form"},
        )
    )
    raise _not_here(rights)


async def _rights(ports: Ports, workspace: str, person: Person) -> Rights:
    now = ports.clock.now()
    return await ports.ledger.read(
        lambda reading: rights_of(reading, workspace, person, ports.admins, now)
    )


async def remembering(ports: Ports, draft_id: str, person: Person, act: Awaitable[Form]) -> Form:
    """What a form's person may no longer do is refused, and remembered."""
    try:
        return await act
    except NotAllowed:
        await ports.ledger.run(lambda tx: _remember(tx, ports.clock.now(), draft_id, person))
        raise


def _remember(tx: Transaction, now: datetime, draft_id: str, person: Person) -> None:
    draft = tx.draft(draft_id)
    if draft is None:
        return
    connection = tx.connection(draft.connection_id) if draft.connection_id else None
    details = {"act": "form", "needs": Role.OPERATOR.value}
    tx.record(
        at=now,
        workspace=draft.workspace,
        actor=person,
        tag=AuditTag.COMMAND_REFUSED,
        connection=draft.connection_id,
        details=details | ({"connection": connection.name} if connection else {}),
    )


def still_operator(
    ports: Ports, reading: Reading, workspace: str, person: Person, connection_id: str
) -> None:
    """Raises `NotAllowed` and `DirectoryAway`."""
    now: datetime = ports.clock.now()
    rights = rights_of(reading, workspace, person, ports.admins, now)
    if rights.standing is not Standing.MEMBER:
        raise _not_here(rights)
    if rights.allow(Role.OPERATOR, connection_id):
        return
    if rights.may_grow:
        raise _slack_is_silent()
    raise NotAllowed(
        "You no longer have the role operator for this connection.",
        "Ask an admin. What you typed stays in this form.",
    )


def _slack_is_silent() -> DirectoryAway:
    return DirectoryAway(
        "Slack does not tell me at the moment who you are. Nothing was saved.",
        "What you typed stays here: send it again in a moment.",
    )


def _not_here(rights: Rights) -> NotAllowed:
    return unknown_person() if rights.standing is None else not_a_member(rights.standing)
