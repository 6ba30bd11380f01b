"""How an administrator's sign-in ends, and what is remembered of it."""

import uuid
from dataclasses import replace
from datetime import datetime

from connection.asks import Answer, Ask, Audience, Showing, Tone, What
from connection.audit import AuditTag
from connection.errors import Mistake
from connection.ports import Ports, Transaction
from connection.showing import reply
from connection.signing_in import OPEN, SignIn, SignInState


async def cancel(ports: Ports, ask: Ask, one: SignIn) -> None:
    """Before the code was entered, or after."""
    said = "The sign-in was cancelled; the code is worth nothing any more."
    if one.state is SignInState.SIGNED_IN:
        await sign_out(ports, ask, one)
        return
    await _finish(ports, ask, one, SignInState.CANCELLED, said)


async def sign_out(ports: Ports, ask: Ask, one: SignIn) -> None:
    """The token is not needed any more."""
    await _finish(ports, ask, one, SignInState.SIGNED_OUT, "Signed out; the token is forgotten.")


async def no(ports: Ports, ask: Ask, one: SignIn) -> None:
    """The account of the other domain is not the right one. Raises `Mistake` if not asked."""
    if one.state is not SignInState.ASKED:
        raise Mistake(
            "Nobody asked you about an account yet.",
            "Give the code up with /d365 sign-in connection cancel.",
        )
    said = "Then nothing is done with this account; its token is forgotten."
    await _finish(ports, ask, one, SignInState.CANCELLED, said)


async def _finish(ports: Ports, ask: Ask, one: SignIn, state: SignInState, said: str) -> None:
    now = ports.clock.now()

    def work(tx: Transaction) -> None:
        current = tx.sign_in(one.id)
        if current is None or current.state not in OPEN:
            how = current.state.value if current else "forgotten"
            raise Mistake(f"This sign-in is over: {how}.", "Begin with /d365 sign-in.")
        keep(tx, replace(one, state=state), AuditTag.ADMIN_SIGNED_OUT, now)
        reply(tx, ask, Answer(Tone.DONE, said), now)

    ports.sign_ins.forget(one.id)
    await ports.ledger.run(work)
    ports.messenger.nudge()


async def end_overdue(ports: Ports) -> None:
    """A sign-in ends with its token, and the question about its domain with it."""
    now = ports.clock.now()

    def is_over(one: SignIn) -> bool:
        return one.state is not SignInState.WAITING and one.ends_at <= now

    def work(tx: Transaction) -> list[str]:
        over = [one for one in tx.open_sign_ins() if is_over(one)]
        for one in over:
            keep(tx, replace(one, state=SignInState.SIGNED_OUT), AuditTag.ADMIN_SIGNED_OUT, now)
        return [one.id for one in over]

    if any(is_over(one) for one in await ports.ledger.read(lambda r: r.open_sign_ins())):
        for sign_in_id in await ports.ledger.run(work):
            ports.sign_ins.forget(sign_in_id)


async def end_for(ports: Ports, connection_id: str) -> None:
    """The setup names another place or app: codes and tokens for the one before are over."""
    now = ports.clock.now()

    def work(tx: Transaction) -> list[str]:
        over = [one for one in tx.open_sign_ins() if one.connection_id == connection_id]
        for one in over:
            keep(tx, replace(one, state=SignInState.CANCELLED), AuditTag.ADMIN_SIGNED_OUT, now)
        return [one.id for one in over]

    for sign_in_id in await ports.ledger.run(work):
        ports.sign_ins.forget(sign_in_id)


async def cut_off(ports: Ports) -> None:
    """At start: codes and tokens were in the memory of a process that is gone."""
    now = ports.clock.now()

    def work(tx: Transaction) -> None:
        for one in tx.open_sign_ins():
            ended = replace(one, state=SignInState.CUT_OFF)
            keep(tx, ended, AuditTag.ADMIN_SIGNED_OUT, now)
            if one.state is not SignInState.SIGNED_IN:
                tx.show(showing_of(ended, str(uuid.uuid4()), now))

    await ports.ledger.run(work)


def keep(tx: Transaction, one: SignIn, tag: AuditTag | None, now: datetime) -> None:
    """With its row of the record, if there is a tag."""
    tx.keep_sign_in(one)
    if tag is None:
        return
    connection = tx.connection(one.connection_id)
    details: dict[str, object] = {"connection": connection.name if connection else ""}
    if one.account:
        details["account"] = one.account
    if tag is not AuditTag.ADMIN_SIGN_IN_STARTED:
        details["state"] = one.state.value
    if tag is AuditTag.ADMIN_SIGN_IN_FAILED:
        details["because"] = one.detail
    tx.record(
        at=now,
        workspace=one.workspace,
        actor=one.person,
        tag=tag,
        connection=one.connection_id,
        details=details,
    )


def showing_of(one: SignIn, showing_id: str, now: datetime) -> Showing:
    """For its person alone."""
    return Showing(
        id=showing_id,
        workspace=one.workspace,
        what=What.SIGN_IN,
        subject=f"{one.id}:{one.state.value}",
        audience=Audience.PERSON,
        person=one.person,
        place=one.place,
        created_at=now,
    )
