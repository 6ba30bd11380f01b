"""Who holds which role, and what waits for a second admin."""

from collections.abc import Mapping

from connection.access_requests import AccessRequest, AccessState
from connection.access_words import circle_name
from connection.directory import Roster
from connection.people import Grant, Person
from connection.pictures import AccessPicture, AccessRequestPicture
from handlers.views.blocks import (
    Message,
    actions,
    button,
    context,
    header,
    person,
    plain,
    section,
    sections,
)
from handlers.views.words import counted, slack_time

_ROLES_A_SECTION = 20
_MOST_SECTIONS = 38
_WAITING_A_SECTION = 10
_MOST_WAITING_SECTIONS = 8
"""A message has at most 50 blocks."""


def access_message(picture: AccessPicture) -> Message:
    """Who holds which role, and how to change it."""
    lines = sorted(_grant(grant, picture.names, picture.rosters) for grant in picture.grants)
    named = [f"<@{one.user}>" for one in sorted(picture.admins.people, key=str)]
    named += [f"<@{user}>" for user in sorted(picture.admins.bare_users)]
    said = [f"{who}: admin on all connections, by D365BOT_ADMINS" for who in named] + lines
    said = said or ["Nobody holds a role. Name admins in D365BOT_ADMINS."]
    waiting = [_waiting(one, picture) for one in picture.waiting]
    usage = (
        "`/d365 access add @person|@group|#private-channel role [connection]`, "
        "`/d365 access remove …`"
    )
    return Message(
        plain(["Roles", *said, *waiting]),
        (
            header("Roles"),
            *sections(said, _ROLES_A_SECTION)[:_MOST_SECTIONS],
            *sections(waiting, _WAITING_A_SECTION)[:_MOST_WAITING_SECTIONS],
            context(f"{_count(said, waiting)}An admin changes them: {usage}"),
        ),
    )


def _count(said: list[str], waiting: list[str]) -> str:
    cut = _cut("row", said, _ROLES_A_SECTION * _MOST_SECTIONS)
    return cut + _cut("request", waiting, _WAITING_A_SECTION * _MOST_WAITING_SECTIONS, always=False)


def _cut(word: str, rows: list[str], most: int, *, always: bool = True) -> str:
    if len(rows) > most:
        return f"{counted(len(rows), word)}, of which the first {most} are shown. "
    return f"{counted(len(rows), word)}. " if always else ""


def access_request_message(picture: AccessRequestPicture) -> Message:
    """As it stands now; the buttons go when it is decided."""
    one = picture.request
    asker = person(one.asked_by.organisation, one.asked_by.user)
    holder = _holder(one.grant, picture.roster)
    text = f"{holder} is to get the role *{one.grant.role}* on {picture.where}, asks {asker}."
    if one.state is not AccessState.WAITING:
        ended = f"{text} {_ended(one)}"
        return Message(plain([ended]), (section(ended),))
    typed = f"`/d365 access approve {one.number}`, `reject`, or for who asked `withdraw`"
    return Message(
        plain([text, f"Another admin decides: {typed}."]),
        (
            section(text),
            actions(
                button("Approve", "access_approve", one.id, primary=True),
                button("Reject", "access_reject", one.id),
                button("Withdraw", "access_withdraw", one.id),
            ),
            context(
                f"Number {one.number}. Another admin decides, until {slack_time(one.ends_at)}. "
                f"Or type {typed}."
            ),
        ),
    )


def _ended(one: AccessRequest) -> str:
    if one.state is AccessState.EXPIRED:
        return "Nobody decided in time; nothing was changed."
    by = Person.parse(one.decided_by)
    return f"{_ENDS[one.state]} by {person(by.organisation, by.user)}."


_ENDS = {
    AccessState.GRANTED: "Approved",
    AccessState.REFUSED: "Rejected",
    AccessState.WITHDRAWN: "Withdrawn",
}


def _waiting(one: AccessRequest, picture: AccessPicture) -> str:
    asker = person(one.asked_by.organisation, one.asked_by.user)
    line = _grant(one.grant, picture.names, picture.rosters)
    return f"Number {one.number}, asked by {asker}, waits for another admin: {line}"


def _grant(grant: Grant, names: Mapping[str, str], rosters: Mapping[str, Roster | None]) -> str:
    gone = "a connection that is gone"
    on = names.get(grant.connection_id, gone) if grant.connection_id else "all connections"
    holder = grant.holder
    roster = None if isinstance(holder, Person) else rosters.get(holder.id)
    line = f"{_holder(grant, roster)}: {grant.role} on {on}"
    if isinstance(holder, Person) or roster is None:
        return line
    if not roster.usable:
        return f"{line} (counts for nobody now: disabled, public, shared, archived or not seen)"
    return f"{line} ({counted(len(roster.members), 'member')})"


def _holder(grant: Grant, roster: Roster | None) -> str:
    if isinstance(grant.holder, Person):
        return f"<@{grant.holder.user}>"
    return circle_name(grant.holder, roster.name if roster else "")
