"""Requests for changes, decisions about them, and how they are decided."""

import sqlalchemy as sa
from alembic import op

from storage.kinds import TEXT
from storage.migrations.append_only import keep_append_only

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three new tables; what somebody decided is kept for good."""
    op.create_table(
        "requests",
        _text("id", key=True),
        _text("workspace"),
        _number("number"),
        _text("connection_id"),
        _text("state"),
        _number("is_open"),
        _text("due_at", optional=True),
        _text("body"),
        sa.UniqueConstraint("workspace", "number", name="requests_number"),
        sqlite_strict=True,
    )
    open_ones = sa.text("is_open = 1")
    op.create_index(
        "requests_open",
        "requests",
        ["connection_id"],
        unique=True,
        sqlite_where=open_ones,
        postgresql_where=open_ones,
    )
    due = sa.text("due_at IS NOT NULL")
    op.create_index("requests_due", "requests", ["due_at"], sqlite_where=due, postgresql_where=due)
    op.create_table(
        "decisions",
        _text("request_id", key=True),
        _text("user_id", key=True),
        _text("verdict", key=True),
        _text("organisation"),
        _text("at"),
        _text("reason"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    keep_append_only("decisions", "request_id", "user_id", "verdict")
    op.create_table("policies", _text("connection_id", key=True), _text("body"), sqlite_strict=True)


def _text(name: str, *, key: bool = False, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, TEXT, primary_key=key, nullable=optional)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)
