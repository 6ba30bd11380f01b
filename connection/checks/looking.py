"""What a check is given and what it gives back."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from connection.identities import Access, Identity
from connection.ports import BusinessCentral, Sales
from connection.remote import Organisation
from connection.report import Outcome
from connection.setup import ConnectionSetup


@dataclass(slots=True)
class Findings:
    """What earlier checks of the same test found, for later ones."""

    organisation: Organisation | None = None
    general_ledger_service: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """Everything a check may use. `access` carries the check's own correlation id."""

    setup: ConnectionSetup
    access: Access
    sales: Sales
    business_central: BusinessCentral
    findings: Findings
    now: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """What a check came to: a sentence for people, and what to do about it."""

    outcome: Outcome
    sentence: str
    remedy: str = ""


def passed(sentence: str) -> Found:
    """Nothing to do."""
    return Found(Outcome.PASS, sentence)


def warned(sentence: str, remedy: str) -> Found:
    """It works, and somebody should look at it."""
    return Found(Outcome.WARN, sentence, remedy)


def failed(sentence: str, remedy: str) -> Found:
    """It does not work, and this would mend it."""
    return Found(Outcome.FAIL, sentence, remedy)


def skipped(because: str, remedy: str = "") -> Found:
    """It was not tested; `because` completes "Skipped because"."""
    return Found(Outcome.SKIPPED, because, remedy)


@dataclass(frozen=True, slots=True)
class Check:
    """A row of `CHECKS`. It runs only if every check named in `needs` passed or warned."""

    id: str
    title: str
    identity: Identity
    needs: tuple[str, ...]
    look: Callable[[Look], Awaitable[Found]] = field(repr=False)
