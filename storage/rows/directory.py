"""What Slack told of people, channels and groups, and when it last said that something changed.

A read that began before the last change is not fresh, whichever of the two comes in first.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, select, update

from connection.directory import EVER, FRESH_FOR, Channel, Profile, Roster, Standing
from storage.containing import place_in
from storage.tables import slack_channels, slack_people, slack_rosters
from storage.upserting import insert_or_ignore, insert_or_renew

CLOCKS_DIFFER = timedelta(minutes=1)
LONGEST_READ = timedelta(minutes=10)
"""No answer of Slack takes so long, so what is later than that was written by a wrong clock."""

_UNREAD: Mapping[Table, Mapping[str, object]] = {
    slack_people: {"standing": Standing.NOBODY.value},
    slack_channels: {"name": "", "private": 0, "shared": 1, "archived": 0, "present": 0},
    slack_rosters: {"name": "", "usable": 0, "members": ""},
}
"""What an unread row holds: nothing that gives anybody anything."""


def _key(table: Table) -> tuple[str, str]:
    workspace, name = (column.name for column in table.primary_key)
    return workspace, name


_KEEP = {table: insert_or_renew(table, *_key(table)) for table in _UNREAD}
_EXPECT = {
    table: insert_or_ignore(table, *_key(table)).values(unread) for table, unread in _UNREAD.items()
}
_CHANGE = {
    table: update(table)
    .where(table.c[_key(table)[1]] == bindparam("which"))
    .values(read_at=None, changed_at=bindparam("moment"))
    for table in _UNREAD
}
_MEMBERS_CHANGE = (
    _CHANGE[slack_rosters],
    _CHANGE[slack_channels].where(slack_channels.c.private == 1),
)
"""In a public channel anybody comes and goes, and nothing that is kept of it depends on that."""


def _is_fresh(table: Table) -> tuple[ColumnElement[bool], ...]:
    return (
        *(table.c[name] == bindparam(f"the_{name}") for name in _key(table)),
        table.c.read_at.between(bindparam("since"), bindparam("until")),
        table.c.changed_at.is_(None) | (table.c.changed_at < table.c.read_at),
    )


_FRESH = {table: select(table).where(*_is_fresh(table)) for table in _UNREAD}
_BELONGS = select(
    slack_rosters.c.usable,
    place_in(" " + slack_rosters.c.members + " ", bindparam("member")).label("place"),
).where(*_is_fresh(slack_rosters))
_LAST_ROSTER = select(slack_rosters).where(
    slack_rosters.c.workspace == bindparam("place"), slack_rosters.c.holder == bindparam("which")
)
_LAST_PROFILE = select(slack_people).where(
    slack_people.c.workspace == bindparam("place"), slack_people.c.user_id == bindparam("which")
)


def profile(database: Connection, workspace: str, user: str, since: datetime) -> Profile | None:
    """None unless it was read since then and after its last change."""
    row = _fresh(database, slack_people, workspace, user, since)
    return row and Profile(row.workspace, row.user_id, Standing(row.standing), row.read_at)


def channel(database: Connection, workspace: str, name: str, since: datetime) -> Channel | None:
    """None unless it was read since then and after its last change."""
    row = _fresh(database, slack_channels, workspace, name, since)
    return row and Channel(
        workspace=row.workspace,
        id=row.channel,
        name=row.name,
        private=bool(row.private),
        shared=bool(row.shared),
        archived=bool(row.archived),
        present=bool(row.present),
        read_at=row.read_at,
    )


def roster(database: Connection, workspace: str, holder: str, since: datetime) -> Roster | None:
    """None unless it was read since then and after its last change."""
    row = _fresh(database, slack_rosters, workspace, holder, since)
    return row and _roster(row)


def belongs(
    database: Connection, workspace: str, holder: str, user: str, since: datetime
) -> bool | None:
    """Whether a usable roster names the person; None unless it is fresh, as in `roster`."""
    values = {"the_workspace": workspace, "the_holder": holder, "since": since}
    until = since + FRESH_FOR + CLOCKS_DIFFER
    row = database.execute(_BELONGS, values | {"until": until, "member": f" {user} "}).first()
    return None if row is None else bool(row.usable and row.place)


def _roster(row: Any) -> Roster:
    return Roster(
        workspace=row.workspace,
        id=row.holder,
        name=row.name,
        usable=bool(row.usable),
        members=frozenset(row.members.split()),
        read_at=row.read_at or EVER,
    )


def keep_profile(database: Connection, one: Profile) -> None:
    """As Slack told it."""
    values = {"workspace": one.workspace, "user_id": one.user, "standing": one.standing.value}
    database.execute(_KEEP[slack_people], values | _times(one.read_at))


def keep_channel(database: Connection, one: Channel) -> None:
    """As Slack told it."""
    values = {
        "workspace": one.workspace,
        "channel": one.id,
        "name": one.name,
        "private": int(one.private),
        "shared": int(one.shared),
        "archived": int(one.archived),
        "present": int(one.present),
    }
    database.execute(_KEEP[slack_channels], values | _times(one.read_at))


def keep_roster(database: Connection, one: Roster) -> None:
    """As Slack told it."""
    values = {
        "workspace": one.workspace,
        "holder": one.id,
        "name": one.name,
        "usable": int(one.usable),
        "members": " ".join(sorted(one.members)),
    }
    database.execute(_KEEP[slack_rosters], values | _times(one.read_at))


def expect(database: Connection, workspace: str, name: str) -> None:
    """Slack is being asked about it: from now on its changes are noted."""
    for table in _tables(name):
        database.execute(_EXPECT[table], dict(zip(_key(table), (workspace, name), strict=True)))


def changed(database: Connection, name: str, at: datetime, members: bool) -> None:
    """Slack said that something about this person, group or channel changed, or only who is in
    it. An id is the same in every workspace; what nobody asked about is not noted."""
    changes = _MEMBERS_CHANGE if members else [_CHANGE[table] for table in _tables(name)]
    for change in changes:
        database.execute(change, {"which": name, "moment": at})


def last_roster(database: Connection, workspace: str, holder: str) -> Roster | None:
    """As it was last read, however long ago: for showing only."""
    row = database.execute(_LAST_ROSTER, {"place": workspace, "which": holder}).first()
    return _roster(row) if row is not None and (row.name or row.usable) else None


def last_profile(database: Connection, workspace: str, user: str) -> Profile | None:
    """As it was last read, however long ago, also if Slack told of a change since."""
    row = database.execute(_LAST_PROFILE, {"place": workspace, "which": user}).first()
    if row is None or (row.read_at is None and row.standing == Standing.NOBODY.value):
        return None
    return Profile(row.workspace, row.user_id, Standing(row.standing), row.read_at or EVER)


def _tables(name: str) -> list[Table]:
    return [slack_people] if name[:1] in ("U", "W") else [slack_channels, slack_rosters]


def _fresh(database: Connection, table: Table, workspace: str, name: str, since: datetime) -> Any:
    """A clock that was set back leaves times behind that are still to come: they do not count."""
    the_workspace, the_name = (f"the_{column}" for column in _key(table))
    until = since + FRESH_FOR + CLOCKS_DIFFER
    values = {the_workspace: workspace, the_name: name, "since": since, "until": until}
    return database.execute(_FRESH[table], values).first()


def _times(read_at: datetime) -> dict[str, datetime]:
    return {"read_at": read_at, "too_late": read_at + LONGEST_READ}
