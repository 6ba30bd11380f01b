"""Roles that wait for a second admin, and the caches of what Slack told; all working tables."""

from sqlalchemy import Table, UniqueConstraint

from storage.columns import metadata, number_column, text_column, time_column

access_requests = Table(
    "access_requests",
    metadata,
    text_column("id", key=True),
    text_column("workspace"),
    number_column("number"),
    text_column("holder_organisation"),
    text_column("holder"),
    text_column("role"),
    text_column("connection_id"),
    text_column("organisation"),
    text_column("user_id"),
    text_column("channel"),
    text_column("response_url"),
    text_column("state"),
    time_column("asked_at"),
    time_column("ends_at"),
    text_column("decided_by"),
    UniqueConstraint("workspace", "number", name="access_requests_number"),
    sqlite_strict=True,
)

slack_people = Table(
    "slack_people",
    metadata,
    text_column("workspace", key=True),
    text_column("user_id", key=True),
    text_column("standing"),
    time_column("read_at", optional=True),
    time_column("changed_at", optional=True),
    sqlite_strict=True,
)

slack_channels = Table(
    "slack_channels",
    metadata,
    text_column("workspace", key=True),
    text_column("channel", key=True),
    text_column("name"),
    number_column("private"),
    number_column("shared"),
    number_column("archived"),
    number_column("present"),
    time_column("read_at", optional=True),
    time_column("changed_at", optional=True),
    sqlite_strict=True,
)

slack_rosters = Table(
    "slack_rosters",
    metadata,
    text_column("workspace", key=True),
    text_column("holder", key=True),
    text_column("name"),
    number_column("usable"),
    text_column("members"),
    time_column("read_at", optional=True),
    time_column("changed_at", optional=True),
    sqlite_strict=True,
)
