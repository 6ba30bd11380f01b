"""Checks of users: what they came to, and what is needed while they run."""

import sqlalchemy as sa
from alembic import op

from storage.kinds import TEXT
from storage.migrations.append_only import keep_append_only

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Four new tables; what a check came to is kept for good."""
    op.create_table(
        "user_checks",
        *_about_a_check(),
        _text("finished_at"),
        _text("result"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("user_checks_connection", "user_checks", ["connection_id", "finished_at"])
    keep_append_only("user_checks", "id")
    op.create_table("user_progress", *_about_a_check(), _text("result"), sqlite_strict=True)
    op.create_table(
        "user_pages",
        _text("check_id", key=True),
        _text("side", key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False, nullable=False),
        _text("following"),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        _text("kept_at"),
        sqlite_strict=True,
    )
    op.create_table(
        "user_lists",
        _text("check_id", key=True),
        _text("names"),
        sa.Column("packed_file", sa.LargeBinary(), nullable=False),
        _text("kept_at"),
        sqlite_strict=True,
    )


def _about_a_check() -> tuple[sa.Column[str] | sa.Column[int], ...]:
    return (
        _text("id", key=True),
        *(_text(name) for name in ("workspace", "connection_id", "name")),
        sa.Column("revision", sa.Integer(), nullable=False),
        *(_text(name) for name in ("organisation", "user_id", "started_at")),
    )


def _text(name: str, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, TEXT, primary_key=key, nullable=False)
