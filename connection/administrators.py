"""The administrator signs in with a device code; nobody waits for it, and it can be cancelled."""

import contextlib
import uuid
from dataclasses import replace
from datetime import datetime

from connection.asks import Ask
from connection.audit import AuditTag
from connection.changes.ending import signed_in as go_on_signed_in
from connection.checks.integration_user import SYSTEM_ADMINISTRATOR_TEMPLATE
from connection.connection import Connection
from connection.errors import AdminError, DirectoryAway, Mistake, PrivilegeMissing
from connection.identities import Access, Identity
from connection.knowing import know, know_circles
from connection.naming import asked_about
from connection.origins import access_of
from connection.patience import PATIENCE, patiently
from connection.people import Role
from connection.ports import Ports, Reading, Transaction
from connection.rights import rights_of
from connection.sign_in_ends import cancel, keep, no, showing_of, sign_out
from connection.signing_in import SignedInAs, SignIn, SignInState, of_different_domains

USAGE = "/d365 sign-in [connection], and with cancel, yes, no or out behind it"


async def sign_in(ports: Ports, ask: Ask) -> None:
    """`sign-in [connection] [cancel|yes|no|out]`; a button names its sign-in as well."""
    word, _, sign_in_id = ask.rest.partition(" ")
    if not word:
        await _begin(ports, ask)
        return
    act = _ACTS.get(word)
    if act is None:
        raise Mistake(f"I did not understand sign-in {word[:40]}.", f"Use {USAGE}.")
    await act(ports, ask, await ports.ledger.read(lambda reading: _own(reading, ask, sign_in_id)))


async def _begin(ports: Ports, ask: Ask) -> None:
    """Twice for one ask, as after a crash, says that it was cut off."""
    connection, access = await ports.ledger.read(lambda reading: _access(reading, ask))
    if await ports.ledger.read(lambda reading: reading.sign_in(ask.id)):
        raise _cut_off(connection.name)
    now = ports.clock.now()

    async def ended(outcome: SignedInAs | AdminError) -> None:
        await _ended(ports, ask.id, outcome)

    code = await ports.sign_ins.begin(access, ended)
    started = SignIn(
        id=ask.id,
        workspace=ask.workspace,
        connection_id=connection.id,
        person=ask.person,
        place=ask.place,
        state=SignInState.WAITING,
        started_at=now,
        ends_at=code.ends_at,
    )

    def work(tx: Transaction) -> list[SignIn]:
        earlier = _end_earlier(tx, ask, now)
        keep(tx, started, AuditTag.ADMIN_SIGN_IN_STARTED, now)
        tx.show(showing_of(started, ask.id, now))
        tx.finish(ask.id, now)
        return earlier

    try:
        earlier = await ports.ledger.run(work)
    except BaseException:
        ports.sign_ins.forget(ask.id)
        raise
    for one in earlier:
        ports.sign_ins.forget(one.id)
    ports.messenger.nudge()
    ports.sign_ins.watch(ask.id)


def _access(reading: Reading, ask: Ask) -> tuple[Connection, Access]:
    connection = asked_about(reading, ask)
    setup = reading.setup(connection.id).setup
    if not setup.admin_client_id:
        raise Mistake(
            f"The setup of {connection.name} names no app that people sign in through.",
            "Register an app in Entra with Allow public client flows and the delegated permission "
            f"user_impersonation of Dynamics CRM, and enter its client ID with /d365 setup "
            f"{connection.name}.",
        )
    access = access_of(Identity.ADMINISTRATOR, setup, lambda _: None)
    return connection, replace(access, sign_in=ask.id, correlation=str(uuid.uuid4()))


def _end_earlier(tx: Transaction, ask: Ask, now: datetime) -> list[SignIn]:
    """One sign-in a person and connection."""
    earlier = [one for one in _of_person(tx, ask) if one.id != ask.id]
    for one in earlier:
        keep(tx, replace(one, state=SignInState.SIGNED_OUT), AuditTag.ADMIN_SIGNED_OUT, now)
    return earlier


def _of_person(reading: Reading, ask: Ask) -> list[SignIn]:
    return [
        one
        for one in reading.open_sign_ins()
        if one.person == ask.person and one.connection_id == ask.subject
    ]


def _own(reading: Reading, ask: Ask, sign_in_id: str) -> SignIn:
    if sign_in_id:
        found = reading.sign_in(sign_in_id)
    else:
        found = next(iter(_of_person(reading, ask)), None)
    if found is None or found.connection_id != ask.subject:
        raise Mistake("You are not signing in here.", "Begin with /d365 sign-in.")
    if found.person != ask.person:
        raise Mistake("This is somebody else's sign-in.", "Begin your own with /d365 sign-in.")
    return found


async def _ended(ports: Ports, sign_in_id: str, outcome: SignedInAs | AdminError) -> None:
    """Called once, when Entra ID has answered for good."""
    now = ports.clock.now()
    waiting = await ports.ledger.read(lambda reading: reading.sign_in(sign_in_id))
    if waiting is None or waiting.state is not SignInState.WAITING:
        ports.sign_ins.forget(sign_in_id)
        return
    if isinstance(outcome, AdminError):
        failed = replace(
            waiting,
            state=SignInState.FAILED,
            detail=f"{outcome.message} {outcome.hint}".strip(),
        )
        await _become(ports, waiting.state, failed, AuditTag.ADMIN_SIGN_IN_FAILED, now)
        return
    held = replace(waiting, account=outcome.account, ends_at=outcome.expires_at)
    other = await ports.ledger.read(lambda reading: _other_domain(reading, held))
    if other:
        asked = replace(held, state=SignInState.ASKED)
        await _become(ports, waiting.state, asked, None, now)
        return
    await _hold(ports, held)


def _other_domain(reading: Reading, held: SignIn) -> bool:
    user = reading.setup(held.connection_id).setup.integration_user_name
    return of_different_domains(held.account, user)


async def _hold(ports: Ports, held: SignIn) -> None:
    detail = await _fitness(ports, held)
    signed_in = replace(held, state=SignInState.SIGNED_IN, detail=detail)
    await _become(ports, held.state, signed_in, AuditTag.ADMIN_SIGNED_IN, ports.clock.now())
    await go_on_signed_in(ports, held.id, held.connection_id)


async def _fitness(ports: Ports, held: SignIn) -> str:
    """Business Central's setup wants a System Administrator of Sales."""
    setup = await ports.ledger.read(lambda reading: reading.setup(held.connection_id).setup)
    access = access_of(Identity.ADMINISTRATOR, setup, lambda _: None)
    access = replace(access, sign_in=held.id, correlation=str(uuid.uuid4()))
    try:
        user = await ports.sales.who_am_i(access)
        roles = await ports.sales.roles_of(access, user)
    except PrivilegeMissing:
        return _NOT_FIT
    except AdminError as error:
        return f"Sales does not let this account in: {error.message} {error.hint}".strip()
    if any(role.template_id.lower() == SYSTEM_ADMINISTRATOR_TEMPLATE for role in roles):
        return "The account is a System Administrator of Sales."
    return _NOT_FIT


_NOT_FIT = (
    "The account is not a System Administrator of Sales, which importing the solution and "
    "assigning roles need."
)


async def _yes(ports: Ports, ask: Ask, one: SignIn) -> None:
    if one.state is not SignInState.ASKED:
        raise Mistake("Nothing was asked here.", f"Use {USAGE}.")
    await _hold(ports, one)
    now = ports.clock.now()
    await ports.ledger.run(lambda tx: tx.finish(ask.id, now))


_ACTS = {"cancel": cancel, "yes": _yes, "no": no, "out": sign_out}


def _cut_off(name: str) -> Mistake:
    return Mistake(
        "The bot was restarted while you signed in; the code is worth nothing any more.",
        f"Begin again with /d365 sign-in {name}.",
    )


_MAY_NOT = (
    "You have not, or Slack does not tell whether you have, the role operator for this connection "
    "any more. The token is forgotten."
)


async def _know_them(ports: Ports, one: SignIn) -> None:
    """Minutes passed since somebody looked at who this is; the act itself is strict."""
    with contextlib.suppress(DirectoryAway):
        await patiently(lambda: know(ports, one.workspace, one.person.user), PATIENCE)
        await know_circles(ports, one.workspace)


async def _become(
    ports: Ports, before: SignInState, one: SignIn, tag: AuditTag | None, now: datetime
) -> None:
    """Unless somebody ended it meanwhile: then nothing of it is held."""

    await _know_them(ports, one)
    now = ports.clock.now()

    def work(tx: Transaction) -> bool:
        current = tx.sign_in(one.id)
        if current is None or current.state is not before:
            return False
        rights = rights_of(tx, one.workspace, one.person, ports.admins, now)
        may = one.state is SignInState.FAILED or rights.allow(Role.OPERATOR, one.connection_id)
        ends = one if may else replace(one, state=SignInState.FAILED, detail=_MAY_NOT)
        keep(tx, ends, tag if may else AuditTag.ADMIN_SIGN_IN_FAILED, now)
        tx.show(showing_of(ends, str(uuid.uuid4()), now))
        return may

    became = await ports.ledger.run(work)
    if not became or one.state is SignInState.FAILED:
        ports.sign_ins.forget(one.id)
    ports.messenger.nudge()
