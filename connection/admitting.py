"""Forms that are sent: who they come from is known before anything of them is read."""

import asyncio
import contextlib
from datetime import datetime

from connection.audit import AuditTag
from connection.directory import Standing
from connection.errors import DirectoryAway, NotAllowed
from connection.knowing import know, know_circles
from connection.people import Person, Role
from connection.ports import Ports, Reading
from connection.refusing import not_a_member, unknown_person
from connection.rights import Rights, rights_of

SECONDS = 1.5
"""Slack waits three seconds for the answer to a form."""


async def admit(ports: Ports, workspace: str, person: Person) -> None:
    """Raises `NotAllowed` for who may do nothing here, and `DirectoryAway` where Slack does not
    tell in time who this is."""
    try:
        async with asyncio.timeout(SECONDS):
            await know(ports, workspace, person.user)
            with contextlib.suppress(DirectoryAway):  # most hold their roles by themselves
                await know_circles(ports, workspace)
    except (DirectoryAway, TimeoutError) as error:
        raise _slack_is_silent() from error
    now = ports.clock.now()
    rights = await ports.ledger.read(
        lambda reading: rights_of(reading, workspace, person, ports.admins, now)
    )
    if rights.standing is Standing.MEMBER:
        return
    await ports.ledger.run(
        lambda tx: tx.record(
            at=now,
            workspace=workspace,
            actor=person,
            tag=AuditTag.COMMAND_REFUSED,
            details={"act": "form"},
        )
    )
    raise _not_here(rights)


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
