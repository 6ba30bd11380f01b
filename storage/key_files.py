"""Key files: 32 random bytes as base64, or a line of text, readable by their owner only."""

import base64
import binascii
import os
import secrets
import stat
from pathlib import Path

from connection.errors import NotReady

KEY_BYTES = 32
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


def new_key_bytes() -> bytes:
    """From the system's source of randomness."""
    return secrets.token_bytes(KEY_BYTES)


def create_key_file(path: Path) -> bytes:
    """Never overwrites: raises `FileExistsError`. On disk when it returns."""
    key = new_key_bytes()
    write_key_file(path, base64.b64encode(key).decode("ascii"))
    return key


def write_key_file(path: Path, text: str) -> None:
    """Whole or not at all, whenever the process is killed; on disk when it returns.

    Never overwrites: raises `FileExistsError`.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    refuse_open_folder(path.parent)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        file = os.open(draft, _NEW_FILE, 0o600)
        try:
            _give_to_owner(file, path.parent)
            os.write(file, f"{text}\n".encode("ascii"))
            os.fsync(file)
        finally:
            os.close(file)
        _put_in_place(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _give_to_owner(file: int, folder: Path) -> None:
    """A key that root makes is for the user who runs the bot: without it the bot opens nothing."""
    owner = folder.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        os.fchown(file, owner.st_uid, owner.st_gid)


def _put_in_place(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        raise
    except OSError:  # a network share without hard links: claim the name first
        os.close(os.open(path, _NEW_FILE, 0o600))
        draft.replace(path)


def read_key_file(path: Path) -> bytes:
    """Raises what `read_key_text` does, and `NotReady` for what is no key."""
    return decode_key(read_key_text(path), path.name)


def read_key_text(path: Path) -> str:
    """Raises `NotReady` for a file or a folder that others may read, and `FileNotFoundError`."""
    refuse_open_folder(path.parent)
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise NotReady(
            f"The key file {path.name} may be read by others (mode {mode:04o}).",
            f"Run chmod 600 {path}, and replace the key if somebody may have read it.",
        )
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except PermissionError as error:
        raise NotReady(
            f"The key file {path.name} belongs to somebody else.",
            "Run d365bot as the user who owns the key folder.",
        ) from error
    except IsADirectoryError as error:
        raise NotReady(
            f"{path} is a folder, where a key file is needed.",
            "Put back the right key from your backup.",
        ) from error


def refuse_open_folder(folder: Path) -> None:
    """Raises `NotReady` for a key folder that others may enter or read."""
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & 0o077:
        raise NotReady(
            f"The key folder {folder} is open to others (mode {mode:04o}).",
            f"Run chmod 700 {folder}, and replace its keys if somebody may have read them.",
        )


def decode_key(text: str, name: str) -> bytes:
    """Raises `NotReady`, which names the key and never shows it."""
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise NotReady(
            f"{name} is not a key: 32 bytes in base64 are needed.",
            "Put back the right key from your backup.",
        )
    return key


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
