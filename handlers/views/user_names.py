"""Names of a check of users, and the file with everybody, for the one who asked alone."""

from slack_sdk.models.blocks import Block

from connection.users.check import UserCheck, UserList
from connection.users.findings import FINDINGS, Finding
from connection.users.table import unpacked_file
from handlers.views.blocks import (
    Attached,
    Message,
    Part,
    clip,
    context,
    escape,
    header,
    plain,
    section,
)
from handlers.views.newer import Cell, cell, table

_QUIET = frozenset({Finding.MAPPED, Finding.BC_OTHER, Finding.SALES_OTHER})
"""Of these nobody is named here; they stand in the file."""

_HEADS = ("Row", "Who", "What is amiss")
_MOST, _FEWEST, _NAME = 24, 2, 60

_WHY = (
    "Channels read no account names. The file holds everybody, with names and emails: keep it as "
    "you would keep the list of users itself. The bot forgets it after 30 days."
)


def user_names_message(check: UserCheck, found: UserList) -> Message:
    """The first users of each finding; the file comes with it."""
    title = f"For you alone: users of {check.name}"
    classic: list[Block] = []
    told: list[str] = []
    cells: list[list[Cell]] = []
    told_of = sum(one.finding not in _QUIET and one.finding in found.names for one in FINDINGS)
    quota = max(_FEWEST, _MOST // max(1, told_of))
    for about in FINDINGS:
        names = found.names.get(about.finding, ())
        if not names or about.finding in _QUIET:
            continue
        more = check.count(about.finding) - len(names[:quota])
        rest = f"; and {more:,} more in the file" if more > 0 else ""
        rows = list(zip(check.rows.get(about.finding, ()), names, strict=False))[:quota]
        cells += [
            [cell(str(row)), cell(clip(name, _NAME)), cell(about.title.partition(":")[0])]
            for row, name in rows
        ]
        said = "; ".join(f"{row} {escape(clip(name, _NAME))}" for row, name in rows)
        number = f"{check.count(about.finding):,}"
        classic.append(section(f"*{number} {about.title}:* {said}{rest}"))
        told.append(f"{number} {about.title}: {said}{rest}")
    blocks: list[Part] = [header(title)]
    if cells:
        blocks.append(table(_HEADS, cells[:_MOST], classic))
        blocks.append(context(_count(check, len(cells))))
    else:
        told = ["Nobody has to be looked at."]
        blocks.append(section(told[0]))
    blocks.append(context(_WHY))
    day = (check.finished_at or check.started_at).date()
    file = Attached(
        f"users-{check.name}-{day}.csv", f"Users of {check.name}", unpacked_file(found.packed_file)
    )
    return Message(plain([title, *told]), tuple(blocks), file)


def _count(check: UserCheck, named: int) -> str:
    """What is left to the file."""
    people = sum(check.count(one.finding) for one in FINDINGS if one.finding not in _QUIET)
    shown = min(named, _MOST)
    first = (
        f"The first {shown:,} of {people:,} findings; the file has all" if people > shown else ""
    )
    return f"{first or 'Rows are those of the file'}, with every name in full."
