"""SQLAlchemy engines for the database, whichever it is: one kind writes, one only reads."""

from sqlalchemy import Engine

from storage import postgresql, sqlite
from storage.address import is_file


def writer_engine(url: str) -> Engine:
    """Each transaction has the write lock from its first moment."""
    return sqlite.writer_engine(url) if is_file(url) else postgresql.writer_engine(url)


def reader_engine(url: str, size: int = 1) -> Engine:
    """Each transaction sees one committed state; nothing can be written through it."""
    return sqlite.reader_engine(url, size) if is_file(url) else postgresql.reader_engine(url, size)
