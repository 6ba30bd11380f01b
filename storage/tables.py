"""Every table of the application's database.

Append-only, refused by triggers in the migrations: `audit`, `setup_revisions`, `reports`.
The others are working tables: `connections`, `inbox`, `answers`, `outbox`, `drafts`, `grants`,
`secrets` (sealed, with wrapped keys), `key_checks`, `handovers`, `sign_ins`, `progress`.
"""

from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.times import UtcText

metadata = MetaData()


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=False)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _time(name: str, *, optional: bool = False) -> Column[datetime]:
    return Column(name, UtcText, nullable=optional)


def _bytes(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=False)


def _of_connection(*, key: bool = False) -> Column[str]:
    """`connection_id` of an existing connection."""
    return Column(
        "connection_id", Text, ForeignKey("connections.id"), primary_key=key, nullable=False
    )


audit = Table(
    "audit",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False, nullable=False),
    _time("at"),
    _text("workspace"),
    _text("actor"),
    _text("tag"),
    _text("connection"),
    _text("details"),
    _text("previous"),
    _text("hash"),
    Index("audit_workspace", "workspace"),
    sqlite_strict=True,
)

connections = Table(
    "connections",
    metadata,
    _text("id", key=True),
    _text("workspace"),
    _text("name"),
    _number("is_default"),
    _text("wanted"),
    _text("observed"),
    _time("observed_at", optional=True),
    _text("run"),
    _text("health"),
    _text("disable_reason"),
    _time("created_at"),
    UniqueConstraint("workspace", "name", name="connections_name"),
    Index("connections_default", "workspace", unique=True, sqlite_where=text("is_default = 1")),
    sqlite_strict=True,
)

setup_revisions = Table(
    "setup_revisions",
    metadata,
    _of_connection(key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False, nullable=False),
    _text("fields"),
    _text("organisation"),
    _text("user_id"),
    _time("saved_at"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

reports = Table(
    "reports",
    metadata,
    _text("id", key=True),
    _text("workspace"),
    _text("connection_id"),
    _text("name"),
    _number("revision"),
    _text("organisation"),
    _text("user_id"),
    _time("started_at"),
    _time("finished_at"),
    _text("results"),
    Index("reports_connection", "connection_id", "finished_at"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

progress = Table(
    "progress",
    metadata,
    _text("id", key=True),
    _text("workspace"),
    _text("connection_id"),
    _text("name"),
    _number("revision"),
    _text("organisation"),
    _text("user_id"),
    _time("started_at"),
    _text("results"),
    sqlite_strict=True,
)

inbox = Table(
    "inbox",
    metadata,
    _text("id", key=True),
    _text("workspace"),
    _text("organisation"),
    _text("user_id"),
    _text("act"),
    _text("channel"),
    _text("response_url"),
    _time("received_at"),
    _text("dedupe_key"),
    _text("connection"),
    _text("rest"),
    _text("subject"),
    _number("held"),
    _time("finished_at", optional=True),
    UniqueConstraint("workspace", "dedupe_key", name="inbox_dedupe"),
    Index("inbox_open", "received_at", sqlite_where=text("finished_at IS NULL")),
    sqlite_strict=True,
)

answers = Table(
    "answers",
    metadata,
    _text("ask_id", key=True),
    _text("tone"),
    _text("message"),
    _text("hint"),
    sqlite_strict=True,
)

outbox = Table(
    "outbox",
    metadata,
    _text("id", key=True),
    _text("workspace"),
    _text("what"),
    _text("subject"),
    _text("audience"),
    _text("organisation"),
    _text("user_id"),
    _text("channel"),
    _text("response_url"),
    _time("created_at"),
    _number("wanted"),
    _number("shown"),
    _text("ts"),
    _text("posted_in"),
    _number("final"),
    _number("attempts"),
    _time("not_before", optional=True),
    Column("given_up", Text),
    Index("outbox_subject", "what", "subject"),
    Index("outbox_due", "created_at", sqlite_where=text("wanted <> shown AND given_up IS NULL")),
    sqlite_strict=True,
)

drafts = Table(
    "drafts",
    metadata,
    _text("id", key=True),
    _text("workspace"),
    _text("organisation"),
    _text("user_id"),
    _text("channel"),
    _text("response_url"),
    _text("connection_id"),
    _number("base_revision"),
    _text("typed"),
    _number("asked_revision"),
    _number("saved_revision"),
    _time("created_at"),
    sqlite_strict=True,
)

grants = Table(
    "grants",
    metadata,
    _text("workspace", key=True),
    _text("organisation", key=True),
    _text("user_id", key=True),
    _text("role", key=True),
    _text("connection_id", key=True),
    _text("granted_by"),
    _time("granted_at"),
    sqlite_strict=True,
)

secrets = Table(
    "secrets",
    metadata,
    _text("id", key=True),
    _text("workspace"),
    _of_connection(),
    _text("field"),
    _text("host"),
    _text("tenant"),
    _text("kind"),
    _text("login"),
    _number("format"),
    _number("key_number"),
    _bytes("wrapped_key"),
    _bytes("body"),
    _text("fingerprint_end"),
    _text("organisation"),
    _text("user_id"),
    _time("set_at"),
    _time("expires_at", optional=True),
    Column("public_part", Text),
    Index("secrets_key_number", "key_number"),
    sqlite_strict=True,
)

key_checks = Table(
    "key_checks",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False, nullable=False),
    _text("check_value"),
    sqlite_strict=True,
)

handovers = Table(
    "handovers",
    metadata,
    _text("id", key=True),
    _text("workspace"),
    _of_connection(),
    _text("field"),
    _text("host"),
    _text("tenant"),
    _text("kind"),
    _text("login"),
    _text("organisation"),
    _text("user_id"),
    _text("channel"),
    _text("response_url"),
    _text("state"),
    _time("created_at"),
    _time("ends_at"),
    _text("secret_id"),
    _number("in_memory"),
    _text("fingerprint_end"),
    _time("secret_expires_at", optional=True),
    Index("handovers_connection", "connection_id", "state"),
    sqlite_strict=True,
)

sign_ins = Table(
    "sign_ins",
    metadata,
    _text("id", key=True),
    _text("workspace"),
    _of_connection(),
    _text("organisation"),
    _text("user_id"),
    _text("channel"),
    _text("response_url"),
    _text("state"),
    _time("started_at"),
    _time("ends_at"),
    _text("account"),
    _text("detail"),
    Index("sign_ins_state", "state"),
    sqlite_strict=True,
)
