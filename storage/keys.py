"""Numbered encryption keys: from the operator's text, or from files in the key folder."""

import hmac
import re
import threading
from dataclasses import dataclass, field
from pathlib import Path

from connection.errors import EncryptionOff, NotReady
from storage.key_files import create_key_file, decode_key, read_key_text, write_key_file
from storage.wrapped_keys import KeyNotLoaded, KeyWrapping, unwrapped, wrapped_key

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
    """Every key this process can find. Keys made later by another process are found as well.

    Those that a key vault wrapped are unwrapped by `load`, which may take long; everything else
    is quick enough for a ledger's closure, and raises `KeyNotLoaded` for what was not loaded.
    """

    def __init__(self, key_dir: Path, text: str = "", wrapping: KeyWrapping | None = None) -> None:
        """`text` is `2:base64,1:base64`, newest first; files are looked at only without it."""
        self._folder = key_dir
        self._wrapping = wrapping
        self._fixed = bool(text.strip())
        self._known = _parse(text) if self._fixed else {}
        self._loading = threading.Lock()
        self._failed: dict[int, NotReady] = {}

    @property
    def folder(self) -> Path | None:
        """Where new keys are made; None while all keys come from the settings."""
        return None if self._fixed else self._folder

    @property
    def where(self) -> str:
        """Where they are looked for."""
        return "D365BOT_ENCRYPTION_KEYS" if self._fixed else str(self._folder)

    def exist(self) -> bool:
        """Whether anything can be sealed."""
        return bool(self.numbers())

    def numbers(self) -> list[int]:
        """Those that are there, newest first."""
        return list(self._known) if self._fixed else key_numbers(self._folder)

    def load(self) -> None:
        """Unwrap what a key vault wrapped, once a process; never inside a ledger's closure.

        What cannot be unwrapped is told when it is asked for.
        """
        with self._loading:
            for number in self.numbers():
                try:
                    self.numbered(number)
                except KeyNotLoaded:
                    self._unwrap(number)
                except NotReady:
                    continue

    def check(self) -> None:
        """Raises `NotReady` for a key that cannot be used, though it may not be needed yet.

        No key vault is asked.
        """
        for number in self.numbers():
            try:
                self.numbered(number)
            except KeyNotLoaded:
                continue

    def require_all(self) -> None:
        """Raises `NotReady` for a key that cannot be used, or could not be unwrapped."""
        for number in self.numbers():
            self.numbered(number)

    def newest(self) -> EncryptionKey:
        """The one to seal with. Raises `EncryptionOff` when there is none."""
        numbers = self.numbers()
        if not numbers:
            raise EncryptionOff(
                "No encryption key exists, so no secret can be stored.",
                "On the bot's machine run d365bot keys new.",
            )
        return self.numbered(numbers[0])

    def numbered(self, number: int) -> EncryptionKey:
        """Raises `NotReady` when it is nowhere."""
        if number not in self._known:
            self._known[number] = EncryptionKey(number, self._plain(number))
        return self._known[number]

    def _plain(self, number: int) -> bytes:
        path = key_path(self._folder, number)
        text = self._text(number)
        if wrapped_key(text, path.name) is None:
            return decode_key(text, path.name)
        failed = self._failed.get(number)
        if failed is None:
            raise KeyNotLoaded(
                f"Encryption key {number} was not unwrapped by Key Vault yet.",
                "Try again in a minute.",
            )
        raise KeyNotLoaded(
            f"Encryption key {number} could not be unwrapped. {failed.message}", failed.hint
        ) from failed

    def _unwrap(self, number: int) -> None:
        wrapped = wrapped_key(self._text(number), key_path(self._folder, number).name)
        if wrapped is None:
            return
        try:
            value = unwrapped(self._wrapping, wrapped)
        except NotReady as error:
            self._failed[number] = error
            return
        self._failed.pop(number, None)
        self._known[number] = EncryptionKey(number, value)

    def _text(self, number: int) -> str:
        if not self._fixed:
            try:
                return read_key_text(key_path(self._folder, number))
            except FileNotFoundError:
                pass
        raise NotReady(
            f"Encryption key {number} is not in {self.where}.", "Put it back from your backup."
        )


def key_path(key_dir: Path, number: int) -> Path:
    """Where a key's file lies."""
    return key_dir / f"encryption-{number}.key"


def key_numbers(key_dir: Path) -> list[int]:
    """The numbers of the key files, newest first."""
    if not key_dir.is_dir():
        return []
    found = (_FILE.fullmatch(path.name) for path in key_dir.iterdir())
    return sorted((int(match[1]) for match in found if match), reverse=True)


def new_key(key_dir: Path, text: str = "", above: int = 0) -> int:
    """Make the next key file, with this text if it is wrapped; its number, greater than `above`,
    so that a key whose file is missing never gets another one under its number."""
    while True:
        number = max(next(iter(key_numbers(key_dir)), 0), above) + 1
        path = key_path(key_dir, number)
        try:
            if text:
                write_key_file(path, text)
            else:
                create_key_file(path)
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
