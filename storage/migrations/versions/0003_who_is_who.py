"""Grants to groups and channels, requests for roles, and what is known of people in Slack."""

import sqlalchemy as sa
from alembic import op

from storage.kinds import TEXT

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column gets another name, one is new; the new tables are empty."""
    op.execute("ALTER TABLE grants RENAME COLUMN user_id TO holder")
    op.add_column("inbox", sa.Column("unsettled", TEXT, nullable=False, server_default=""))
    _access_requests()
    _caches()


def _access_requests() -> None:
    op.create_table(
        "access_requests",
        _text("id", key=True),
        _text("workspace"),
        _number("number"),
        *(_text(name) for name in ("holder_organisation", "holder", "role", "connection_id")),
        *(_text(name) for name in ("organisation", "user_id", "channel", "response_url")),
        *(_text(name) for name in ("state", "asked_at", "ends_at", "decided_by")),
        sa.UniqueConstraint("workspace", "number", name="access_requests_number"),
        sqlite_strict=True,
    )


def _caches() -> None:
    op.create_table(
        "slack_people",
        _text("workspace", key=True),
        _text("user_id", key=True),
        _text("standing"),
        *_times(),
        sqlite_strict=True,
    )
    op.create_table(
        "slack_channels",
        _text("workspace", key=True),
        _text("channel", key=True),
        _text("name"),
        *(_number(name) for name in ("private", "shared", "archived", "present")),
        *_times(),
        sqlite_strict=True,
    )
    op.create_table(
        "slack_rosters",
        _text("workspace", key=True),
        _text("holder", key=True),
        _text("name"),
        _number("usable"),
        _text("members"),
        *_times(),
        sqlite_strict=True,
    )


def _times() -> tuple[sa.Column[str], ...]:
    return sa.Column("read_at", TEXT), sa.Column("changed_at", TEXT)


def _text(name: str, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, TEXT, primary_key=key, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)
