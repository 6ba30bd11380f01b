"""Types of columns that are alike in both databases, for the tables and their migrations."""

from typing import Any

from sqlalchemy import BigInteger, Integer, Text
from sqlalchemy.ext.compiler import compiles


class ByteText(Text):
    """Compared byte by byte, as SQLite does, whatever the language of a PostgreSQL server."""


@compiles(ByteText, "postgresql")
def _on_postgresql(_type: ByteText, _compiler: Any, **_options: Any) -> str:
    return 'TEXT COLLATE "C"'


TEXT = ByteText()

LONG = Integer().with_variant(BigInteger(), "postgresql")
"""SQLite's integers have 64 bits anyway."""
