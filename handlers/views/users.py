"""A check of users, while it runs and when it is done: numbers, for a channel, and no names."""

from connection.checks.published_pages import USERS
from connection.users.check import UserCheck
from connection.users.findings import FINDINGS, LOSING, About, Finding, Side
from connection.users.rule import Rule
from handlers.views.blocks import (
    Message,
    Part,
    actions,
    actor,
    button,
    context,
    divider,
    escape,
    header,
    paragraphs,
    plain,
    section,
    sections,
)
from handlers.views.links import NO_LINKS, Links
from handlers.views.newer import Cell, cell, table
from handlers.views.words import counted, slack_time

_COMPARED = {
    Rule.EMAIL: "authentication email with primary email",
    Rule.DOMAIN_NAME: "user name with domain name",
}
_SIDES = {Side.BC: "Business Central", Side.SALES: "Sales"}
_LINES_A_SECTION = 6
_HEADS = ("Users", "Of", "Who they are", "Rows in the file")
_TO_DO = (*LOSING, Finding.BC_DUPLICATE, Finding.AMBIGUOUS, Finding.UNLICENSED)
_ACTING = (Finding.UNLICENSED, Finding.NO_INTEGRATION_ROLE)
_STRICTER = (
    "As Business Central compares: without case, blanks at the end do not count, the first match "
    "wins, licence and access mode do not matter. Stricter here: an empty email is nobody's, and "
    "accents count, which Sales does not see in most languages."
)


def users_message(check: UserCheck, links: Links = NO_LINKS) -> Message:
    """For everybody in the channel."""
    if check.failed:
        return _failed(check)
    if check.finished_at is None:
        return _running(check)
    headline = f"Users of {check.name}: {_share(check)} have their user in Sales"
    blocks: list[Part] = [header(headline), context(_about(check)), section(_losses(check))]
    blocks += [section(_to_do(about, check, links)) for about in FINDINGS if _open(about, check)]
    rest = [one for one in FINDINGS if check.count(one.finding) and not _open(one, check)]
    if rest:
        lines = [_line(about, check) for about in rest]
        rows = [_cells(about, check) for about in rest]
        blocks += [divider(), table(_HEADS, rows, sections(lines, _LINES_A_SECTION))]
    blocks += [context(_where(check)), context(_STRICTER)]
    blocks.append(actions(button("Check again", "users", check.connection_id)))
    told = [_spoken(about, check) for about in FINDINGS if check.count(about.finding)]
    return Message(plain([headline, _losses(check), *told]), tuple(blocks))


def _running(check: UserCheck) -> Message:
    so_far = ", ".join(
        f"{counted(check.read.get(side, 0), 'user')} of {name}" for side, name in _SIDES.items()
    )
    headline = f"Reading the users of {check.name}"
    text = f"{so_far} so far."
    return Message(
        plain([headline, text]), (header(headline), context(_about(check)), section(text))
    )


def _failed(check: UserCheck) -> Message:
    headline = f"Users of {check.name}: they could not be read"
    text = escape(check.failed)
    again = actions(button("Check again", "users", check.connection_id))
    blocks = (header(headline), context(_about(check)), *paragraphs(text), again)
    return Message(plain([headline, text]), blocks)


def _share(check: UserCheck) -> str:
    mapped = f"{check.count(Finding.MAPPED):,}"
    people = "person" if check.active == 1 else "people"
    return f"{mapped} of {check.active:,} {people}"


def _about(check: UserCheck) -> str:
    who = actor(check.asked_by.organisation, check.asked_by.user)
    when = slack_time(check.finished_at or check.started_at)
    return (
        f"Compares {_COMPARED[check.rule]}, setup revision {check.revision}, asked for by {who}, "
        f"{when}"
    )


def _losses(check: UserCheck) -> str:
    """What it would take from whom that users must map."""
    if not check.losing:
        taken = "nobody would lose the integration"
    else:
        why = ", ".join(
            f"{check.count(about.finding):,} {about.title.partition(':')[0]}"
            for about in FINDINGS
            if about.finding in LOSING and check.count(about.finding)
        )
        people = "person" if check.losing == 1 else "people"
        taken = f"{check.losing:,} {people} would lose the integration ({why})"
    acting = [
        f"{check.count(about.finding):,} {about.title.partition(' to a Sales user ')[2]}"
        for about in FINDINGS
        if about.finding in _ACTING and check.count(about.finding)
    ]
    those = f"; of those {', '.join(acting)}" if acting else ""
    return (
        f"*If users must map,* {taken}. The {check.count(Finding.MAPPED):,} mapped ones would act "
        f"in Sales as themselves, with their own rights{those}."
    )


def _open(about: About, check: UserCheck) -> bool:
    return about.finding in _TO_DO and check.count(about.finding) > 0


def _to_do(about: About, check: UserCheck, links: Links) -> str:
    page = f"the page {links.page(USERS.page, USERS.title)}"
    remedy = links.within(escape(about.remedy)).replace("the page Users", page)
    return f"{_line(about, check)}\n*What to do:* {remedy}"


def _line(about: About, check: UserCheck) -> str:
    number = check.count(about.finding)
    if not number:
        return ""
    return f"*{number:,}* of {_SIDES[about.side]} {about.title}{_rows(about.finding, check)}"


def _cells(about: About, check: UserCheck) -> list[Cell]:
    return [
        cell(f"{check.count(about.finding):,}"),
        cell(_SIDES[about.side]),
        cell(about.title),
        cell(_which_rows(about.finding, check)),
    ]


def _spoken(about: About, check: UserCheck) -> str:
    return f"{check.count(about.finding):,} of {_SIDES[about.side]} {about.title}"


def _rows(finding: Finding, check: UserCheck) -> str:
    """Which lines of the file: what a channel reads in place of names."""
    told = _which_rows(finding, check)
    return f" _({'row' if told.isdecimal() else 'rows'} {told})_" if told else ""


def _which_rows(finding: Finding, check: UserCheck) -> str:
    """The first ones; '' where everything is in order."""
    if finding is Finding.MAPPED:
        return ""
    first = check.rows.get(finding, ())
    more = " and more" if check.count(finding) > len(first) else ""
    return ", ".join(str(row) for row in first) + more


def _where(check: UserCheck) -> str:
    read = " and ".join(
        f"{counted(check.read.get(side, 0), 'user')} of {name}" for side, name in _SIDES.items()
    )
    lacking = "".join(f" Sales does not have the role {name}." for name in check.no_role)
    who = actor(check.asked_by.organisation, check.asked_by.user)
    return f"{read} were read.{lacking} Rows are those of the file that {who} got; names as well."
