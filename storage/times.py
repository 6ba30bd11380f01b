"""Times in the database: ISO-8601 text in UTC with microseconds, aware datetimes outside it."""

from datetime import UTC, datetime

from sqlalchemy import Dialect
from sqlalchemy.types import TypeDecorator

from storage.kinds import ByteText


def utc_text(moment: datetime) -> str:
    """Such as 2026-11-23T09:30:00.000000Z, so that text order is time order."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


class UtcText(TypeDecorator[datetime]):
    """A column of such times."""

    impl = ByteText
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> str | None:
        """From an aware datetime."""
        return None if value is None else utc_text(value)

    def process_result_value(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> datetime | None:
        """To an aware datetime."""
        return None if value is None else datetime.fromisoformat(value)
