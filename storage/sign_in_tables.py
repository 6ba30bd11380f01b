"""Secrets and administrators on their way in: working tables."""

from sqlalchemy import Index, Table

from storage.columns import metadata, number_column, of_connection, text_column, time_column

handovers = Table(
    "handovers",
    metadata,
    text_column("id", key=True),
    text_column("workspace"),
    of_connection(),
    text_column("field"),
    text_column("host"),
    text_column("tenant"),
    text_column("kind"),
    text_column("login"),
    text_column("organisation"),
    text_column("user_id"),
    text_column("channel"),
    text_column("response_url"),
    text_column("state"),
    time_column("created_at"),
    time_column("ends_at"),
    text_column("secret_id"),
    number_column("in_memory"),
    text_column("fingerprint_end"),
    time_column("secret_expires_at", optional=True),
    Index("handovers_connection", "connection_id", "state"),
    sqlite_strict=True,
)

sign_ins = Table(
    "sign_ins",
    metadata,
    text_column("id", key=True),
    text_column("workspace"),
    of_connection(),
    text_column("organisation"),
    text_column("user_id"),
    text_column("channel"),
    text_column("response_url"),
    text_column("state"),
    time_column("started_at"),
    time_column("ends_at"),
    text_column("account"),
    text_column("detail"),
    Index("sign_ins_state", "state"),
    sqlite_strict=True,
)
