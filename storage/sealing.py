"""Sealing secrets: AES-256-GCM with a key of their own, which is wrapped by a numbered key.

What is sealed opens only in its place: workspace, connection, field and secret id, and the origin
that it was given for, are associated data of both layers. The key number belongs to the outer
layer alone, so that keys can be rotated without touching what they seal.
"""

import hmac
import os
from dataclasses import dataclass, field
from json.encoder import encode_basestring_ascii

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from connection.errors import SealBroken
from connection.identities import SecretRef
from storage.keys import EncryptionKey

FORMAT = 1
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is stored of a secret. Both byte strings begin with their nonce."""

    format: int
    key_number: int
    wrapped_key: bytes = field(repr=False)
    body: bytes = field(repr=False)


def seal(key: EncryptionKey, ref: SecretRef, value: str) -> Sealed:
    """Seal a value to its place and origin."""
    own = AESGCM.generate_key(256)
    return Sealed(
        format=FORMAT,
        key_number=key.number,
        wrapped_key=_encrypt(key.value, own, _wrapping(FORMAT, key.number, ref)),
        body=_encrypt(own, value.encode("utf-8", "surrogatepass"), _sealing(FORMAT, ref)),
    )


def unseal(key: EncryptionKey, sealed: Sealed, ref: SecretRef) -> str:
    """Raises `SealBroken` if anything differs from what was sealed."""
    try:
        own = _unwrap(key, sealed, ref)
        value = _decrypt(own, sealed.body, _sealing(sealed.format, ref))
    except (InvalidTag, ValueError) as error:
        raise _broken(ref) from error
    return value.decode("utf-8", "surrogatepass")


def rewrap(old: EncryptionKey, new: EncryptionKey, sealed: Sealed, ref: SecretRef) -> Sealed:
    """The same secret under another numbered key: its data key is wrapped anew, its body stays.

    Raises `SealBroken` if what wraps the data key differs from what was sealed.
    """
    try:
        own = _unwrap(old, sealed, ref)
    except (InvalidTag, ValueError) as error:
        raise _broken(ref) from error
    wrapped = _encrypt(new.value, own, _wrapping(sealed.format, new.number, ref))
    return Sealed(sealed.format, new.number, wrapped, sealed.body)


def fingerprint_end(key: bytes, value: str) -> str:
    """The last four characters of the keyed fingerprint: enough to see that a value changed."""
    return hmac.digest(key, value.encode("utf-8", "surrogatepass"), "sha256").hex()[-4:]


def _unwrap(key: EncryptionKey, sealed: Sealed, ref: SecretRef) -> bytes:
    associated = _wrapping(sealed.format, sealed.key_number, ref)
    return _decrypt(key.value, sealed.wrapped_key, associated)


def _broken(ref: SecretRef) -> SealBroken:
    return SealBroken(
        f"The stored {ref.field.replace('_', ' ')} does not open here: it was given for "
        "another place, or its row was changed.",
        "Give it again with /d365 secret.",
    )


def _wrapping(version: int, number: int, ref: SecretRef) -> bytes:
    return _associated("key", version, str(number), ref)


def _sealing(version: int, ref: SecretRef) -> bytes:
    return _associated("secret", version, "", ref)


def _associated(layer: str, version: int, number: str, ref: SecretRef) -> bytes:
    """What `json.dumps` makes of them, at a fourth of its time."""
    origin = ref.origin
    place = (ref.workspace, ref.connection_id, ref.field, ref.id)
    given_for = (origin.host, origin.tenant, origin.kind, origin.login)
    words = ", ".join(map(encode_basestring_ascii, (number, *place, *given_for)))
    return f'["d365bot", "{layer}", {version}, {words}]'.encode("ascii")


def _encrypt(key: bytes, value: bytes, associated: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, value, associated)


def _decrypt(key: bytes, stored: bytes, associated: bytes) -> bytes:
    return AESGCM(key).decrypt(stored[:_NONCE_BYTES], stored[_NONCE_BYTES:], associated)
