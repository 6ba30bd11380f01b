"""Remote columns that hold secrets: a query names the columns it wants, and never one of these.

nav_connection keeps the access key of Business Central's item availability service in clear, and
page 5330 shows it beside the password (facts: tables 5330 and 5368).
"""

import re
from urllib.parse import unquote

SECRET_COLUMNS = frozenset(
    {"nav_dynamicsnavodataaccesskey", "navodataaccesskey", "password", "connection_string"}
)
HELD_BY = frozenset({"nav_connections"})
"""Entity sets with such a column: they are never read without naming the columns."""

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def refuse_secret_columns(query: str) -> None:
    """Raises `ValueError` for a query that would read one: a bug that no person can cause."""
    text = unquote(query)
    path, _, options = text.partition("?")
    named = {word.lower() for word in _WORD.findall(options)}
    if named & SECRET_COLUMNS:
        raise ValueError("a column that holds a secret is never read")
    sets = {word.lower() for word in _WORD.findall(path)}
    expands = {word.lower() for word in _WORD.findall(options)} & HELD_BY
    if (sets & HELD_BY and "$select=" not in options) or expands:
        raise ValueError("a table with a secret is read by naming the columns")
