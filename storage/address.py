"""Where the database is: a file of SQLite or a database of PostgreSQL, told without passwords."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from connection.errors import NotReady

_DRIVER = "postgresql+psycopg"
_HINT = (
    "Write sqlite:/// and the path of a file, or "
    f"{_DRIVER}://ROLE:PASSWORD@HOST/DATABASE with the names of yours."
)


def is_file(url: str) -> bool:
    """SQLite, not PostgreSQL. Raises `NotReady` for what is neither."""
    return _parsed(url).get_backend_name() == "sqlite"


def database_file(url: str) -> Path:
    """The file behind a `sqlite:///` address. Raises `NotReady` for any other database."""
    parsed = _parsed(url)
    if parsed.get_backend_name() != "sqlite":
        raise NotReady(f"{place(url)} is not a file.", "Write sqlite:/// and the path of a file.")
    return Path(str(parsed.database))


def server_address(url: str) -> URL:
    """The address of a PostgreSQL database, for its driver. Raises `NotReady` for any other."""
    parsed = _parsed(url)
    if parsed.get_backend_name() != "postgresql":
        raise NotReady(f"{place(url)} is no database of PostgreSQL.", _HINT)
    return parsed.set(drivername=_DRIVER)


def place(url: str) -> str:
    """For a sentence: the path of the file, or database and host."""
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        return str(parsed.database)
    host = parsed.host or parsed.query.get("host") or "this machine"
    port = f":{parsed.port}" if parsed.port else ""
    return f"{parsed.database} on {host}{port}"


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise NotReady("That is not the address of a database.", _HINT) from error
    kind = parsed.get_backend_name()
    if kind not in ("sqlite", "postgresql"):
        raise NotReady(f"The database {kind} is not supported.", _HINT)
    if parsed.drivername not in ("sqlite", "postgresql", _DRIVER):
        raise NotReady(f"The driver of {parsed.drivername} is not supported.", _HINT)
    if not parsed.database or parsed.database == ":memory:":
        what = "file" if kind == "sqlite" else "database"
        raise NotReady(f"The address names no {what}, so nothing would be remembered.", _HINT)
    return parsed
