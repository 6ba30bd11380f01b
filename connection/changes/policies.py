"""How changes of a connection are decided: shown, and itself changed by two admins."""

import re
from dataclasses import fields, replace
from datetime import datetime

from connection.admins import is_established
from connection.asks import Ask, Audience, What
from connection.audit import AuditTag
from connection.changes.asking import hand_in, new_request, refuse_other
from connection.changes.plan import Act, Plan, PlannedStep
from connection.changes.record import keep, record, show_in_channel
from connection.changes.request import Policy, Request, RequestState
from connection.connection import Connection
from connection.deciding_access import too_new
from connection.errors import Mistake
from connection.naming import the_connection
from connection.people import Grant, Person, Role
from connection.ports import Ports, Transaction
from connection.second_admin import is_only_admin, lately_removed, other_admins
from connection.showing import reply, show

USAGE = (
    "/d365 access policy connection [approvals 1-5] [requesters operator|admin] "
    "[approvers approver|admin] [reason yes|no] [expiry 1-72] [reminders 0-24]"
)
_STEP = "policy"
WORDS = {
    "approvals": "approvals",
    "requesters": "requesters",
    "approvers": "approvers",
    "reason": "reason_required",
    "expiry": "expiry_hours",
    "reminders": "reminder_hours",
}
_NUMBERS = {"approvals": (1, 5), "expiry": (1, 72), "reminders": (0, 24)}
_ROLES = {"requesters": (Role.OPERATOR, Role.ADMIN), "approvers": (Role.APPROVER, Role.ADMIN)}


async def change_policy(ports: Ports, ask: Ask, words: list[str]) -> None:
    """`access policy [connection] [word value]…`. Raises `Mistake` and `UnknownConnection`."""
    named = words[0] if words else ""
    connection = await ports.ledger.read(
        lambda reading: the_connection(reading, ask.workspace, named.lower())
    )
    if len(words) <= 1:
        await show(ports, ask, What.POLICY, connection.id, Audience.PERSON)
        return
    before = await ports.ledger.read(lambda reading: reading.policy(connection.id))
    wanted = parsed(before, words[1:])
    if wanted == before:
        raise Mistake("The policy is so already.", f"Use {USAGE}.")
    await other_admins(ports, ask)
    made = await ports.ledger.run(lambda tx: _made(ports, tx, ask, connection, wanted))
    ports.messenger.nudge()
    if made is not None:
        await hand_in(ports, ask, made)


def _made(
    ports: Ports, tx: Transaction, ask: Ask, connection: Connection, wanted: Policy
) -> Request | None:
    """A request for the other admin; None where it is decided already."""
    now, before = ports.clock.now(), tx.policy(connection.id)
    earlier = tx.request(ask.id)
    if earlier is not None:
        return earlier if earlier.state is RequestState.PLANNING else None
    refuse_other(tx, connection, now)
    plan = Plan(Act.POLICY, tx.setup(connection.id).revision, (_planned(before, wanted),))
    made = new_request(ask, tx, connection, plan, before, "", ports)
    made = replace(made, wants_policy=wanted, policy=replace(before, approvals=1))
    if not is_established(ports.admins, tx, ask.workspace, ask.person, now):
        reply(tx, ask, too_new("You are"), now)
        return None
    own = Grant(ask.workspace, ask.person, Role.VIEWER)
    alone = is_only_admin(ports, tx, ask, now) and not lately_removed(tx, ask, own, now)
    if alone:
        apply_policy(tx, replace(made, plan_hash=plan.hash), ask.person, now)
        show_in_channel(tx, made, now)
        tx.finish(ask.id, now)
        return None
    keep(tx, made, now, final=False)
    show_in_channel(tx, made, now)
    return made


def parsed(before: Policy, words: list[str]) -> Policy:
    """Pairs of a word and its value. Raises `Mistake`."""
    if len(words) % 2:
        raise Mistake("Each word of a policy has a value behind it.", f"Use {USAGE}.")
    changes: dict[str, object] = {}
    for word, value in zip(words[::2], words[1::2], strict=True):
        if word.lower() not in WORDS:
            raise Mistake(f"I did not understand “{word[:40]}”.", f"Use {USAGE}.")
        changes[WORDS[word.lower()]] = _value(word.lower(), value.lower())
    return replace(before, **changes)  # type: ignore[arg-type]


def _value(word: str, value: str) -> object:
    if word in _NUMBERS:
        least, most = _NUMBERS[word]
        number = int(value) if re.fullmatch(r"[0-9]{1,3}", value) else -1
        if not least <= number <= most:
            raise Mistake(f"{word} is a number from {least} to {most}.", f"Use {USAGE}.")
        return number
    if word in _ROLES:
        if value not in _ROLES[word]:
            known = " or ".join(_ROLES[word])
            raise Mistake(f"{word} is {known}.", f"Use {USAGE}.")
        return Role(value)
    if value not in ("yes", "no"):
        raise Mistake("reason is yes or no.", f"Use {USAGE}.")
    return value == "yes"


def _planned(before: Policy, wanted: Policy) -> PlannedStep:
    return PlannedStep(_STEP, told(before), told(wanted))


def told(policy: Policy) -> dict[str, str]:
    """Word → value, as it is typed."""
    by_field = {name: word for word, name in WORDS.items()}
    values = {by_field[one.name]: getattr(policy, one.name) for one in fields(policy)}
    return {word: _word(value) for word, value in values.items()}


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def apply_policy(tx: Transaction, request: Request, by: Person, now: datetime) -> None:
    """What was wanted holds from now on; requests that wait keep theirs."""
    if request.wants_policy is None:
        raise LookupError("a request for a policy without one")
    tx.keep_policy(request.connection_id, request.wants_policy)
    kept = keep(tx, replace(request, state=RequestState.APPLIED), now)
    planned = request.plan.steps[0]
    changes = {key: [planned.before[key], planned.wanted[key]] for key in planned.changed}
    record(tx, kept, AuditTag.POLICY_CHANGED, by, now, {"changes": changes})
