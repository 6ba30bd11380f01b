"""The first schema: tables, and the triggers that keep three of them append-only."""

import sqlalchemy as sa
from alembic import op

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
    for table in ("audit", "setup_revisions", "reports"):
        _refuse_changes(table)
    _refuse_second("setup_revisions", ("connection_id", "revision"))
    _refuse_second("reports", ("id",))
    _refuse_breaks_of_the_chain()


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("ask_id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("tone", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sqlite_strict=True,
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("n", sa.Integer(), primary_key=True, autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sqlite_strict=True,
    )
    op.create_index("audit_workspace", "audit", ["workspace"])


def _connections() -> None:
    op.create_table(
        "connections",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("observed", sa.Text(), nullable=False),
        sa.Column("observed_at", sa.Text(), nullable=True),
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("health", sa.Text(), nullable=False),
        sa.Column("disable_reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.UniqueConstraint("workspace", "name", name="connections_name"),
        sqlite_strict=True,
    )
    op.create_index(
        "connections_default",
        "connections",
        ["workspace"],
        unique=True,
        sqlite_where=sa.text("is_default = 1"),
    )


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("response_url", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("base_revision", sa.Integer(), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("asked_revision", sa.Integer(), nullable=False),
        sa.Column("saved_revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sqlite_strict=True,
    )


def _grants() -> None:
    op.create_table(
        "grants",
        sa.Column("workspace", sa.Text(), primary_key=True, nullable=False),
        sa.Column("organisation", sa.Text(), primary_key=True, nullable=False),
        sa.Column("user_id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("role", sa.Text(), primary_key=True, nullable=False),
        sa.Column("connection_id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("granted_by", sa.Text(), nullable=False),
        sa.Column("granted_at", sa.Text(), nullable=False),
        sqlite_strict=True,
    )


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("response_url", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("rest", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.Text(), nullable=True),
        sa.UniqueConstraint("workspace", "dedupe_key", name="inbox_dedupe"),
        sqlite_strict=True,
    )
    op.create_index(
        "inbox_open", "inbox", ["received_at"], sqlite_where=sa.text("finished_at IS NULL")
    )


def _key_checks() -> None:
    op.create_table(
        "key_checks",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False, nullable=False),
        sa.Column("check_value", sa.Text(), nullable=False),
        sqlite_strict=True,
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("response_url", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("ts", sa.Text(), nullable=False),
        sa.Column("posted_in", sa.Text(), nullable=False),
        sa.Column("final", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.Text(), nullable=True),
        sa.Column("given_up", sa.Text(), nullable=True),
        sqlite_strict=True,
    )
    op.create_index(
        "outbox_due",
        "outbox",
        ["created_at"],
        sqlite_where=sa.text("wanted <> shown AND given_up IS NULL"),
    )
    op.create_index("outbox_subject", "outbox", ["what", "subject"])


def _progress() -> None:
    op.create_table(
        "progress",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sqlite_strict=True,
    )


def _reports() -> None:
    op.create_table(
        "reports",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.Text(), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("reports_connection", "reports", ["connection_id", "finished_at"])


def _secrets() -> None:
    op.create_table(
        "secrets",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), sa.ForeignKey("connections.id"), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("key_number", sa.Integer(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint_end", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("set_at", sa.Text(), nullable=False),
        sqlite_strict=True,
    )
    op.create_index("secrets_key_number", "secrets", ["key_number"])


def _setup_revisions() -> None:
    op.create_table(
        "setup_revisions",
        sa.Column(
            "connection_id",
            sa.Text(),
            sa.ForeignKey("connections.id"),
            primary_key=True,
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), primary_key=True, autoincrement=False, nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.Text(), nullable=False),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _refuse_changes(table: str) -> None:
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        )


def _refuse_second(table: str, key: tuple[str, ...]) -> None:
    """Also where a connection did not turn recursive triggers on: REPLACE deletes first."""
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608 - own words
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
        "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
    )


def _refuse_breaks_of_the_chain() -> None:
    op.execute(
        "CREATE TRIGGER audit_number BEFORE INSERT ON audit "
        "WHEN NEW.n IS NOT (SELECT coalesce(max(n), 0) + 1 FROM audit) "
        "BEGIN SELECT RAISE(ABORT, 'append-only: the number is not the next one'); END"
    )
    op.execute(
        "CREATE TRIGGER audit_previous BEFORE INSERT ON audit "
        "WHEN NEW.previous IS NOT coalesce((SELECT hash FROM audit ORDER BY n DESC LIMIT 1), '') "
        "BEGIN SELECT RAISE(ABORT, 'append-only: previous is not the last hash'); END"
    )
