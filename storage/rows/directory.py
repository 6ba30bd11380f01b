"""What Slack told of people, channels and groups, and when it last said that something changed.

A read that began before the last change is not fresh, whichever of the two comes in first.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select
from sqlalchemy.dialects.sqlite import Insert

from connection.directory import Channel, Profile, Roster, Standing
from storage.tables import slack_channels, slack_people, slack_rosters
from storage.upserting import insert_or_set

_UNREAD: Mapping[Table, Mapping[str, object]] = {
    slack_people: {"standing": Standing.NOBODY.value},
    slack_channels: {"name": "", "private": 0, "shared": 1, "archived": 0, "present": 0},
    slack_rosters: {"name": "", "usable": 0, "members": ""},
}
"""What an unread row holds: nothing that gives anybody anything."""


def _key(table: Table) -> tuple[str, str]:
    workspace, name = (column.name for column in table.primary_key)
    return workspace, name


def _keep(table: Table) -> Insert:
    """Unless something that was asked later stands there. `changed_at` stays."""
    key = _key(table)
    columns = [c.name for c in table.columns if c.name not in (*key, "changed_at")]
    return insert_or_set(table, *key, columns=columns, older="read_at")


_KEEP = {table: _keep(table) for table in _UNREAD}
_CHANGE = {
    table: insert_or_set(table, *_key(table), columns=["changed_at"]).values(unread)
    for table, unread in _UNREAD.items()
}
_FRESH = {
    table: select(table).where(
        *(table.c[name] == bindparam(f"the_{name}") for name in _key(table)),
        table.c.read_at >= bindparam("since"),
        table.c.changed_at.is_(None) | (table.c.changed_at < table.c.read_at),
    )
    for table in _UNREAD
}


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
    return row and Roster(
        workspace=row.workspace,
        id=row.holder,
        name=row.name,
        usable=bool(row.usable),
        members=frozenset(row.members.split()),
        read_at=row.read_at,
    )


def keep_profile(database: Connection, one: Profile) -> None:
    """As Slack told it."""
    values = {"workspace": one.workspace, "user_id": one.user, "standing": one.standing.value}
    database.execute(_KEEP[slack_people], values | {"read_at": one.read_at})


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
        "read_at": one.read_at,
    }
    database.execute(_KEEP[slack_channels], values)


def keep_roster(database: Connection, one: Roster) -> None:
    """As Slack told it."""
    values = {
        "workspace": one.workspace,
        "holder": one.id,
        "name": one.name,
        "usable": int(one.usable),
        "members": " ".join(sorted(one.members)),
        "read_at": one.read_at,
    }
    database.execute(_KEEP[slack_rosters], values)


def changed(database: Connection, workspace: str, name: str, at: datetime) -> None:
    """Slack said that something about this person, group or channel changed."""
    tables = [slack_people] if name[:1] in ("U", "W") else [slack_channels, slack_rosters]
    for table in tables:
        key = dict(zip(_key(table), (workspace, name), strict=True))
        database.execute(_CHANGE[table], key | {"changed_at": at})


def _fresh(database: Connection, table: Table, workspace: str, name: str, since: datetime) -> Any:
    the_workspace, the_name = (f"the_{column}" for column in _key(table))
    values = {the_workspace: workspace, the_name: name, "since": since}
    return database.execute(_FRESH[table], values).first()
