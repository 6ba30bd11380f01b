"""Whether the one who asked may still read what they asked for, at the moment it is shown.

A message may wait a day for Slack; roles may be lost meanwhile.
"""

from collections.abc import Mapping

from connection.asks import Showing, What
from connection.people import Role
from connection.ports import Ports, Reading
from connection.rights import rights_of

_NEEDED: Mapping[What, Role] = {
    What.ACCESS: Role.ADMIN,
    What.AUDIT: Role.VIEWER,
    What.CHECKS: Role.VIEWER,
    What.EXPLANATION: Role.VIEWER,
    What.NAMES: Role.VIEWER,
    What.SECRETS: Role.OPERATOR,
    What.USER_NAMES: Role.VIEWER,
}
"""What is shown to one person alone, and is more than the answer to their own act."""

_OF_CONNECTIONS = frozenset({What.NAMES, What.SECRETS})
_OF_REPORTS = frozenset({What.CHECKS, What.EXPLANATION})


def may_read(ports: Ports, reading: Reading, showing: Showing) -> bool:
    """By what is known of them now; whom Slack was not asked about lately, may not."""
    needed = _NEEDED.get(showing.what)
    if needed is None:
        return True
    rights = rights_of(reading, showing.workspace, showing.person, ports.admins, ports.clock.now())
    return rights.allow(needed, _connection(reading, showing))


def _connection(reading: Reading, showing: Showing) -> str:
    if showing.what in _OF_CONNECTIONS:
        return showing.subject
    if showing.what in _OF_REPORTS:
        report = reading.report(showing.subject.partition(":")[0])
        return report.connection_id if report else ""
    if showing.what is What.USER_NAMES:
        check = reading.user_check(showing.subject)
        return check.connection_id if check else ""
    ask = reading.ask(showing.subject)
    return ask.subject if ask and showing.what is What.AUDIT else ""
