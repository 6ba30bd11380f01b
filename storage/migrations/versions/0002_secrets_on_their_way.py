"""Secrets with an end and a public half, secrets on their way, administrators' sign-ins."""

import sqlalchemy as sa
from alembic import op

from storage.kinds import TEXT

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns and two working tables; nothing that stands is touched."""
    op.add_column("secrets", sa.Column("expires_at", TEXT))
    op.add_column("secrets", sa.Column("public_part", TEXT))
    _handovers()
    _sign_ins()


def _handovers() -> None:
    op.create_table(
        "handovers",
        _text("id", key=True),
        _text("workspace"),
        _of_connection(),
        *(_text(name) for name in ("field", "host", "tenant", "kind", "login")),
        *(_text(name) for name in ("organisation", "user_id", "channel", "response_url")),
        *(_text(name) for name in ("state", "created_at", "ends_at", "secret_id")),
        sa.Column("in_memory", sa.Integer(), nullable=False),
        _text("fingerprint_end"),
        sa.Column("secret_expires_at", TEXT),
        sqlite_strict=True,
    )
    op.create_index("handovers_connection", "handovers", ["connection_id", "state"])


def _sign_ins() -> None:
    op.create_table(
        "sign_ins",
        _text("id", key=True),
        _text("workspace"),
        _of_connection(),
        *(_text(name) for name in ("organisation", "user_id", "channel", "response_url")),
        *(_text(name) for name in ("state", "started_at", "ends_at", "account", "detail")),
        sqlite_strict=True,
    )
    op.create_index("sign_ins_state", "sign_ins", ["state"])


def _text(name: str, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, TEXT, primary_key=key, nullable=False)


def _of_connection() -> sa.Column[str]:
    return sa.Column("connection_id", TEXT, sa.ForeignKey("connections.id"), nullable=False)
