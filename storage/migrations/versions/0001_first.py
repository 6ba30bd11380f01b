"""The first schema: tables, and the triggers that keep three of them append-only."""

import sqlalchemy as sa
from alembic import op

from storage.kinds import LONG, TEXT
from storage.migrations.append_only import keep_append_only, keep_in_chain

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything."""
    _answers()
    _audit()
    _connections()
    _drafts()
    _grants()
    _inbox()
    _key_checks()
    _outbox()
    _progress()
    _reports()
    _secrets()
    _setup_revisions()
    keep_in_chain("audit")
    keep_append_only("setup_revisions", "connection_id", "revision")
    keep_append_only("reports", "id")


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("ask_id", TEXT, primary_key=True, nullable=False),
        sa.Column("tone", TEXT, nullable=False),
        sa.Column("message", TEXT, nullable=False),
        sa.Column("hint", TEXT, nullable=False),
        sqlite_strict=True,
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("n", LONG, primary_key=True, autoincrement=False, nullable=False),
        sa.Column("at", TEXT, nullable=False),
        sa.Column("workspace", TEXT, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("tag", TEXT, nullable=False),
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("details", TEXT, nullable=False),
        sa.Column("previous", TEXT, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("audit_workspace", "audit", ["workspace"])


def _connections() -> None:
    op.create_table(
        "connections",
        sa.Column("id", TEXT, primary_key=True, nullable=False),
        sa.Column("workspace", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("is_default", sa.Integer(), nullable=False),
        sa.Column("wanted", TEXT, nullable=False),
        sa.Column("observed", TEXT, nullable=False),
        sa.Column("observed_at", TEXT, nullable=True),
        sa.Column("run", TEXT, nullable=False),
        sa.Column("health", TEXT, nullable=False),
        sa.Column("disable_reason", TEXT, nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sa.UniqueConstraint("workspace", "name", name="connections_name"),
        sqlite_strict=True,
    )
    op.create_index(
        "connections_default",
        "connections",
        ["workspace"],
        unique=True,
        sqlite_where=sa.text("is_default = 1"),
        postgresql_where=sa.text("is_default = 1"),
    )


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", TEXT, primary_key=True, nullable=False),
        sa.Column("workspace", TEXT, nullable=False),
        sa.Column("organisation", TEXT, nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("response_url", TEXT, nullable=False),
        sa.Column("connection_id", TEXT, nullable=False),
        sa.Column("base_revision", sa.Integer(), nullable=False),
        sa.Column("typed", TEXT, nullable=False),
        sa.Column("asked_revision", sa.Integer(), nullable=False),
        sa.Column("saved_revision", sa.Integer(), nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sqlite_strict=True,
    )


def _grants() -> None:
    op.create_table(
        "grants",
        sa.Column("workspace", TEXT, primary_key=True, nullable=False),
        sa.Column("organisation", TEXT, primary_key=True, nullable=False),
        sa.Column("user_id", TEXT, primary_key=True, nullable=False),
        sa.Column("role", TEXT, primary_key=True, nullable=False),
        sa.Column("connection_id", TEXT, primary_key=True, nullable=False),
        sa.Column("granted_by", TEXT, nullable=False),
        sa.Column("granted_at", TEXT, nullable=False),
        sqlite_strict=True,
    )


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", TEXT, primary_key=True, nullable=False),
        sa.Column("workspace", TEXT, nullable=False),
        sa.Column("organisation", TEXT, nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("act", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("response_url", TEXT, nullable=False),
        sa.Column("received_at", TEXT, nullable=False),
        sa.Column("dedupe_key", TEXT, nullable=False),
        sa.Column("connection", TEXT, nullable=False),
        sa.Column("rest", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("finished_at", TEXT, nullable=True),
        sa.UniqueConstraint("workspace", "dedupe_key", name="inbox_dedupe"),
        sqlite_strict=True,
    )
    op.create_index(
        "inbox_open",
        "inbox",
        ["received_at"],
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )


def _key_checks() -> None:
    op.create_table(
        "key_checks",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False, nullable=False),
        sa.Column("check_value", TEXT, nullable=False),
        sqlite_strict=True,
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", TEXT, primary_key=True, nullable=False),
        sa.Column("workspace", TEXT, nullable=False),
        sa.Column("what", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("audience", TEXT, nullable=False),
        sa.Column("organisation", TEXT, nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("response_url", TEXT, nullable=False),
        sa.Column("created_at", TEXT, nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("ts", TEXT, nullable=False),
        sa.Column("posted_in", TEXT, nullable=False),
        sa.Column("final", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", TEXT, nullable=True),
        sa.Column("given_up", TEXT, nullable=True),
        sqlite_strict=True,
    )
    op.create_index(
        "outbox_due",
        "outbox",
        ["created_at"],
        sqlite_where=sa.text("wanted <> shown AND given_up IS NULL"),
        postgresql_where=sa.text("wanted <> shown AND given_up IS NULL"),
    )
    op.create_index("outbox_subject", "outbox", ["what", "subject"])


def _progress() -> None:
    op.create_table(
        "progress",
        sa.Column("id", TEXT, primary_key=True, nullable=False),
        sa.Column("workspace", TEXT, nullable=False),
        sa.Column("connection_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("organisation", TEXT, nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("started_at", TEXT, nullable=False),
        sa.Column("results", TEXT, nullable=False),
        sqlite_strict=True,
    )


def _reports() -> None:
    op.create_table(
        "reports",
        sa.Column("id", TEXT, primary_key=True, nullable=False),
        sa.Column("workspace", TEXT, nullable=False),
        sa.Column("connection_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("organisation", TEXT, nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("started_at", TEXT, nullable=False),
        sa.Column("finished_at", TEXT, nullable=False),
        sa.Column("results", TEXT, nullable=False),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("reports_connection", "reports", ["connection_id", "finished_at"])


def _secrets() -> None:
    op.create_table(
        "secrets",
        sa.Column("id", TEXT, primary_key=True, nullable=False),
        sa.Column("workspace", TEXT, nullable=False),
        sa.Column("connection_id", TEXT, sa.ForeignKey("connections.id"), nullable=False),
        sa.Column("field", TEXT, nullable=False),
        sa.Column("host", TEXT, nullable=False),
        sa.Column("tenant", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("key_number", sa.Integer(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint_end", TEXT, nullable=False),
        sa.Column("organisation", TEXT, nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("set_at", TEXT, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("secrets_key_number", "secrets", ["key_number"])


def _setup_revisions() -> None:
    op.create_table(
        "setup_revisions",
        sa.Column(
            "connection_id",
            TEXT,
            sa.ForeignKey("connections.id"),
            primary_key=True,
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), primary_key=True, autoincrement=False, nullable=False),
        sa.Column("fields", TEXT, nullable=False),
        sa.Column("organisation", TEXT, nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("saved_at", TEXT, nullable=False),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
