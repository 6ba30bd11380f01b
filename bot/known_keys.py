"""At the start of the bot: every key is usable, and missing ones are told in the log."""

import logging

from storage.database import Database

log = logging.getLogger(__name__)


async def check_keys(database: Database) -> None:
    """Raises `NotReady` for a key that cannot be used or is not the one of its number."""
    missing = await database.remember_keys()
    if missing:
        told = ", ".join(
            f"{count} with encryption key {number}" for number, count in missing.items()
        )
        log.warning(
            "Stored secrets do not open until their keys are put back from your backup: "
            "%s; looked for in %s",
            told,
            database.keys.where,
        )
