"""What is finished and old goes; what has to be kept for good is not touched here."""

from datetime import datetime

from sqlalchemy import Connection, delete, exists, func, select

from connection.handover import WAITING
from connection.signing_in import OPEN
from storage.tables import (
    answers,
    drafts,
    exchanges,
    handovers,
    inbox,
    outbox,
    progress,
    sign_ins,
    slack_channels,
    slack_people,
    slack_rosters,
    user_lists,
    user_pages,
    user_progress,
)

_WAIT = [state.value for state in WAITING]
_OPEN = [state.value for state in OPEN]


def forget(connection: Connection, before: datetime) -> int:
    """How many rows went. An ask stays while a message of it is still to be shown; requests for
    roles stay, because their numbers go on."""
    over = (outbox.c.wanted == outbox.c.shown) | outbox.c.given_up.is_not(None)
    statements = (
        delete(outbox).where(outbox.c.created_at < before, over),
        delete(inbox).where(
            inbox.c.finished_at < before, ~exists().where(outbox.c.id == inbox.c.id)
        ),
        delete(answers).where(
            answers.c.ask_id.not_in(select(inbox.c.id)),
            answers.c.ask_id.not_in(select(outbox.c.subject)),
        ),
        delete(exchanges).where(exchanges.c.kept_at < before),
        delete(progress).where(progress.c.started_at < before),
        delete(drafts).where(drafts.c.created_at < before),
        delete(handovers).where(handovers.c.ends_at < before, handovers.c.state.not_in(_WAIT)),
        delete(sign_ins).where(sign_ins.c.started_at < before, sign_ins.c.state.not_in(_OPEN)),
        delete(user_pages).where(user_pages.c.kept_at < before),
        delete(user_lists).where(user_lists.c.kept_at < before),
        delete(user_progress).where(user_progress.c.started_at < before),
        *(
            delete(cache).where(
                func.coalesce(cache.c.read_at, cache.c.changed_at) < before,
                func.coalesce(cache.c.changed_at, cache.c.read_at) < before,
            )
            for cache in (slack_people, slack_channels, slack_rosters)
        ),
    )
    return sum(connection.execute(statement).rowcount for statement in statements)
