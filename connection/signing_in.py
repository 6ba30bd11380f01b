"""An administrator's sign-in with a device code: what is kept of it, and never code or token."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from connection.asks import Place
from connection.people import Person


class SignInState(StrEnum):
    """WAITING: nobody has entered the code. ASKED: another domain than the integration user's,
    and nobody has said that this is right. SIGNED_IN: the token is held in memory."""

    WAITING = "waiting"
    ASKED = "asked"
    SIGNED_IN = "signed in"
    SIGNED_OUT = "signed out"
    CANCELLED = "cancelled"
    FAILED = "failed"
    CUT_OFF = "cut off"


OPEN = (SignInState.WAITING, SignInState.ASKED, SignInState.SIGNED_IN)


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in of one person for one connection. `ends_at` is the end of the code, then of
    the token; `account` the user name that signed in, `detail` what was found or went wrong."""

    id: str
    workspace: str
    connection_id: str
    person: Person
    place: Place
    state: SignInState
    started_at: datetime
    ends_at: datetime
    account: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What the person is shown: where to go, and what to enter there."""

    code: str = field(repr=False)
    address: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class SignedInAs:
    """Who signed in; the token itself never leaves the adapter."""

    account: str
    expires_at: datetime


def of_different_domains(administrator: str, integration_user: str) -> bool:
    """Business Central's question (wizard 1817): both after the @, compared without case.

    Names without a domain are not compared.
    """
    one, other = (_domain(name) for name in (administrator, integration_user))
    return bool(one and other and one != other)


def _domain(name: str) -> str:
    _, at, domain = name.strip().rpartition("@")
    return domain.lower() if at else ""
