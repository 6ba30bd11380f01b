"""Requests for changes and their policies, which are working tables; decisions are append-only."""

from sqlalchemy import Index, Table, UniqueConstraint, text

from storage.columns import metadata, number_column, text_column, time_column

_OPEN = text("is_open = 1")
_DUE = text("due_at IS NOT NULL")

requests = Table(
    "requests",
    metadata,
    text_column("id", key=True),
    text_column("workspace"),
    number_column("number"),
    text_column("connection_id"),
    text_column("state"),
    number_column("is_open"),
    time_column("due_at", optional=True),
    text_column("body"),
    UniqueConstraint("workspace", "number", name="requests_number"),
    Index(
        "requests_open",
        "connection_id",
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
    Index("requests_due", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),
    sqlite_strict=True,
)

decisions = Table(
    "decisions",
    metadata,
    text_column("request_id", key=True),
    text_column("user_id", key=True),
    text_column("verdict", key=True),
    text_column("organisation"),
    time_column("at"),
    text_column("reason"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

policies = Table(
    "policies",
    metadata,
    text_column("connection_id", key=True),
    text_column("body"),
    sqlite_strict=True,
)
