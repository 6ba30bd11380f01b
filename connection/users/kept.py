"""The part of the database that keeps checks of users.

The finished check is added for good and names nobody. Pages and lists are working tables.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from connection.users.check import SpooledPage, UserCheck, UserList
from connection.users.findings import Side


class ReadsUserChecks(Protocol):
    """Part of `Reading`."""

    def user_check(self, check_id: str) -> UserCheck | None:
        """The finished one, or the progress of a running one."""
        ...

    def last_user_check(self, connection_id: str) -> UserCheck | None:
        """The newest finished one."""
        ...

    def user_pages(self, check_id: str, side: Side) -> Sequence[SpooledPage]:
        """In the order in which they were read."""
        ...

    def user_list(self, check_id: str) -> UserList | None: ...


class KeepsUserChecks(Protocol):
    """Part of `Transaction`."""

    def keep_user_progress(self, check: UserCheck) -> None:
        """Insert or replace the progress of a running check."""
        ...

    def keep_user_check(self, check: UserCheck) -> None:
        """Append a finished one and drop its progress; the same id twice is harmless."""
        ...

    def keep_user_page(self, check_id: str, side: Side, page: SpooledPage, at: datetime) -> None:
        """Insert or replace."""
        ...

    def drop_user_pages(self, check_id: str, side: Side | None = None) -> None:
        """Of one side, or of both."""
        ...

    def keep_user_list(self, found: UserList) -> None:
        """Insert or replace."""
        ...
