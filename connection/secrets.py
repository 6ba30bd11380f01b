"""What may be said of a secret without opening it."""

from dataclasses import dataclass
from datetime import datetime

from connection.identities import SecretRef
from connection.people import Person


@dataclass(frozen=True, slots=True)
class SecretFacts:
    """`fingerprint_end` is the last four characters of a keyed fingerprint, not of the secret.

    `expires_at` is what was said when it was given, or the certificate's end; `public_part` is
    the public half of a certificate in PEM form.
    """

    ref: SecretRef
    fingerprint_end: str
    set_by: Person
    set_at: datetime
    expires_at: datetime | None = None
    public_part: str = ""


@dataclass(frozen=True, slots=True)
class Certificate:
    """The public half of a certificate: PEM, its end, and its thumbprints in hexadecimal."""

    pem: str
    expires_at: datetime
    sha1: str
    sha256: str


@dataclass(frozen=True, slots=True)
class EncryptionState:
    """Which keys there are. `numbers` are newest first; `where` names the folder or setting;
    `fixed` says that the keys come from the environment, so that none can be made here."""

    numbers: tuple[int, ...]
    where: str
    fixed: bool
