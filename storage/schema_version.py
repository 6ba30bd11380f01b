"""Which schema the database has, found out without importing Alembic: that takes long."""

from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from storage.engine import database_file, reader_engine

HEAD = "0001"
"""The newest revision under `storage/migrations/versions`."""


def is_current(url: str) -> bool:
    """Whether the database is there and has the newest schema."""
    if not database_file(url).exists():
        return False
    engine = reader_engine(url)
    try:
        with engine.begin() as connection:
            found = connection.scalars(text("SELECT version_num FROM alembic_version")).all()
    except DatabaseError:
        return False
    finally:
        engine.dispose()
    return list(found) == [HEAD]
