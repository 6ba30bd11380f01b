"""Outbox: every copy of a message, and how far people have seen it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    update,
)

from connection.asks import Audience, Closed, Place, Showing, What
from connection.people import Person
from storage.tables import grants, outbox
from storage.upserting import insert_or_ignore

_ONE = outbox.c.id == bindparam("showing")
_BEHIND = (outbox.c.wanted != outbox.c.shown) & outbox.c.given_up.is_(None)

_SHOW = insert_or_ignore(outbox, "id")
_BY_ID = select(outbox).where(_ONE)
_HOME = outbox.c.what == What.HOME.value
_KEPT_UP = _HOME & (outbox.c.final == 0)
_LAST = case((_KEPT_UP, 1), else_=0)
"""A Home that is only kept up to date comes after all that somebody waits for."""

_TURN = func.row_number().over(
    partition_by=(outbox.c.workspace, outbox.c.organisation, outbox.c.user_id, _LAST),
    order_by=(outbox.c.created_at, outbox.c.id),
)
_IS_EDIT = (outbox.c.ts != "") & ~_HOME


def _open(closed: str) -> ColumnElement[bool]:
    return outbox.c.workspace.not_in(bindparam(closed, expanding=True))


_PAGE = (
    select(outbox.c.id, _LAST.label("comes_last"), _TURN.label("turn"))
    .where(
        _BEHIND,
        or_(outbox.c.not_before.is_(None), outbox.c.not_before <= bindparam("now")),
        _open("closed"),
        or_(~_IS_EDIT, _open("no_edits")),
        or_(~_IS_EDIT, outbox.c.final == 1, _open("no_live_edits")),
        or_(~_KEPT_UP, _open("no_homes")),
    )
    .order_by("comes_last", "turn", outbox.c.created_at, outbox.c.id)
    .limit(bindparam("most"))
    .subquery()
)
_DUE = (
    select(outbox)
    .join(_PAGE, _PAGE.c.id == outbox.c.id)
    .order_by(_PAGE.c.comes_last, _PAGE.c.turn, outbox.c.created_at, outbox.c.id)
)
"""Turns are counted in narrow rows: with the whole ones a backlog of thousands takes long."""

_NOW = update(outbox).where(_BEHIND, outbox.c.not_before > bindparam("now")).values(not_before=None)
_NEXT = select(func.min(outbox.c.not_before)).where(_BEHIND, outbox.c.not_before > bindparam("now"))
_TOUCH = (
    update(outbox)
    .where(outbox.c.what == bindparam("about"), outbox.c.subject == bindparam("of"))
    .values(wanted=outbox.c.wanted + 1, final=0, given_up=None)
)
_TOUCH_FINALLY = _TOUCH.values(final=1, attempts=0, not_before=None)
_OPEN_HOME = (
    update(outbox)
    .where(_ONE)
    .values(
        wanted=outbox.c.wanted + 1,
        created_at=bindparam("opened"),
        final=1,
        attempts=0,
        not_before=None,
        given_up=None,
    )
)
_TOUCH_HOMES = (
    update(outbox)
    .where(
        outbox.c.what == What.HOME.value,
        outbox.c.subject == bindparam("of"),
        outbox.c.created_at > bindparam("since"),
        outbox.c.given_up.is_(None),
    )
    .values(wanted=outbox.c.wanted + 1, final=0)
)
_TOUCH_HOMES_OF = (
    update(outbox)
    .where(
        outbox.c.what == What.HOME.value,
        outbox.c.given_up.is_(None),
        (outbox.c.user_id == bindparam("which"))
        | exists().where(
            grants.c.workspace == outbox.c.workspace, grants.c.holder == bindparam("which")
        ),
    )
    .values(wanted=outbox.c.wanted + 1, final=0)
)
_SHOWN = (
    update(outbox)
    .where(_ONE, outbox.c.shown <= bindparam("seen"))
    .values(
        shown=bindparam("seen"),
        ts=bindparam("new_ts"),
        posted_in=bindparam("channel_id"),
        attempts=0,
        not_before=None,
    )
)
_LATER = (
    update(outbox)
    .where(_ONE)
    .values(not_before=bindparam("moment"), attempts=outbox.c.attempts + bindparam("tries"))
)
_GIVE_UP = update(outbox).where(_ONE).values(given_up=bindparam("reason"))


def show(connection: Connection, showing: Showing) -> None:
    """The same id twice is harmless."""
    values = {
        "id": showing.id,
        "workspace": showing.workspace,
        "what": showing.what.value,
        "subject": showing.subject,
        "audience": showing.audience.value,
        "organisation": showing.person.organisation,
        "user_id": showing.person.user,
        "channel": showing.place.channel,
        "response_url": showing.place.response_url,
        "created_at": showing.created_at,
        "wanted": showing.wanted,
        "shown": showing.shown,
        "ts": showing.ts,
        "posted_in": showing.posted_in,
        "final": int(showing.final),
        "attempts": showing.attempts,
        "not_before": None,
        "given_up": None,
    }
    connection.execute(_SHOW, values)


def touch(connection: Connection, what: What, subject: str, final: bool) -> None:
    """Every copy is due again; what comes last does not wait for the time of a failed try."""
    statement = _TOUCH_FINALLY if final else _TOUCH
    connection.execute(statement, {"about": what.value, "of": subject})


def open_home(connection: Connection, showing: Showing) -> None:
    """Due now, as if it was never shown; the time of its opening is remembered."""
    show(connection, showing)
    connection.execute(_OPEN_HOME, {"showing": showing.id, "opened": showing.created_at})


def touch_homes(connection: Connection, workspace: str, since: datetime) -> None:
    """Each Home of the workspace that was opened since then is due again, one a second: what
    comes close together is drawn once."""
    connection.execute(_TOUCH_HOMES, {"of": workspace, "since": since})


def touch_homes_of(connection: Connection, name: str) -> None:
    """The Home of a person, or every Home of a workspace where a group or channel holds a role."""
    connection.execute(_TOUCH_HOMES_OF, {"which": name})


def shown(connection: Connection, showing_id: str, wanted: int, ts: str, posted_in: str) -> None:
    """People have seen it as of `wanted`; that never goes backwards."""
    values = {"showing": showing_id, "seen": wanted, "new_ts": ts, "channel_id": posted_in}
    connection.execute(_SHOWN, values)


def show_now(connection: Connection, now: datetime) -> None:
    """Nothing waits for its time."""
    connection.execute(_NOW, {"now": now})


def show_later(
    connection: Connection, showing_id: str, not_before: datetime, attempt: bool
) -> None:
    """Not due before then."""
    values = {"showing": showing_id, "moment": not_before, "tries": int(attempt)}
    connection.execute(_LATER, values)


def give_up(connection: Connection, showing_id: str, reason: str) -> None:
    """Not due again until its subject changes."""
    connection.execute(_GIVE_UP, {"showing": showing_id, "reason": reason})


def showing(connection: Connection, showing_id: str) -> Showing | None:
    """By id."""
    row = connection.execute(_BY_ID, {"showing": showing_id}).first()
    return _showing(row) if row else None


def due(connection: Connection, now: datetime, limit: int, closed: Closed) -> Sequence[Showing]:
    """Everybody's oldest first, then their next."""
    values = {
        "now": now,
        "most": limit,
        "closed": list(closed.all),
        "no_edits": list(closed.edits),
        "no_live_edits": list(closed.live_edits),
        "no_homes": list(closed.homes),
    }
    return [_showing(row) for row in connection.execute(_DUE, values)]


def next_at(connection: Connection, now: datetime) -> datetime | None:
    """When the next copy that waits for its time becomes due."""
    moment: datetime | None = connection.scalar(_NEXT, {"now": now})
    return moment


def _showing(row: Row[Any]) -> Showing:
    return Showing(
        id=row.id,
        workspace=row.workspace,
        what=What(row.what),
        subject=row.subject,
        audience=Audience(row.audience),
        person=Person(row.organisation, row.user_id),
        place=Place(row.channel, row.response_url),
        created_at=row.created_at,
        wanted=row.wanted,
        shown=row.shown,
        ts=row.ts,
        posted_in=row.posted_in,
        final=bool(row.final),
        attempts=row.attempts,
    )
