"""Names of a check of users, and the file with everybody, for the one who asked alone."""

from slack_sdk.models.blocks import Block

from connection.users.check import UserCheck, UserList
from connection.users.findings import FINDINGS, Finding
from connection.users.table import unpacked_file
from handlers.views.blocks import Attached, Message, context, escape, header, plain, section

_QUIET = frozenset({Finding.MAPPED, Finding.BC_OTHER, Finding.SALES_OTHER})
"""Of these nobody is named here; they stand in the file."""

_WHY = (
    "Channels read no account names. The file holds everybody, with names and emails: keep it as "
    "you would keep the list of users itself. The bot forgets it after 30 days."
)


def user_names_message(check: UserCheck, found: UserList) -> Message:
    """The first users of each finding; the file comes with it."""
    title = f"For you alone: users of {check.name}"
    blocks: list[Block] = [header(title)]
    told: list[str] = []
    for about in FINDINGS:
        names = found.names.get(about.finding, ())
        if not names or about.finding in _QUIET:
            continue
        more = check.count(about.finding) - len(names)
        rest = f"; and {more:,} more in the file" if more > 0 else ""
        rows = zip(check.rows.get(about.finding, ()), names, strict=False)
        said = "; ".join(f"{row} {escape(name)}" for row, name in rows)
        blocks.append(section(f"*{check.count(about.finding):,} {about.title}:* {said}{rest}"))
        told.append(f"{check.count(about.finding):,} {about.title}: {said}{rest}")
    if not told:
        told = ["Nobody has to be looked at."]
        blocks.append(section(told[0]))
    blocks.append(context(_WHY))
    day = (check.finished_at or check.started_at).date()
    file = Attached(
        f"users-{check.name}-{day}.csv", f"Users of {check.name}", unpacked_file(found.packed_file)
    )
    return Message(plain([title, *told]), tuple(blocks), file)
