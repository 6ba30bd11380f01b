"""Every table of the application's database.

Append-only, refused by triggers in the migrations: `audit`, `setup_revisions`, `reports`,
`user_checks`, `decisions`.
The others are working tables: `connections`, `inbox`, `answers`, `outbox`, `drafts`, `grants`,
`secrets` (sealed, with wrapped keys), `key_checks`, `handovers`, `sign_ins`, `progress`,
`access_requests`, `requests`, `policies`, `user_progress`, `user_pages`, `user_lists`;
`slack_people`, `slack_channels` and `slack_rosters` are caches of Slack.
"""

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint, text

from storage.columns import (
    bytes_column,
    metadata,
    number_column,
    of_connection,
    text_column,
    time_column,
)
from storage.directory_tables import access_requests as access_requests
from storage.directory_tables import slack_channels as slack_channels
from storage.directory_tables import slack_people as slack_people
from storage.directory_tables import slack_rosters as slack_rosters
from storage.kinds import LONG, TEXT
from storage.request_tables import decisions as decisions
from storage.request_tables import policies as policies
from storage.request_tables import requests as requests
from storage.sign_in_tables import handovers as handovers
from storage.sign_in_tables import sign_ins as sign_ins
from storage.user_tables import user_checks as user_checks
from storage.user_tables import user_lists as user_lists
from storage.user_tables import user_pages as user_pages
from storage.user_tables import user_progress as user_progress

APPEND_ONLY = frozenset({"audit", "setup_revisions", "reports", "user_checks", "decisions"})


def _some_rows(name: str, column: str, where: str, *, unique: bool = False) -> Index:
    """Holds the rows of which `where` is true."""
    some = text(where)
    return Index(name, column, unique=unique, sqlite_where=some, postgresql_where=some)


audit = Table(
    "audit",
    metadata,
    Column("n", LONG, primary_key=True, autoincrement=False, nullable=False),
    time_column("at"),
    text_column("workspace"),
    text_column("actor"),
    text_column("tag"),
    text_column("connection"),
    text_column("details"),
    text_column("previous"),
    text_column("hash"),
    Index("audit_workspace", "workspace"),
    sqlite_strict=True,
)

connections = Table(
    "connections",
    metadata,
    text_column("id", key=True),
    text_column("workspace"),
    text_column("name"),
    number_column("is_default"),
    text_column("wanted"),
    text_column("observed"),
    time_column("observed_at", optional=True),
    text_column("run"),
    text_column("health"),
    text_column("disable_reason"),
    time_column("created_at"),
    UniqueConstraint("workspace", "name", name="connections_name"),
    _some_rows("connections_default", "workspace", "is_default = 1", unique=True),
    sqlite_strict=True,
)

setup_revisions = Table(
    "setup_revisions",
    metadata,
    of_connection(key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False, nullable=False),
    text_column("fields"),
    text_column("organisation"),
    text_column("user_id"),
    time_column("saved_at"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

reports = Table(
    "reports",
    metadata,
    text_column("id", key=True),
    text_column("workspace"),
    text_column("connection_id"),
    text_column("name"),
    number_column("revision"),
    text_column("organisation"),
    text_column("user_id"),
    time_column("started_at"),
    time_column("finished_at"),
    text_column("results"),
    Index("reports_connection", "connection_id", "finished_at"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

progress = Table(
    "progress",
    metadata,
    text_column("id", key=True),
    text_column("workspace"),
    text_column("connection_id"),
    text_column("name"),
    number_column("revision"),
    text_column("organisation"),
    text_column("user_id"),
    time_column("started_at"),
    text_column("results"),
    sqlite_strict=True,
)

exchanges = Table(
    "exchanges",
    metadata,
    text_column("report_id", key=True),
    text_column("check_id", key=True),
    text_column("made"),
    time_column("kept_at"),
    sqlite_strict=True,
)

inbox = Table(
    "inbox",
    metadata,
    text_column("id", key=True),
    text_column("workspace"),
    text_column("organisation"),
    text_column("user_id"),
    text_column("act"),
    text_column("channel"),
    text_column("response_url"),
    time_column("received_at"),
    text_column("dedupe_key"),
    text_column("connection"),
    text_column("rest"),
    text_column("subject"),
    number_column("held"),
    time_column("finished_at", optional=True),
    Column("unsettled", TEXT, nullable=False, server_default=""),
    UniqueConstraint("workspace", "dedupe_key", name="inbox_dedupe"),
    _some_rows("inbox_open", "received_at", "finished_at IS NULL"),
    sqlite_strict=True,
)

answers = Table(
    "answers",
    metadata,
    text_column("ask_id", key=True),
    text_column("tone"),
    text_column("message"),
    text_column("hint"),
    sqlite_strict=True,
)

outbox = Table(
    "outbox",
    metadata,
    text_column("id", key=True),
    text_column("workspace"),
    text_column("what"),
    text_column("subject"),
    text_column("audience"),
    text_column("organisation"),
    text_column("user_id"),
    text_column("channel"),
    text_column("response_url"),
    time_column("created_at"),
    number_column("wanted"),
    number_column("shown"),
    text_column("ts"),
    text_column("posted_in"),
    number_column("final"),
    number_column("attempts"),
    time_column("not_before", optional=True),
    Column("given_up", TEXT),
    Index("outbox_subject", "what", "subject"),
    _some_rows("outbox_due", "created_at", "wanted <> shown AND given_up IS NULL"),
    sqlite_strict=True,
)

drafts = Table(
    "drafts",
    metadata,
    text_column("id", key=True),
    text_column("workspace"),
    text_column("organisation"),
    text_column("user_id"),
    text_column("channel"),
    text_column("response_url"),
    text_column("connection_id"),
    number_column("base_revision"),
    text_column("typed"),
    number_column("asked_revision"),
    number_column("saved_revision"),
    time_column("created_at"),
    sqlite_strict=True,
)

grants = Table(
    "grants",
    metadata,
    text_column("workspace", key=True),
    text_column("organisation", key=True),
    text_column("holder", key=True),
    text_column("role", key=True),
    text_column("connection_id", key=True),
    text_column("granted_by"),
    time_column("granted_at"),
    sqlite_strict=True,
)

secrets = Table(
    "secrets",
    metadata,
    text_column("id", key=True),
    text_column("workspace"),
    of_connection(),
    text_column("field"),
    text_column("host"),
    text_column("tenant"),
    text_column("kind"),
    text_column("login"),
    number_column("format"),
    number_column("key_number"),
    bytes_column("wrapped_key"),
    bytes_column("body"),
    text_column("fingerprint_end"),
    text_column("organisation"),
    text_column("user_id"),
    time_column("set_at"),
    time_column("expires_at", optional=True),
    Column("public_part", TEXT),
    Index("secrets_key_number", "key_number"),
    sqlite_strict=True,
)

key_checks = Table(
    "key_checks",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False, nullable=False),
    text_column("check_value"),
    sqlite_strict=True,
)
