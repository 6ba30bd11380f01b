"""Two roles of PostgreSQL: the owner migrates, and the bot's own may do only what it needs."""

from sqlalchemy import Connection, text

from storage.columns import metadata
from storage.engine import reader_engine
from storage.postgresql import SCHEMA, reached
from storage.tables import APPEND_ONLY

APPEND_RIGHTS = "SELECT, INSERT"
WORKING_RIGHTS = "SELECT, INSERT, UPDATE, DELETE"

_WHO = text("SELECT current_user")
_OWNED = text(
    "SELECT pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class "
    "WHERE oid = to_regclass(:audit)"
)


def role_of(url: str) -> str:
    """Who connects with this address. Raises `NotReady` if nobody can."""
    engine = reader_engine(url)
    try:
        with reached(url), engine.begin() as connection:
            return str(connection.scalar(_WHO))
    finally:
        engine.dispose()


def owns_tables(url: str) -> bool:
    """Whether whoever connects could remove what keeps the record append-only."""
    engine = reader_engine(url)
    try:
        with reached(url), engine.begin() as connection:
            return bool(connection.scalar(_OWNED, {"audit": f"{SCHEMA}.audit"}))
    finally:
        engine.dispose()


def grant_what_is_needed(connection: Connection, role: str) -> None:
    """And take away whatever it had besides. By the owner, in its transaction."""
    quoted = connection.dialect.identifier_preparer.quote_identifier
    to = quoted(role)
    given = [f"REVOKE ALL ON SCHEMA {SCHEMA} FROM {to}"]
    given += [f"REVOKE ALL ON ALL TABLES IN SCHEMA {SCHEMA} FROM {to}"]
    given += [f"GRANT USAGE ON SCHEMA {SCHEMA} TO {to}"]
    given += [f"GRANT SELECT ON {SCHEMA}.alembic_version TO {to}"]
    for table in metadata.sorted_tables:
        rights = APPEND_RIGHTS if table.name in APPEND_ONLY else WORKING_RIGHTS
        given.append(f"GRANT {rights} ON {SCHEMA}.{quoted(table.name)} TO {to}")
    for statement in given:
        connection.exec_driver_sql(statement)
