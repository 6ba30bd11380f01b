"""Keys that a key vault wrapped: their text in a key file, and the port to what wraps them."""

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import Protocol

from connection.errors import NotReady
from storage.key_files import KEY_BYTES, new_key_bytes

_LINE = re.compile(r"keyvault (https://\S{1,500}) ([A-Za-z0-9+/]+={0,2})")
_WORD = "keyvault"


class KeyWrapping(Protocol):
    """Wraps keys with one that never leaves its vault. May take seconds, and may be away.

    Raises `NotReady` with a remedy.
    """

    def wrap(self, key: bytes) -> tuple[str, bytes]:
        """The full id, with its version, of what wrapped it; and what came of it."""
        ...

    def unwrap(self, key_id: str, wrapped: bytes) -> bytes: ...


class KeyNotLoaded(NotReady):
    """A wrapped key was not unwrapped by this process yet: load the keys and try again."""


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """As it stands in a key file."""

    key_id: str
    wrapped: bytes = field(repr=False)

    def text(self) -> str:
        """One line."""
        return f"{_WORD} {self.key_id} {base64.b64encode(self.wrapped).decode('ascii')}"


def wrapped_key(text: str, name: str) -> WrappedKey | None:
    """None for a plain key. Raises `NotReady` for a line that begins like a wrapped one only."""
    if not text.startswith(_WORD):
        return None
    found = _LINE.fullmatch(text)
    try:
        return WrappedKey(found[1], base64.b64decode(found[2], validate=True)) if found else _no()
    except (binascii.Error, ValueError) as error:
        raise NotReady(
            f"{name} is not a key that Key Vault wrapped: keyvault, the key's address and base64 "
            "are needed.",
            "Put back the right key from your backup.",
        ) from error


def _no() -> WrappedKey:
    raise ValueError("the line has another form")


def new_wrapped_key(wrapping: KeyWrapping) -> str:
    """The text of a new key's file.

    It is unwrapped once before anything is sealed with it: whoever may only wrap would lose it.
    """
    key = new_key_bytes()
    made = WrappedKey(*wrapping.wrap(key))
    if wrapping.unwrap(made.key_id, made.wrapped) != key:
        raise NotReady(
            "Key Vault unwrapped another key than it had wrapped.", "Nothing was changed."
        )
    return made.text()


def unwrapped(wrapping: KeyWrapping | None, key: WrappedKey) -> bytes:
    """Raises `NotReady`."""
    if wrapping is None:
        raise NotReady("This process has no access to Key Vault.")
    value = wrapping.unwrap(key.key_id, key.wrapped)
    if len(value) != KEY_BYTES:
        raise NotReady(
            "What Key Vault unwrapped is not a key: 32 bytes are needed.",
            "Put back the right key file from your backup.",
        )
    return value
