"""A person's Home tab: the connections that they may see, and what waits for somebody there."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connection.asks import Audience, Place, Showing, What
from connection.changes.request import Request, RequestState, StepState
from connection.connection import Connection, Health
from connection.directory import Standing
from connection.people import Admins, Circle, Person, Role
from connection.pictures import StatusPicture, status_picture
from connection.ports import Ports, Reading, Transaction
from connection.rights import Rights, rights_of
from connection.setup import SECRET_FIELDS

OPEN_FOR = timedelta(hours=8)
"""So long a Home that was opened is kept up to date; opening it again draws it anew anyway."""

SOON = timedelta(days=30)
MOST, OTHERS = 3, 10
"""Cards on a Home, and connections that have a line each: two screens at most."""


@dataclass(frozen=True, slots=True)
class Ending:
    """A secret or certificate, by its setup field, and when it ends."""

    field: str
    at: datetime
    soon: bool


@dataclass(frozen=True, slots=True)
class HomeCard:
    """One connection. `waits_for_you` says that the reader can decide about the open request, or
    go on with it."""

    status: StatusPicture
    endings: Sequence[Ending]
    may_operate: bool
    waits_for_you: bool

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
    role."""

    known: bool
    standing: Standing | None
    roles: frozenset[Role]
    cards: Sequence[HomeCard]
    others: Sequence[Connection]
    more: int
    may_set_up: bool
    admins: Sequence[str]


def home_picture(
    reading: Reading, workspace: str, person: Person, admins: Admins, now: datetime
) -> HomePicture:
    """As the reader's rights are now; nothing of a connection that they may not see. What waits
    for the reader stands first, then what failed its last test."""
    rights = rights_of(reading, workspace, person, admins, now)
    seen = [one for one in reading.connections(workspace) if rights.allow(Role.VIEWER, one.id)]
    found = (_card(reading, rights, person, one.id, now) for one in seen)
    cards = sorted((card for card in found if card is not None), key=_urgency)
    return HomePicture(
        known=rights.standing is not None and not rights.may_grow,
        standing=rights.standing,
        roles=rights.roles,
        cards=cards[:MOST],
        others=[card.status.connection for card in cards[MOST : MOST + OTHERS]],
        more=max(0, len(cards) - MOST - OTHERS),
        may_set_up=rights.allow(Role.OPERATOR, ""),
        admins=_admins(reading, workspace, person, admins),
    )


def _urgency(card: HomeCard) -> tuple[bool, bool]:
    return not card.waits_for_you, card.status.connection.health is not Health.FAILING


def _card(
    reading: Reading, rights: Rights, person: Person, connection_id: str, now: datetime
) -> HomeCard | None:
    status = status_picture(reading, connection_id)
    if status is None:
        return None
    request = status.open_request
    return HomeCard(
        status,
        _endings(status, now),
        may_operate=rights.allow(Role.OPERATOR, connection_id),
        waits_for_you=request is not None and _waits_for(request, rights, person),
    )


def _waits_for(request: Request, rights: Rights, person: Person) -> bool:
    """Nobody decides about what they asked for themselves."""
    if request.state is RequestState.PENDING:
        decides = rights.allow(request.decided_by, request.connection_id)
        return decides and request.asked_by != person
    going_on = (RequestState.STOPPED, RequestState.WAITING_FOR_SIGN_IN)
    by_hand = any(one.state is StepState.BY_HAND for one in request.steps)
    waits = request.state in going_on or by_hand
    return waits and rights.allow(Role.OPERATOR, request.connection_id)


def _endings(status: StatusPicture, now: datetime) -> list[Ending]:
    """The soonest first."""
    found = [
        Ending(about.name, facts.expires_at, facts.expires_at - now < SOON)
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
