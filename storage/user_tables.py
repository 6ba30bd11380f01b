"""Checks of users: the finished ones are append-only and name nobody; progress, pages and lists are
working tables."""

from sqlalchemy import Column, Index, Integer, Table

from storage.columns import bytes_column, metadata, number_column, text_column, time_column

user_checks = Table(
    "user_checks",
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
    text_column("result"),
    Index("user_checks_connection", "connection_id", "finished_at"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

user_progress = Table(
    "user_progress",
    metadata,
    text_column("id", key=True),
    text_column("workspace"),
    text_column("connection_id"),
    text_column("name"),
    number_column("revision"),
    text_column("organisation"),
    text_column("user_id"),
    time_column("started_at"),
    text_column("result"),
    sqlite_strict=True,
)

user_pages = Table(
    "user_pages",
    metadata,
    text_column("check_id", key=True),
    text_column("side", key=True),
    Column("number", Integer, primary_key=True, autoincrement=False, nullable=False),
    text_column("following"),
    bytes_column("packed"),
    time_column("kept_at"),
    sqlite_strict=True,
)

user_lists = Table(
    "user_lists",
    metadata,
    text_column("check_id", key=True),
    text_column("names"),
    bytes_column("packed_file"),
    time_column("kept_at"),
    sqlite_strict=True,
)
