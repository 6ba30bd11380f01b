"""Who holds which role, and what waits for a second admin."""

from collections.abc import Mapping
from dataclasses import dataclass

from connection.access_requests import AccessRequest, AccessState
from connection.access_words import circle_name
from connection.directory import Roster
from connection.people import Grant, Person
from connection.pictures import AccessPicture, AccessRequestPicture
from connection.spreadsheets import csv_lines
from handlers.views.blocks import (
    Attached,
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
from handlers.views.newer import Cell, cell, person_cell, table
from handlers.views.words import counted, slack_time

_ROLES_A_SECTION = 20
_MOST = 30
_WAITING_A_SECTION = 5
_MOST_WAITING = 5
_HEADS = ("Who", "Role", "On", "Note")
_USAGE = (
    "`/d365 access add @person|@group|#private-channel role [connection]`, `/d365 access remove`"
)


@dataclass(frozen=True, slots=True)
class _Row:
    """A role that somebody holds, in a line, in cells, and for the file."""

    line: str
    cells: tuple[Cell, ...]
    texts: tuple[str, ...]


def access_message(picture: AccessPicture) -> Message:
    """Who holds which role, and how to change it. What is more than a screen is in a file."""
    rows = [*_named(picture), *sorted((_held(one, picture) for one in picture.grants), key=_line)]
    said = [row.line for row in rows] or ["Nobody holds a role. Name admins in D365BOT_ADMINS."]
    waiting = [_waiting(one, picture) for one in picture.waiting]
    classic = sections(said[:_MOST], _ROLES_A_SECTION)
    shown = [table(_HEADS, [row.cells for row in rows[:_MOST]], classic)] if rows else classic
    more = len(rows) > _MOST or len(waiting) > _MOST_WAITING
    return Message(
        plain(["Roles", *said, *waiting]),
        (
            header("Roles"),
            *shown,
            *sections(waiting[:_MOST_WAITING], _WAITING_A_SECTION),
            context(f"{_count(rows, waiting)}An admin changes them: {_USAGE}"),
        ),
        _file(rows, waiting) if more else None,
    )


def _count(rows: list[_Row], waiting: list[str]) -> str:
    some = [("row", len(rows), _MOST), ("request", len(waiting), _MOST_WAITING)]
    counts = [
        f"{counted(number, word)}, of which the first {most} are shown"
        if number > most
        else counted(number, word)
        for word, number, most in some
        if number or word == "row"
    ]
    return f"{'; '.join(counts)}. "


def _file(rows: list[_Row], waiting: list[str]) -> Attached:
    lines = [(*row.texts,) for row in rows] + [(one, "", "", "") for one in waiting]
    return Attached("access.csv", "Who holds which role", csv_lines([_HEADS, *lines]))


def _line(row: _Row) -> str:
    return row.line


def _named(picture: AccessPicture) -> list[_Row]:
    """By the operator."""
    users = [one.user for one in sorted(picture.admins.people, key=str)]
    users += sorted(picture.admins.bare_users)
    role, on, why = "admin", "all connections", "D365BOT_ADMINS"
    return [
        _Row(
            f"<@{user}>: {role} on {on}, by {why}",
            (person_cell(user), cell(role), cell(on), cell(why)),
            (user, role, on, why),
        )
        for user in users
    ]


def _held(grant: Grant, picture: AccessPicture) -> _Row:
    on, why = _where(grant, picture.names), _why(grant, picture.rosters)
    name = _holder(grant, _roster(grant, picture.rosters))
    holder = grant.holder
    who = person_cell(holder.user) if isinstance(holder, Person) else cell(name)
    user = holder.user if isinstance(holder, Person) else name
    return _Row(
        _grant(grant, picture.names, picture.rosters),
        (who, cell(grant.role), cell(on), cell(why)),
        (user, grant.role, on, why),
    )


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
    why = _why(grant, rosters)
    line = f"{_holder(grant, _roster(grant, rosters))}: {grant.role} on {_where(grant, names)}"
    return f"{line} ({why})" if why else line


def _where(grant: Grant, names: Mapping[str, str]) -> str:
    gone = "a connection that is gone"
    return names.get(grant.connection_id, gone) if grant.connection_id else "all connections"


def _roster(grant: Grant, rosters: Mapping[str, Roster | None]) -> Roster | None:
    return None if isinstance(grant.holder, Person) else rosters.get(grant.holder.id)


def _why(grant: Grant, rosters: Mapping[str, Roster | None]) -> str:
    """Whom a group stands for, '' for a person."""
    roster = _roster(grant, rosters)
    if roster is None:
        return ""
    if not roster.usable:
        return "counts for nobody now: disabled, public, shared, archived or not seen"
    return counted(len(roster.members), "member")


def _holder(grant: Grant, roster: Roster | None) -> str:
    if isinstance(grant.holder, Person):
        return f"<@{grant.holder.user}>"
    return circle_name(grant.holder, roster.name if roster else "")
