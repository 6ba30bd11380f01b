"""Remote columns that hold secrets: a query names the columns it wants, and never one of these.

nav_connection keeps the access key of Business Central's item availability service in clear, and
page 5330 shows it beside the password (facts: tables 5330 and 5368).
"""

import re
from urllib.parse import unquote

SECRET_COLUMNS = frozenset(
    {"nav_dynamicsnavodataaccesskey", "navodataaccesskey", "password", "connection_string"}
)
HELD_BY = "nav_connection"
"""The table with such a column: it is never expanded, nor read without naming the columns."""
OPTIONS = frozenset({"$select", "$filter", "$top", "$orderby", "$count", "$skiptoken"})
"""What a query may say: not FetchXML, saved views, `$expand` or aliases, which can name columns."""

_WORD = re.compile(r"[a-z_][a-z0-9_]*")
_LITERAL = re.compile(r"(propertyname\s*=\s*)?'(?:[^']|'')*'")


def refuse_secret_columns(query: str) -> None:
    """Raises `ValueError` for a query that would read one: a bug that no person can cause.

    What stands between quotes is a value that a person may have typed, and names no column.
    """
    path, _, said = query.partition("?")
    options = [_plain(option) for option in said.split("&") if option]
    named = {word for part in (_plain(path), *options) for word in _WORD.findall(part)}
    if named & SECRET_COLUMNS:
        raise ValueError("a column that holds a secret is never read")
    if any(option.partition("=")[0].strip() not in OPTIONS for option in options):
        raise ValueError("a query says what the bot's own queries say")
    selected = [option.partition("=")[2] for option in options if option.startswith("$select=")]
    if HELD_BY in _plain(path) and not all([selected, *(_names_columns(one) for one in selected)]):
        raise ValueError("a table with a secret is read by naming the columns")


def _names_columns(selected: str) -> bool:
    return bool(selected.strip()) and "*" not in selected


def _plain(part: str) -> str:
    """In lower case, without its values, and decoded as often as anybody may decode it."""
    text = _LITERAL.sub(lambda found: found[0] if found[1] else "''", unquote(part).lower())
    while (decoded := unquote(text)) != text:
        text = decoded
    return text.lower()
