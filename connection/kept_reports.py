"""The part of the database that keeps what tests found."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from connection.exchanges import Exchange
from connection.report import Report


class ReadsReports(Protocol):
    """Part of `Reading`."""

    def report(self, report_id: str) -> Report | None:
        """The finished report, or the progress of a running one."""
        ...

    def last_report(self, connection_id: str) -> Report | None:
        """The newest finished one."""
        ...

    def reports(self, connection_id: str, limit: int) -> Sequence[Report]:
        """Finished ones, the newest first."""
        ...

    def last_report_that_worked(self, connection_id: str, before: datetime) -> Report | None:
        """The newest one that finished before then and in which nothing failed."""
        ...

    def count_reports(self, connection_id: str) -> int: ...

    def exchanges(self, report_id: str) -> Mapping[str, Sequence[Exchange]]:
        """By check; of checks that called nobody, and of old reports, there are none."""
        ...


class KeepsReports(Protocol):
    """Part of `Transaction`."""

    def keep_progress(self, report: Report) -> None:
        """Insert or replace the progress of a running test."""
        ...

    def keep_report(self, report: Report) -> None:
        """Append a finished report and drop its progress; the same id twice is harmless."""
        ...

    def keep_exchanges(
        self, report_id: str, check: str, exchanges: Sequence[Exchange], at: datetime
    ) -> None:
        """Insert or replace, for a while: see `forget`."""
        ...
