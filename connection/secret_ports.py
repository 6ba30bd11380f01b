"""The ports for secrets: kept, held, sealed, made, and taken by one-time addresses."""

from datetime import datetime
from typing import Protocol

from connection.identities import SecretOrigin, SecretRef
from connection.secrets import Certificate, EncryptionState


class Vault(Protocol):
    """Opens stored secrets, for the adapters that send them."""

    async def open(self, ref: SecretRef, origin: SecretOrigin) -> str:
        """Raises `SecretMissing` if it is gone, `SealBroken` if it was not given for `origin`."""
        ...


class Hold(Protocol):
    """Secrets that are not stored: in this process's memory, until their time is over."""

    def hold(self, ref: SecretRef, value: str, until: datetime) -> str:
        """The end of its fingerprint."""
        ...

    def value(self, secret_id: str) -> str | None:
        """None once it is gone, as after a restart."""
        ...

    def drop(self, secret_id: str) -> None:
        """Forget it; harmless if it is gone."""
        ...


class Encryption(Protocol):
    """The keys that secrets are sealed with."""

    def on(self) -> bool:
        """Whether a key exists, so that secrets can be stored."""
        ...

    def state(self) -> EncryptionState: ...

    async def turn_on(self) -> int | None:
        """Make the first key; its number, or None if there was one. Raises `NotReady`."""
        ...


class Certificates(Protocol):
    """Certificates for signing in to Entra ID."""

    async def make(self, common_name: str, days: int, now: datetime) -> tuple[str, Certificate]:
        """A new key and its self-signed certificate: both in PEM form, and the public half."""
        ...

    def read(self, pem: str) -> Certificate:
        """The public half of a key and certificate in PEM form.

        Raises `Mistake` if they do not belong together or cannot be used with Entra ID.
        """
        ...

    def described(self, pem: str) -> Certificate:
        """A public half that was read before."""
        ...


class Links(Protocol):
    """One-time addresses. The token is derived from the handover's id and is stored nowhere."""

    def address_of(self, handover_id: str) -> str:
        """The https address of its form; '' where the operator gave no public https address."""
        ...

    def handover_of(self, token: str) -> str:
        """The id of the handover; '' for a token that was never issued."""
        ...

    def form_key(self, token: str) -> str:
        """What a sent form has to bring along: it was read from that address before."""
        ...
