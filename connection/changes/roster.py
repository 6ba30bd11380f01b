"""Who may approve a change, read when it is asked for."""

import contextlib
from collections.abc import Mapping

from connection.asks import Ask
from connection.directory import FRESH_FOR, Standing
from connection.errors import DirectoryAway
from connection.knowing import know, know_circles
from connection.people import Circle, Grant, Person, Role
from connection.ports import Ports, Reading

MOST_ASKED = 60
"""People whom Slack is asked about."""


async def roster_for(ports: Ports, ask: Ask, connection_id: str, role: Role) -> tuple[Person, ...]:
    """Members of Slack who hold the role for the connection, without the one who asks; by user id.

    A person of whom Slack does not tell is left out: they can be given the role and be asked anew.
    """

    def counts(grant: Grant) -> bool:
        return grant.connection_id in ("", connection_id) and grant.role.covers(role)

    with contextlib.suppress(DirectoryAway):
        await know_circles(ports, ask.workspace, counts)

    def read(reading: Reading) -> Mapping[str, Person]:
        return _holders(
            ports, reading, ask, [one for one in reading.grants(ask.workspace) if counts(one)]
        )

    holders = await ports.ledger.read(read)
    for user in list(holders)[:MOST_ASKED]:
        with contextlib.suppress(DirectoryAway):
            await know(ports, ask.workspace, user)
    since = ports.clock.now() - FRESH_FOR

    def members(reading: Reading) -> tuple[Person, ...]:
        found = ((one, reading.profile(ask.workspace, one.user, since)) for one in holders.values())
        return tuple(one for one, known in found if known and known.standing is Standing.MEMBER)

    return await ports.ledger.read(members)


def _holders(ports: Ports, reading: Reading, ask: Ask, grants: list[Grant]) -> dict[str, Person]:
    organisation = ask.person.organisation
    since = ports.clock.now() - FRESH_FOR
    found = {user: Person(organisation, user) for user in sorted(ports.admins.bare_users)}
    here = (organisation, ask.workspace)
    found |= {one.user: one for one in ports.admins.people if one.organisation in here}
    for grant in grants:
        if isinstance(grant.holder, Circle):
            roster = reading.roster(ask.workspace, grant.holder.id, since)
            users = roster.members if roster is not None and roster.usable else frozenset()
            found |= {user: Person(organisation, user) for user in users if user not in found}
        else:
            found[grant.holder.user] = grant.holder
    found.pop(ask.person.user, None)
    return dict(sorted(found.items()))
