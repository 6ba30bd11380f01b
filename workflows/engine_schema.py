"""The engine's own schema in the bot's database of PostgreSQL.

The owner's role makes and upgrades it; the bot's own role has its rows and nothing else.
"""

import logging

from dbos import DBOS, DBOSConfig
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError

from connection.errors import NotReady

SCHEMA = "d365bot_engine"
POOL = 8


class EngineSchema:
    """`url` is the bot's own. Whoever starts the bot sees to it that it runs once only."""

    def __init__(self, url: str) -> None:
        self._url = url

    def config(self) -> DBOSConfig:
        """What DBOS has to know of it: it verifies, and never migrates with the bot's own role."""
        return {
            "system_database_url": self._url,
            "dbos_system_schema": SCHEMA,
            "run_migrations": False,
            "sys_db_pool_size": POOL,
            "db_engine_kwargs": {"hide_parameters": True, "pool_pre_ping": True},
        }

    def take(self) -> None:
        """Nothing is to be made."""

    def release(self) -> None:
        """Nothing is held."""


def migrate_engine(owner_url: str, role: str) -> None:
    """Make or upgrade it, and let `role` use it, if that is another one than the owner's.

    Raises `NotReady` if this may not be done.
    """
    logging.getLogger("dbos").setLevel(logging.ERROR)  # it looks for a database named postgres
    try:
        DBOS.migrate(owner_url, schema=SCHEMA)
        if role:
            _grant(owner_url, role)
    except DBAPIError as error:
        raise NotReady(
            f"The engine's schema {SCHEMA} cannot be migrated: {str(error.orig).splitlines()[0]}.",
            "Run d365bot migrate with D365BOT_MIGRATION_DATABASE_URL set to the role that owns "
            "the database.",
        ) from error


def _grant(owner_url: str, role: str) -> None:
    """Less than DBOS itself would: no truncating, and no triggers of its own."""
    engine = create_engine(owner_url, hide_parameters=True)
    to = engine.dialect.identifier_preparer.quote_identifier(role)
    try:
        with engine.begin() as connection:
            for statement in (
                f"REVOKE ALL ON SCHEMA {SCHEMA} FROM {to}",
                f"REVOKE ALL ON ALL TABLES IN SCHEMA {SCHEMA} FROM {to}",
                f"GRANT USAGE ON SCHEMA {SCHEMA} TO {to}",
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO {to}",
                f"REVOKE INSERT, UPDATE, DELETE ON {SCHEMA}.dbos_migrations FROM {to}",
                f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {SCHEMA} TO {to}",
                f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {SCHEMA} TO {to}",
            ):
                connection.exec_driver_sql(statement)
    finally:
        engine.dispose()
