"""A person's Home tab: the connections that they may see, and what waits for somebody there."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connection.asks import Audience, Place, Showing, What
from connection.audit import AuditTag
from connection.changes.request import Request, RequestState, StepState
from connection.connection import Connection, Health
from connection.directory import EVER, Standing
from connection.names import names_in
from connection.people import Admins, Circle, Person, Role
from connection.pictures import StatusPicture, status_picture
from connection.ports import Ports, Reading, Transaction
from connection.rights import Rights, rights_of
from connection.setup import SECRET_FIELDS

OPEN_FOR = timedelta(hours=8)
"""So long a Home that was opened is kept up to date; opening it again draws it anew anyway."""

SOON = timedelta(days=30)
MOST, OTHERS = 3, 4
"""Cards on a Home, and connections that have a line each: two screens at most."""

_LOOKED_THROUGH = 200
"""Requests of a workspace, the newest first."""

_ACCESS = "access:"
_CHANGES_NOTHING = frozenset(
    {
        AuditTag.COMMAND_LIMITED,
        AuditTag.COMMAND_REFUSED,
        AuditTag.REQUEST_NOT_DECIDED,
        AuditTag.REQUEST_REMINDED,
        AuditTag.SECRET_LINK_REFUSED,
        AuditTag.SECRET_REFUSED,
        AuditTag.TEST_STARTED,
    }
)
"""What is recorded, and nobody sees on a Home."""


def homes_due(tag: AuditTag, at: datetime) -> datetime | None:
    """Every act that changes something is recorded, so the record is what keeps a Home true. Those
    opened since this moment are drawn anew; None where none is. Whoever may have lost a role does
    not go on seeing what an old one shows."""
    if tag in _CHANGES_NOTHING:
        return None
    return EVER if tag.startswith(_ACCESS) else at - OPEN_FOR


@dataclass(frozen=True, slots=True)
class Ending:
    """A secret or certificate, by its setup field, and when it ends."""

    field: str
    at: datetime
    soon: bool
    over: bool = False


@dataclass(frozen=True, slots=True)
class HomeCard:
    """One connection. `waits_for_you` says that the reader can decide about the open request, or
    go on with it; `may_ask`, that they may ask for a change; `names` are veiled in words that are
    not ours."""

    status: StatusPicture
    endings: Sequence[Ending]
    may_operate: bool
    waits_for_you: bool
    may_ask: bool = False
    names: tuple[str, ...] = ()

    @property
    def request(self) -> Request | None:
        """What is asked, or being applied."""
        return self.status.open_request

    @property
    def by_hand(self) -> bool:
        """Somebody has to do a step in Business Central, and say so."""
        steps = self.request.steps if self.request else ()
        return any(one.state is StepState.BY_HAND for one in steps)


@dataclass(frozen=True, slots=True)
class HomePicture:
    """`known` is false while Slack was not asked lately who the reader is; `others` have no room
    for a card and `more` counts those without even a line; `admins` are the users to ask for a
    role. `to_review` was applied alone and waits for the reader's look; `roles_waiting` counts
    the roles that wait for a second admin."""

    known: bool
    standing: Standing | None
    roles: frozenset[Role]
    cards: Sequence[HomeCard]
    others: Sequence[Connection]
    more: int
    may_set_up: bool
    admins: Sequence[str]
    to_review: Sequence[Request] = ()
    roles_waiting: int = 0


def home_picture(
    reading: Reading, workspace: str, person: Person, admins: Admins, now: datetime
) -> HomePicture:
    """As the reader's rights are now; nothing of a connection that they may not see. What waits
    for the reader stands first, then what failed its last test."""
    rights = rights_of(reading, workspace, person, admins, now)
    seen = [one for one in reading.connections(workspace) if rights.allow(Role.VIEWER, one.id)]
    seen.sort(key=lambda one: _urgency(reading, rights, person, one))
    cards = [_card(reading, rights, person, one.id, now) for one in seen[:MOST]]
    requests = reading.requests(workspace, _LOOKED_THROUGH) if seen else ()
    is_admin = rights.allow(Role.ADMIN, "")
    return HomePicture(
        known=rights.standing is not None and not rights.may_grow,
        standing=rights.standing,
        roles=rights.roles,
        cards=[card for card in cards if card is not None],
        others=seen[MOST : MOST + OTHERS],
        more=max(0, len(seen) - MOST - OTHERS),
        may_set_up=rights.allow(Role.OPERATOR, ""),
        admins=_admins(reading, workspace, person, admins),
        to_review=[one for one in requests if _is_to_review(one, rights, person)],
        roles_waiting=len(reading.access_requests(workspace)) if is_admin else 0,
    )


def _is_to_review(one: Request, rights: Rights, person: Person) -> bool:
    by_another = one.alone is not None and one.alone.user != person.user
    open_alone = one.review_is_open and not one.is_open and by_another
    return open_alone and rights.allow(one.decided_by, one.connection_id)


def _urgency(
    reading: Reading, rights: Rights, person: Person, one: Connection
) -> tuple[bool, bool]:
    request = reading.open_request(one.id)
    waits = request is not None and _waits_for(reading, request, rights, person)
    return not waits, one.health is not Health.FAILING


def _card(
    reading: Reading, rights: Rights, person: Person, connection_id: str, now: datetime
) -> HomeCard | None:
    status = status_picture(reading, connection_id)
    if status is None:
        return None
    request = status.open_request
    operates = rights.allow(Role.OPERATOR, connection_id)
    asks = rights.allow(reading.policy(connection_id).requesters, connection_id)
    return HomeCard(
        status,
        _endings(status, now),
        may_operate=operates,
        waits_for_you=request is not None and _waits_for(reading, request, rights, person),
        may_ask=request is None and operates and asks,
        names=names_in(status.saved.setup),
    )


def _waits_for(reading: Reading, request: Request, rights: Rights, person: Person) -> bool:
    """Nobody decides about what they asked for themselves, or twice."""
    if request.state is RequestState.PENDING:
        decides = rights.allow(request.decided_by, request.connection_id)
        could = person.user in {one.user for one in request.roster}
        if not (decides and could) or request.asked_by.user == person.user:
            return False
        return person.user not in {one.person.user for one in reading.decisions(request.id)}
    going_on = (RequestState.STOPPED, RequestState.WAITING_FOR_SIGN_IN)
    by_hand = any(one.state is StepState.BY_HAND for one in request.steps)
    waits = request.state in going_on or by_hand
    return waits and rights.allow(Role.OPERATOR, request.connection_id)


def _endings(status: StatusPicture, now: datetime) -> list[Ending]:
    """The soonest first."""
    found = [
        Ending(
            about.name,
            facts.expires_at,
            soon=facts.expires_at - now < SOON,
            over=facts.expires_at <= now,
        )
        for about in SECRET_FIELDS
        if (facts := status.secrets.get(about.name)) is not None and facts.expires_at
    ]
    return sorted(found, key=lambda one: one.at)


def _admins(reading: Reading, workspace: str, person: Person, admins: Admins) -> list[str]:
    """Of the reader's organisation: those that the operator named, and those whom Slack's users
    gave the role."""
    named = [one.user for one in admins.people if one.organisation == person.organisation]
    given = [
        grant.holder.user
        for grant in reading.grants(workspace)
        if grant.role is Role.ADMIN and not isinstance(grant.holder, Circle)
    ]
    return list(dict.fromkeys([*sorted(named), *sorted(admins.bare_users), *given]))


async def open_home(ports: Ports, workspace: str, person: Person) -> None:
    """The person looks at their Home: it is drawn now, and kept up to date for a while."""
    now = ports.clock.now()
    showing = Showing(
        id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"home {workspace} {person}")),
        workspace=workspace,
        what=What.HOME,
        subject=workspace,
        audience=Audience.HOME,
        person=person,
        place=Place(""),
        created_at=now,
    )

    def work(tx: Transaction) -> None:
        tx.open_home(showing)

    await ports.ledger.run(work)
    ports.messenger.nudge()
