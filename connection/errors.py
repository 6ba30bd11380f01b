"""Everything that can go wrong, in the words of the person who reads it.

AdminError                     message: what happened; hint: what to do next
├── Mistake                    something that was typed; nothing was changed
│   ├── UnknownConnection
│   ├── UnknownWord
│   ├── UnknownLink            a one-time address that was never issued
│   ├── PastedSecret           a secret stood where none may stand
│   └── WrongFields            field name → sentence, for the fields of a form
├── TooMuch                    one person sent more than their share
├── NotAllowed                 the person's roles do not cover the act
├── NotReady                   something has to be set up first
│   ├── EncryptionOff          no encryption key exists, so no secret is stored
│   └── SecretMissing          the bot does not hold this secret
├── DirectoryAway              Slack does not tell who somebody is
├── SealBroken                 a stored secret does not open
├── ChainBroken                the audit chain does not verify
└── RemoteFault                Microsoft refused, or was not there
    ├── HostNotAllowed         the host, or the address behind it, may not be called
    ├── Unreachable            no connection: name, route, refused, cut
    │   ├── NameUnknown        DNS does not know the host
    │   ├── TlsFailed          the certificate does not hold
    │   ├── ProxyRefused       the proxy did not let the call through
    │   └── TimedOut           no answer in time
    ├── SignInFailed           Entra ID refused (AADSTS number)
    ├── Unauthorised           401: the token was not accepted
    ├── Forbidden              403
    │   ├── PrivilegeMissing   which privilege
    │   ├── NotInOrganisation  no application user for this identity
    │   └── CallerDisabled     the identity's user is disabled
    ├── NotFound               404
    ├── Changed                409 or 412: somebody else changed the record
    ├── Throttled              429: after how many seconds to come back
    ├── ServerDown             5xx
    ├── RequestRefused         any other 4xx
    └── Unintelligible         HTML, garbage, or more than the bot reads
"""

from collections.abc import Mapping
from typing import Self


class AdminError(Exception):
    """`message` says what happened, `hint` what to do next; both are shown in Slack."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Mistake(AdminError):
    """What was typed cannot be done as it stands."""


class UnknownConnection(Mistake):
    """No connection of that name in this workspace, or none at all."""


class UnknownWord(Mistake):
    """`/d365 <word>` names no command."""


class UnknownLink(Mistake):
    """No handover stands behind a one-time address."""


class PastedSecret(Mistake):
    """A secret stood in a place that people can read. Never carries the text itself."""


class WrongFields(Mistake):
    """`fields` maps setup field names to the sentence that stands at the field."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("Some fields need another look.", "Correct the marked fields.")
        self.fields = dict(fields)


class TooMuch(AdminError):
    """One person sent more than their share; nothing was stored.

    `first` of a flood is remembered; `tell` says that the person was not told just now.
    """

    def __init__(self, message: str, hint: str, *, first: bool, tell: bool) -> None:
        super().__init__(message, hint)
        self.first = first
        self.tell = tell


class NotAllowed(AdminError):
    """The person's roles do not cover the act."""


class NotReady(AdminError):
    """Something has to be set up before this can be done."""


class EncryptionOff(NotReady):
    """No encryption key exists, so no secret can be stored."""


class SecretMissing(NotReady):
    """The bot does not hold the secret that this act needs."""


class DirectoryAway(AdminError):
    """Slack did not tell who somebody is, or what a channel is; nothing was done.

    `retry_after` is in seconds; 0 where Slack named no time. `passes` is false where asking again
    changes nothing, as without a scope.
    """

    def __init__(
        self, message: str, hint: str = "", *, retry_after: float = 0.0, passes: bool = True
    ) -> None:
        super().__init__(message, hint)
        self.retry_after = retry_after
        self.passes = passes


class SealBroken(AdminError):
    """A stored secret does not open: wrong key, or moved from the place it was given for."""


class ChainBroken(AdminError):
    """The audit chain does not verify; `row` is the first bad one."""

    def __init__(self, row: int, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.row = row


class RemoteFault(AdminError):
    """A call to Microsoft did not succeed.

    `status` is the HTTP status (0 where no answer came), `code` the service's own code,
    `reference` the service's request id, for a support case, `quoted` its own words where the
    message ends with them.
    """

    def __init__(
        self, message: str, hint: str = "", *, status: int = 0, code: str = "", reference: str = ""
    ) -> None:
        super().__init__(message, hint)
        self.status = status
        self.code = code
        self.reference = reference
        self.quoted = ""

    def quoting(self, said: str) -> Self:
        """The same fault; `said` are the service's own words, at the end of the message."""
        self.quoted = said
        return self

    @property
    def unquoted(self) -> str:
        """The message without the service's own words, which may name people."""
        if not self.quoted:
            return self.message
        ours, found, _ = self.message.rpartition(self.quoted)
        return f"{ours.rstrip().removesuffix(':')}." if found else self.message


class HostNotAllowed(RemoteFault):
    """The host is not one of Microsoft's, or leads to an address inside this network."""


class Unreachable(RemoteFault):
    """No connection could be made, or it was cut."""


class NameUnknown(Unreachable):
    """DNS does not know the host."""


class TlsFailed(Unreachable):
    """The server's certificate does not hold."""


class ProxyRefused(Unreachable):
    """The HTTPS proxy did not let the call through."""


class TimedOut(Unreachable):
    """No answer within the time limit."""


class SignInFailed(RemoteFault):
    """Entra ID refused to issue a token; `code` is the AADSTS number, or OAuth's error word."""


class Unauthorised(RemoteFault):
    """The service did not accept the token."""


class Forbidden(RemoteFault):
    """The service knows the caller and refuses the act."""


class PrivilegeMissing(Forbidden):
    """A privilege is missing; `privilege` names it, such as prvReadUser."""

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        privilege: str = "",
        status: int = 403,
        code: str = "",
        reference: str = "",
    ) -> None:
        super().__init__(message, hint, status=status, code=code, reference=reference)
        self.privilege = privilege


class NotInOrganisation(Forbidden):
    """The identity has no user, or application user, in the Sales organisation."""


class CallerDisabled(Forbidden):
    """The identity's user is disabled."""


class NotFound(RemoteFault):
    """The address, record, company or service does not exist."""


class Changed(RemoteFault):
    """Somebody else changed the record in between."""


class Throttled(RemoteFault):
    """Too many calls; `retry_after` is in seconds."""

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        retry_after: float,
        status: int = 429,
        code: str = "",
        reference: str = "",
    ) -> None:
        super().__init__(message, hint, status=status, code=code, reference=reference)
        self.retry_after = retry_after


class ServerDown(RemoteFault):
    """The service answered with a 5xx status."""


class RequestRefused(RemoteFault):
    """Any other 4xx answer."""


class Unintelligible(RemoteFault):
    """The answer was not what the service's documentation promises."""
