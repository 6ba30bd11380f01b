"""What cards and lists of requests are drawn from: values read from the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from connection.asks import Ask
from connection.changes.request import Decision, Policy, Request
from connection.names import names_in
from connection.people import Admins, Person, Role
from connection.ports import Reading
from connection.rights import rights_of
from connection.setup import ConnectionSetup

MOST = 200
"""Requests that are looked through for a list."""


@dataclass(frozen=True, slots=True)
class RequestPicture:
    """`names` are those that a channel does not read; `signed_in` began the administrator's
    sign-in that it is carried out with; `setup` is the one of the plan."""

    request: Request
    decisions: Sequence[Decision]
    names: tuple[str, ...]
    signed_in: Person | None = None
    setup: ConnectionSetup | None = None


@dataclass(frozen=True, slots=True)
class RequestsPicture:
    """Open ones, those whose review is open, and the last ones that ended."""

    open: Sequence[Request]
    to_review: Sequence[Request]
    ended: Sequence[Request]


@dataclass(frozen=True, slots=True)
class PolicyPicture:
    """Of one connection."""

    name: str
    policy: Policy


def request_picture(reading: Reading, request_id: str) -> RequestPicture | None:
    """None if it is gone."""
    request = reading.request(request_id)
    if request is None:
        return None
    saved = reading.revision(request.connection_id, request.plan.revision)
    names = names_in(saved.setup) if saved else ()
    decisions = reading.decisions(request_id)
    setup = saved.setup if saved else None
    return RequestPicture(request, decisions, names, _signed_in(reading, request), setup)


def _signed_in(reading: Reading, request: Request) -> Person | None:
    """None until somebody has signed in."""
    found = reading.sign_in(request.sign_in) if request.sign_in else None
    return found.person if found is not None and found.account else None


def requests_picture(reading: Reading, ask: Ask, admins: Admins, now: datetime) -> RequestsPicture:
    """Those of connections that the one who asks may see."""
    rights = rights_of(reading, ask.workspace, ask.person, admins, now)
    seen = [
        one
        for one in reading.requests(ask.workspace, MOST)
        if rights.allow(Role.VIEWER, one.connection_id)
    ]
    ended = [one for one in seen if not one.is_open and not one.review_is_open]
    return RequestsPicture(
        [one for one in seen if one.is_open],
        [one for one in seen if one.review_is_open and not one.is_open],
        ended[:10],
    )


def policy_picture(reading: Reading, connection_id: str) -> PolicyPicture | None:
    """None if the connection is gone."""
    connection = reading.connection(connection_id)
    return PolicyPicture(connection.name, reading.policy(connection_id)) if connection else None
