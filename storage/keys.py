"""Numbered encryption keys: from the operator's text, or from files in the key folder."""

import hmac
import re
from dataclasses import dataclass, field
from pathlib import Path

from connection.errors import EncryptionOff, NotReady
from storage.key_files import create_key_file, decode_key, read_key_file

_FILE = re.compile(r"encryption-([1-9][0-9]{0,8})\.key")
_ENTRY = re.compile(r"([1-9][0-9]{0,8}):(\S+)")


@dataclass(frozen=True, slots=True)
class EncryptionKey:
    """A key that wraps the keys of secrets."""

    number: int
    value: bytes = field(repr=False)

    def check_value(self) -> str:
        """Stored beside what it wraps, so that a wrong key is told apart from a changed row."""
        return hmac.digest(self.value, b"d365bot key check\x01", "sha256").hex()[:16]


class EncryptionKeys:
    """Every key this process can find. Keys made later by another process are found as well."""

    def __init__(self, key_dir: Path, text: str = "") -> None:
        """`text` is `2:base64,1:base64`, newest first; files are looked at only without it."""
        self._folder = key_dir
        self._fixed = bool(text.strip())
        self._known = _parse(text) if self._fixed else {}

    def exist(self) -> bool:
        """Whether anything can be sealed."""
        return bool(self._known) or bool(self._numbers())

    def check(self) -> None:
        """Raises `NotReady` for a key that cannot be used, though it may not be needed yet."""
        for number in self._numbers():
            self.numbered(number)

    def newest(self) -> EncryptionKey:
        """The one to seal with. Raises `EncryptionOff` when there is none."""
        numbers = list(self._known) if self._fixed else self._numbers()
        if not numbers:
            raise EncryptionOff(
                "No encryption key exists, so no secret can be stored.",
                "On the bot's machine run d365bot keys new.",
            )
        return self.numbered(numbers[0])

    def numbered(self, number: int) -> EncryptionKey:
        """Raises `NotReady` when it is nowhere."""
        if number not in self._known:
            self._known[number] = EncryptionKey(number, self._read(number))
        return self._known[number]

    def _read(self, number: int) -> bytes:
        if not self._fixed:
            try:
                return read_key_file(key_path(self._folder, number))
            except FileNotFoundError:
                pass
        where = "D365BOT_ENCRYPTION_KEYS" if self._fixed else str(self._folder)
        raise NotReady(
            f"Encryption key {number} is not in {where}.", "Put it back from your backup."
        )

    def _numbers(self) -> list[int]:
        return [] if self._fixed else key_numbers(self._folder)


def key_path(key_dir: Path, number: int) -> Path:
    """Where a key's file lies."""
    return key_dir / f"encryption-{number}.key"


def key_numbers(key_dir: Path) -> list[int]:
    """The numbers of the key files, newest first."""
    if not key_dir.is_dir():
        return []
    found = (_FILE.fullmatch(path.name) for path in key_dir.iterdir())
    return sorted((int(match[1]) for match in found if match), reverse=True)


def new_key(key_dir: Path) -> int:
    """Make the next key file; its number."""
    while True:
        number = next(iter(key_numbers(key_dir)), 0) + 1
        try:
            create_key_file(key_path(key_dir, number))
        except FileExistsError:
            continue
        return number


def _parse(text: str) -> dict[int, EncryptionKey]:
    keys: dict[int, EncryptionKey] = {}
    for position, entry in enumerate(text.split(","), start=1):
        match = _ENTRY.fullmatch(entry.strip())
        if match is None or int(match[1]) in keys:
            raise NotReady(
                f"Entry {position} of D365BOT_ENCRYPTION_KEYS is not a key with its own number.",
                "Write number:base64, newest first, with commas between.",
            )
        name = f"Key {match[1]} of D365BOT_ENCRYPTION_KEYS"
        keys[int(match[1])] = EncryptionKey(int(match[1]), decode_key(match[2], name))
    return keys
