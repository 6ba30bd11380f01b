"""The key of the audit chain, and the subkeys that are derived from it."""

import hmac
from pathlib import Path

from connection.errors import NotReady
from storage.key_files import create_key_file, read_key_file

NAME = "audit.key"


def read_audit_key(key_dir: Path) -> bytes:
    """Raises `NotReady` if it is gone: a new one would make every row look changed."""
    try:
        return read_key_file(key_dir / NAME)
    except FileNotFoundError as error:
        raise NotReady(
            f"The audit key {key_dir / NAME} is missing, but the database has audit rows.",
            "Put back the file from your backup, or set D365BOT_KEY_DIR to its folder.",
        ) from error


def first_audit_key(key_dir: Path) -> tuple[bytes, bool]:
    """For a database without audit rows: the key, and whether it was made just now.

    A key that stands there was left by a migration that was cut off, or by an earlier database.
    """
    try:
        return create_key_file(key_dir / NAME), True
    except FileExistsError:
        return read_key_file(key_dir / NAME), False


def fingerprint_key(audit_key: bytes) -> bytes:
    """What secrets are fingerprinted with: HKDF-Expand (RFC 5869) of the audit key.

    The audit key is the one that always exists and that no rotation of encryption keys touches;
    without it nobody can try passwords against the fingerprints in the table.
    """
    return hmac.digest(audit_key, b"d365bot secret fingerprint\x01", "sha256")


def link_key(audit_key: bytes) -> bytes:
    """What one-time tokens are proved with, derived in the same way."""
    return hmac.digest(audit_key, b"d365bot one-time link\x01", "sha256")
