"""Creating and upgrading what the bot keeps: tables, engine, rights of its role, audit.key."""

import logging

from bot.clock import SystemClock
from bot.settings import Settings
from connection.errors import NotReady
from storage.address import is_file, place, server_address
from storage.migrating import is_current, migrate
from storage.roles import owns_tables, role_of

log = logging.getLogger(__name__)


def migrate_all(settings: Settings) -> None:
    """May run beside a running bot, and as often as one likes. Raises `NotReady`."""
    now = SystemClock().now()
    if is_file(settings.database_url):
        migrate(settings.database_url, settings.d365bot_key_dir, now)
        return
    from workflows.engine_schema import migrate_engine

    owner = settings.d365bot_migration_database_url or settings.database_url
    role = role_of(settings.database_url)
    other = role if role != role_of(owner) else ""
    migrate(owner, settings.d365bot_key_dir, now, other)
    migrate_engine(server_address(owner).render_as_string(hide_password=False), other)
    if not is_current(settings.database_url):
        raise NotReady(
            f"D365BOT_MIGRATION_DATABASE_URL leads to {place(owner)}, and D365BOT_DATABASE_URL to "
            f"{place(settings.database_url)}.",
            "Let both lead to one database.",
        )


def one_role_for_all(settings: Settings) -> str:
    """A warning where the bot's own role owns the tables, '' where it does not."""
    if is_file(settings.database_url) or not owns_tables(settings.database_url):
        return ""
    return (
        f"The role {role_of(settings.database_url)} of D365BOT_DATABASE_URL owns the tables: "
        "whoever has it can switch off what keeps the record append-only. Better is a role of its "
        "own that D365BOT_MIGRATION_DATABASE_URL names, for d365bot migrate alone; "
        "docs/settings.md has the SQL."
    )


def tell_of_roles(settings: Settings) -> None:
    """For the log of a running bot."""
    if warning := one_role_for_all(settings):
        log.warning(warning)
