"""The part of the database that keeps requests, decisions and policies.

A decision is added for good. Requests and policies are working tables: every change of theirs has
its row in the record.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from connection.changes.request import Decision, Policy, Request


class ReadsRequests(Protocol):
    """Part of `Reading`."""

    def request(self, request_id: str) -> Request | None: ...

    def request_numbered(self, workspace: str, number: int) -> Request | None:
        """The number counts within a workspace."""
        ...

    def open_request(self, connection_id: str) -> Request | None:
        """The one that keeps others from being made."""
        ...

    def requests(self, workspace: str, limit: int) -> Sequence[Request]:
        """The newest first."""
        ...

    def due_requests(self, now: datetime) -> Sequence[Request]:
        """Pending ones whose time is over, or of which somebody is to be reminded."""
        ...

    def decisions(self, request_id: str) -> Sequence[Decision]:
        """The oldest first."""
        ...

    def policy(self, connection_id: str) -> Policy:
        """The default one where none was set."""
        ...


class KeepsRequests(Protocol):
    """Part of `Transaction`."""

    def keep_request(self, request: Request) -> None:
        """Insert or replace."""
        ...

    def next_request(self, workspace: str) -> int:
        """The number of the next one; no number comes twice."""
        ...

    def add_decision(self, decision: Decision) -> bool:
        """False, and nothing added, if the person said the same already."""
        ...

    def keep_policy(self, connection_id: str, policy: Policy) -> None:
        """Insert or replace."""
        ...
