"""Admins who cease to be one, or become one, in Slack itself: by a group or channel that holds the
role, or by what they are in the workspace. It is remembered, so that nobody becomes the only admin
that way, and nobody makes a second one of their own."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from connection.access_words import circle_name
from connection.admins import (
    REMEMBERED_FOR,
    candidates,
    circle_of,
    holds_admin,
    is_admin_of_all,
    is_no_member,
)
from connection.asks import Answer, Audience, Place, Showing, Tone, What
from connection.audit import AuditEntry, AuditTag
from connection.directory import Profile, Roster, Standing
from connection.people import SLACK, Admins, Circle, Person, Role
from connection.transactions import Reading, Transaction

MOST_TOLD = 10
"""Other admins who are told."""

MOST_NAMED = 10


def keep_roster(tx: Transaction, admins: Admins, told: Roster, now: datetime) -> None:
    """With a row for each person who is admin by this group or channel no more, or newly."""
    before = _members(tx, told)
    tx.keep_roster(told)
    if not gives_admin(tx, told.workspace, told.id):
        return
    after = _members(tx, told)
    about = _about(tx, told)
    for user in _counting(tx, told.workspace, before - after):
        record(tx, SLACK, AuditTag.ACCESS_LOST, told.workspace, {"user": user, **about}, now)
    gained = _counting(tx, told.workspace, after - before)
    by = circle_name(Circle(told.id), told.name)
    _gain(tx, admins, told.workspace, gained, about, f"by {by[:1].lower()}{by[1:]}", now)


def keep_profile(tx: Transaction, admins: Admins, told: Profile, now: datetime) -> None:
    """With a row for an admin who is a member no more, or again."""
    before = tx.last_profile(told.workspace, told.user)
    tx.keep_profile(told)
    after = tx.last_profile(told.workspace, told.user)
    if before is None or after is None:
        return
    was, is_one = before.standing is Standing.MEMBER, after.standing is Standing.MEMBER
    if was == is_one:
        return
    about: dict[str, object] = {"standing": after.standing.value}
    holds = holds_admin(admins, tx, told.workspace, told.user)
    if was and (holds or _was_admin(tx, told.workspace, told.user, now)):
        details = {"user": told.user, **about}
        record(tx, SLACK, AuditTag.ACCESS_LOST, told.workspace, details, now)
    elif is_one and holds:
        said = "by being a member of this workspace again"
        _gain(tx, admins, told.workspace, [told.user], about, said, now)


def record_members_lost(tx: Transaction, by: Person, told: Roster, now: datetime) -> int:
    """The group or channel itself is admin no more; how many people that concerns."""
    lost = _counting(tx, told.workspace, told.members if told.usable else ())
    for user in lost:
        details = {"user": user, **_about(tx, told)}
        record(tx, by, AuditTag.ACCESS_LOST, told.workspace, details, now)
    return len(lost)


def never_asked_about(reading: Reading, told: Roster) -> list[str]:
    """Who is newly in it, and may be admin by it, though nobody knows what they are in Slack."""
    if not told.usable or not gives_admin(reading, told.workspace, told.id):
        return []
    new = sorted(told.members - _members(reading, told))
    return [user for user in new if reading.last_profile(told.workspace, user) is None]


def gives_admin(reading: Reading, workspace: str, circle: str) -> bool:
    """On all connections."""
    return any(
        grant.holder == Circle(circle) and is_admin_of_all(grant)
        for grant in reading.grants(workspace)
    )


def record(
    tx: Transaction,
    actor: Person,
    tag: AuditTag,
    workspace: str,
    details: dict[str, object],
    now: datetime,
) -> AuditEntry:
    """One row about one person."""
    role = {"role": Role.ADMIN.value, "on": "on all connections"}
    return tx.record(at=now, workspace=workspace, actor=actor, tag=tag, details=details | role)


def _members(reading: Reading, told: Roster) -> frozenset[str]:
    last = reading.last_roster(told.workspace, told.id)
    return last.members if last is not None and last.usable else frozenset()


def _counting(reading: Reading, workspace: str, users: Iterable[str]) -> list[str]:
    """Without guests and others who are admin by nothing."""
    return sorted(user for user in users if not is_no_member(reading, workspace, user))


def _about(reading: Reading, told: Roster) -> dict[str, object]:
    last = reading.last_roster(told.workspace, told.id)
    name = told.name or (last.name if last else "")
    kind = "group" if Circle(told.id).is_group else "channel"
    return {kind: f"{told.id} {name}".strip()}


def _was_admin(reading: Reading, workspace: str, user: str, now: datetime) -> bool:
    """A short while ago: what they are in Slack is not changed to have that forgotten."""
    since = now - REMEMBERED_FOR
    taken = reading.acts_since(workspace, AuditTag.ACCESS_REMOVED, since)
    lost = reading.acts_since(workspace, AuditTag.ACCESS_LOST, since)
    return any(
        act.details.get("role") == Role.ADMIN.value and not act.connection and user == user_of(act)
        for act in (*taken, *lost)
    )


def user_of(act: AuditEntry) -> str:
    """Whose role a row of the record is about; '' for a group or channel."""
    who = str(act.details.get("person") or act.details.get("user") or "")
    return who.rpartition("/")[2]


def _gain(
    tx: Transaction,
    admins: Admins,
    workspace: str,
    users: list[str],
    about: dict[str, object],
    by: str,
    now: datetime,
) -> None:
    first: AuditEntry | None = None
    for user in users:
        details = {"user": user, **about}
        if _again(tx, workspace, user, circle_of(about), now):
            details["again"] = True
        entry = record(tx, SLACK, AuditTag.ACCESS_GAINED, workspace, details, now)
        first = first or entry
    if first is not None:
        _tell(tx, admins, workspace, users, by, f"gained-{first.n}", now)


def _again(reading: Reading, workspace: str, user: str, circle: str, now: datetime) -> bool:
    """What was lost the same way less than a day ago, and not gained just before."""
    days = timedelta(2 * REMEMBERED_FOR.days)
    lost = reading.acts_since(workspace, AuditTag.ACCESS_LOST, now - REMEMBERED_FOR)
    gained = reading.acts_since(workspace, AuditTag.ACCESS_GAINED, now - days)
    new = any(user_of(act) == user and not act.details.get("again") for act in gained)
    return not new and any(
        user_of(act) == user and circle_of(act.details) == circle for act in lost
    )


def _tell(
    tx: Transaction,
    admins: Admins,
    workspace: str,
    users: list[str],
    by: str,
    subject: str,
    now: datetime,
) -> None:
    """The other admins, in their direct messages."""
    known = candidates(admins, tx, workspace, workspace, None).people
    others = [
        person
        for user, person in sorted(known.items())
        if user not in users and not is_no_member(tx, workspace, user)
    ][:MOST_TOLD]
    named = ", ".join(f"<@{user}>" for user in users[:MOST_NAMED])
    more = f" and {len(users) - MOST_NAMED} more" if len(users) > MOST_NAMED else ""
    said = Answer(
        Tone.DONE,
        f"Now admin on all connections {by}: {named}{more}. That was changed in Slack.",
        "For a day they neither give nor approve the roles approver and admin. If it is not "
        "right, change it in Slack, or use /d365 access remove.",
    )
    tx.keep_answer(subject, said)
    for person in others:
        tx.show(
            Showing(
                id=f"{subject}:{person}",
                workspace=workspace,
                what=What.ANSWER,
                subject=subject,
                audience=Audience.DIRECT,
                person=person,
                place=Place(""),
                created_at=now,
            )
        )
