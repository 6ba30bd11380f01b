"""Whether the one who asked may still read what they asked for, at the moment it is shown.

A message may wait a day for Slack; roles may be lost meanwhile.
"""

from collections.abc import Mapping

from connection.asks import Audience, Showing, What
from connection.directory import Standing
from connection.knowing import know, know_circles
from connection.people import Role
from connection.ports import Ports, Reading
from connection.publicity import is_direct
from connection.rights import rights_of

_NEEDED: Mapping[What, Role] = {
    What.ACCESS: Role.ADMIN,
    What.ALONE: Role.ADMIN,
    What.AUDIT: Role.VIEWER,
    What.CERTIFICATE: Role.OPERATOR,
    What.CHECKS: Role.VIEWER,
    What.ENCRYPTION: Role.OPERATOR,
    What.EXPLANATION: Role.VIEWER,
    What.HANDOVER: Role.OPERATOR,
    What.LIST: Role.VIEWER,
    What.NAMES: Role.VIEWER,
    What.POLICY: Role.VIEWER,
    What.REQUESTS: Role.VIEWER,
    What.SECRETS: Role.OPERATOR,
    What.SIGN_IN: Role.OPERATOR,
    What.USER_NAMES: Role.VIEWER,
    What.WORDS: Role.VIEWER,
}
"""What is shown to one person alone, and is more than the answer to their own act."""

_ALONE: Mapping[What, Role] = {
    What.HISTORY: Role.VIEWER,
    What.NOTE: Role.VIEWER,
    What.REPORT: Role.VIEWER,
    What.REQUEST: Role.VIEWER,
    What.SAVED: Role.VIEWER,
    What.STATUS: Role.VIEWER,
    What.USERS: Role.VIEWER,
}
"""What a channel reads, where one person reads it in its place."""

_ANYWHERE = frozenset({What.ENCRYPTION, What.LIST, What.REQUESTS})
_OF_CONNECTIONS = frozenset({What.HISTORY, What.NAMES, What.POLICY, What.SECRETS, What.STATUS})


def may_read(ports: Ports, reading: Reading, showing: Showing, *, alone: bool = False) -> bool:
    """By what is known of them now; whom Slack was not asked about lately, may not. `alone` says
    that a message for a channel goes to the person instead."""
    needed = _needed(showing, alone=alone)
    if needed is None:
        return True
    rights = rights_of(reading, showing.workspace, showing.person, ports.admins, ports.clock.now())
    if showing.what in _ANYWHERE:
        member = rights.standing is Standing.MEMBER
        return member and rights.given(needed, "", anywhere=True)
    return rights.allow(needed, _connection(reading, showing))


async def know_reader(ports: Ports, showing: Showing) -> None:
    """Whoever may not read for lack of knowing is asked about. Raises `DirectoryAway`."""
    await know(ports, showing.workspace, showing.person.user)
    now = ports.clock.now()
    rights = await ports.ledger.read(
        lambda r: rights_of(r, showing.workspace, showing.person, ports.admins, now)
    )
    if rights.may_grow:
        await know_circles(ports, showing.workspace)


def _needed(showing: Showing, *, alone: bool) -> Role | None:
    """In a direct message with the bot nobody else reads along either. A request is decided where
    it was made: the one who asked sees what becomes of it, whatever they are by then."""
    direct = is_direct(showing.posted_in if showing.ts else showing.place.channel)
    if showing.what is What.ACCESS_REQUEST:
        return Role.ADMIN if showing.audience is Audience.DIRECT else None
    if alone or direct or showing.audience is not Audience.CHANNEL:
        return _NEEDED.get(showing.what) or _ALONE.get(showing.what)
    return _NEEDED.get(showing.what)


def _connection(reading: Reading, showing: Showing) -> str:
    """The id of the connection that it is about, '' for none."""
    what, subject = showing.what, showing.subject
    if what in _OF_CONNECTIONS:
        return subject
    if what is What.SAVED:
        return subject.rpartition(":")[0]
    if what in (What.CHECKS, What.EXPLANATION, What.REPORT):
        report = reading.report(subject.partition(":")[0])
        return report.connection_id if report else ""
    if what in (What.ALONE, What.REQUEST, What.WORDS):
        request = reading.request(subject)
        return request.connection_id if request else ""
    if what is What.NOTE:
        request = reading.request(subject.rpartition(":")[0])
        return request.connection_id if request else ""
    if what is What.HANDOVER:
        handover = reading.handover(subject.rpartition(":")[0])
        return handover.connection_id if handover else ""
    if what is What.SIGN_IN:
        sign_in = reading.sign_in(subject.rpartition(":")[0])
        return sign_in.connection_id if sign_in else ""
    if what is What.CERTIFICATE:
        facts = reading.secret(subject)
        return facts.ref.connection_id if facts else ""
    if what in (What.USERS, What.USER_NAMES):
        check = reading.user_check(subject)
        return check.connection_id if check else ""
    ask = reading.ask(subject)
    return ask.subject if ask and what is What.AUDIT else ""
