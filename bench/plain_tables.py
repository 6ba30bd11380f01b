"""Tables of the reference: the rows of the inbox and of the audit, without what we add to them."""

from sqlalchemy import Column, Integer, MetaData, Table, Text, UniqueConstraint

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
