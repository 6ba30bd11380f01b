"""The kinds of columns that the tables are made of."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, MetaData

from storage.kinds import TEXT
from storage.times import UtcText

metadata = MetaData()


def text_column(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, TEXT, primary_key=key, nullable=False)


def number_column(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def time_column(name: str, *, optional: bool = False) -> Column[datetime]:
    return Column(name, UtcText, nullable=optional)


def bytes_column(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=False)


def of_connection(*, key: bool = False) -> Column[str]:
    """`connection_id` of an existing connection."""
    return Column(
        "connection_id", TEXT, ForeignKey("connections.id"), primary_key=key, nullable=False
    )
