"""Who is admin on all connections of a workspace, by what is stored; nothing is asked of Slack."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from connection.audit import AuditTag
from connection.directory import Standing
from connection.people import Admins, Circle, Grant, Person, Role
from connection.ports import Reading
from connection.rights import rights_of

REMEMBERED_FOR = timedelta(days=1)
"""Whoever takes the other admin's role away does not thereby become the only one who decides, and
whoever brings somebody into a group does not thereby make the second one who does."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Whoever is admin if they are a member, by user id.

    `unread` says that a group or channel, whose members were not read since then, may hold more.
    """

    people: Mapping[str, Person]
    unread: bool


def is_admin_of_all(grant: Grant) -> bool:
    """Admin on all connections."""
    return grant.role is Role.ADMIN and not grant.connection_id


def candidates(
    admins: Admins,
    reading: Reading,
    workspace: str,
    organisation: str,
    since: datetime | None,
    *,
    everywhere: bool = True,
) -> Candidates:
    """With `everywhere` people count under every organisation that stands in the workspace's
    rows: which one a payload names is not for the one who sends it to choose. Without `since`
    groups and channels count as they were last read."""
    grants = [one for one in reading.grants(workspace) if is_admin_of_all(one)]
    rows = [one.holder for one in grants if isinstance(one.holder, Person)]
    organisations = {organisation}
    if everywhere:
        organisations |= {workspace, *(one.organisation for one in rows)}
    found = {user: Person(organisation, user) for user in admins.bare_users}
    unread = False
    for grant in grants:
        if isinstance(grant.holder, Circle):
            roster = (
                reading.roster(workspace, grant.holder.id, since)
                if since
                else reading.last_roster(workspace, grant.holder.id)
            )
            unread |= roster is None
            members = roster.members if roster is not None and roster.usable else frozenset()
            found |= {user: Person(organisation, user) for user in members}
    named = [one for one in (*admins.people, *rows) if one.organisation in organisations]
    return Candidates(found | {one.user: one for one in named}, unread)


def holds_admin(admins: Admins, reading: Reading, workspace: str, user: str) -> bool:
    """By name, or by a group or channel as it was last read; whatever they are in Slack."""
    if user in {one.user for one in admins.people} | admins.bare_users:
        return True
    for grant in filter(is_admin_of_all, reading.grants_for(workspace, user)):
        if isinstance(grant.holder, Person):
            return True
        roster = reading.last_roster(workspace, grant.holder.id)
        if roster is not None and roster.usable and user in roster.members:
            return True
    return False


def is_established(
    admins: Admins, reading: Reading, workspace: str, person: Person, now: datetime
) -> bool:
    """Admin by name, or by a group or channel for a day: whoever may bring people into one does
    not make a second admin by that."""
    rights = rights_of(reading, workspace, person, admins, now)
    if rights.named or person in {one.holder for one in rights.sure if is_admin_of_all(one)}:
        return True
    gained = reading.acts_since(workspace, AuditTag.ACCESS_GAINED, now - REMEMBERED_FOR)
    mine = [one.details for one in gained if one.details.get("user") == person.user]
    new = {circle_of(one) for one in mine if not one.get("again")}
    held = {str(one.holder) for one in rights.sure if is_admin_of_all(one)}
    return "" not in new and bool(held - new)


def circle_of(details: Mapping[str, object]) -> str:
    """The id of the group or channel that a row of the record is about, '' of another row."""
    named = str(details.get("group") or details.get("channel") or "")
    return named.partition(" ")[0]


def is_no_member(reading: Reading, workspace: str, user: str) -> bool:
    """When Slack was last asked, however long ago; False for whom it was never asked about."""
    last = reading.last_profile(workspace, user)
    return last is not None and last.standing is not Standing.MEMBER
