"""The longest of what is asked for: roles and changes."""

from collections.abc import Iterator
from dataclasses import replace

from connection.access_requests import AccessRequest, AccessState
from connection.asks import Place
from connection.changes.pictures import PolicyPicture, RequestPicture, RequestsPicture
from connection.changes.plan import Act
from connection.changes.request import Decision, Policy, RequestState, StepState, Verdict
from connection.people import Admins, Circle, Grant, Person, Role
from connection.pictures import AccessPicture, AccessRequestPicture
from handlers.views.access import access_message, access_request_message
from handlers.views.asked_alone import alone_message, requests_message, words_message
from handlers.views.blocks import Message
from handlers.views.note import note_message
from handlers.views.policy import policy_message
from handlers.views.requests import request_message
from tests.handlers.extreme_values import APPROVERS, LONG, NAME, NOW, OLGA, SETUP, request


def access() -> Iterator[tuple[str, Message]]:
    """Roles, and those that wait for a second admin."""
    groups = [Circle(f"S0GROUP{n:04}") for n in range(500)]
    people = [Person("T0EXAMPLE", f"U0PERSON{n:04}") for n in range(500)]
    grants = [Grant("T0EXAMPLE", who, Role.ADMIN, "c1") for who in groups]
    grants += [Grant("T0EXAMPLE", who, Role.ADMIN, "c1") for who in people]
    waiting = [
        AccessRequest(
            str(n), n, grant, OLGA, Place("C0EXAMPLE"), AccessState.WAITING, NOW, NOW
        )
        for n, grant in enumerate(grants[:300])
    ]  # fmt: skip
    admins = Admins(frozenset(people[:30]), frozenset({"U0BARE"}))
    yield "access", access_message(AccessPicture(grants, {"c1": NAME}, {}, waiting, admins))
    for state in AccessState:
        one = replace(waiting[0], state=state, decided_by=str(OLGA))
        yield f"access-{state}", access_request_message(AccessRequestPicture(one, None, NAME))


def requests() -> Iterator[tuple[str, Message]]:
    """Cards in every state, and what one person reads of them."""
    decisions = [
        Decision("r1", who, Verdict.APPROVE if n % 2 else Verdict.REJECT, NOW, LONG)
        for n, who in enumerate(APPROVERS)
    ]
    cards = {
        "planning": request(state=RequestState.PLANNING),
        "pending": request(),
        "pending-nobody": request(roster=()),
        "disable": request(act=Act.DISABLE),
        "policy": request(act=Act.POLICY),
        "running": request(StepState.RUNNING, state=RequestState.APPLYING),
        "by-hand": request(StepState.BY_HAND, state=RequestState.APPLYING),
        "stopped": request(StepState.FAILED, state=RequestState.STOPPED),
        "done": request(StepState.DONE, state=RequestState.APPLIED),
        "waits": request(StepState.WAITING, state=RequestState.WAITING_FOR_SIGN_IN),
        "void": request(state=RequestState.VOID),
        "alone": request(StepState.DONE, state=RequestState.APPLIED, alone=OLGA, alone_reason=LONG),
    }
    for name, one in cards.items():
        made = [] if name.startswith("pending") else decisions
        picture = RequestPicture(one, made, (), OLGA, SETUP)
        yield f"request-{name}", request_message(picture)
        yield f"note-{name}", note_message(picture, "U0EXAMPLE")
        if name in ("stopped", "alone"):
            yield f"words-{name}", words_message(picture)
            yield f"asked-back-{name}", alone_message(picture)
    yield "requests", requests_message(RequestsPicture([request()] * 99, [request()] * 99, []))
    yield (
        "policy",
        policy_message(
            PolicyPicture(
                NAME,
                Policy(approvals=5, approvers=Role.ADMIN, reason_required=True, expiry_hours=72),
            )
        ),
    )
