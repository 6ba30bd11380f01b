"""The result of testing a connection: one outcome a check, and what they add up to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from connection.identities import Identity
from connection.people import Person


class Outcome(StrEnum):
    """What a check came to. WAITING and RUNNING occur only while a test runs.

    UNTESTED is a choice of the administrator, such as a secret that the bot does not hold; SKIPPED
    follows from another check.
    """

    PASS = "pass"  # noqa: S105 - an outcome, not a secret
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"
    UNTESTED = "untested"
    WAITING = "waiting"
    RUNNING = "running"


class Topic(StrEnum):
    """What a check is about, as a heading. Reports from before there were topics have NONE."""

    NONE = ""
    WAY = "The way there"
    SALES = "Sales"
    INTEGRATION_USER = "Integration user"
    BUSINESS_CENTRAL = "Business Central"
    SLACK = "Slack"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check. `ms` is milliseconds; `correlation` was sent with every request of the check,
    `reference` is the remote service's own request id where it refused.

    `sentence` says what was found, or, for SKIPPED, because of what; `remedy` what to do. `private`
    is for the one who asked alone: whose account it was, and the service's own words.
    """

    check: str
    title: str
    identity: Identity
    outcome: Outcome
    sentence: str = ""
    remedy: str = ""
    ms: int = 0
    correlation: str = ""
    reference: str = ""
    private: str = ""
    topic: Topic = Topic.NONE


@dataclass(frozen=True, slots=True)
class Report:
    """A test of one revision of a connection's setup. `finished_at` is None while it runs."""

    id: str
    workspace: str
    connection_id: str
    name: str
    revision: int
    asked_by: Person
    started_at: datetime
    finished_at: datetime | None
    results: tuple[CheckResult, ...]

    @property
    def outcome(self) -> Outcome:
        """The worst result; RUNNING while the test runs. What was not tested fails no test."""
        if self.finished_at is None:
            return Outcome.RUNNING
        found = {result.outcome for result in self.results}
        return next((o for o in (Outcome.FAIL, Outcome.WARN) if o in found), Outcome.PASS)
