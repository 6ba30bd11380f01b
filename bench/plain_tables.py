"""Tables of the reference: inbox, audit and secrets, without what we add to their rows."""

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint

metadata = MetaData()

PLAIN_INBOX = Table(
    "plain_inbox",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dedupe_key", Text, nullable=False),
    Column("row", Text, nullable=False),
    UniqueConstraint("dedupe_key"),
)

PLAIN_AUDIT = Table(
    "plain_audit",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("tag", Text, nullable=False),
    Column("connection", Text, nullable=False),
    Column("details", Text, nullable=False),
)

PLAIN_SECRETS = Table(
    "plain_secrets",
    metadata,
    Column("id", Text, primary_key=True),
    Column("wrapped_key", LargeBinary, nullable=False),
)
