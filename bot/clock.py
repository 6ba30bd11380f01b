"""The port `Clock`: the machine's time."""

from datetime import UTC, datetime


class SystemClock:
    """Aware, in UTC."""

    def now(self) -> datetime:
        """Now."""
        return datetime.now(UTC)
