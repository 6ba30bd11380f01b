"""`audit.head`: the newest row's number and hash, kept beside the key and apart from the database.

It shows that rows were cut off or that an older copy of the database was put back. It never goes
backwards, and it is left alone as evidence once the database does not contain its row.
"""

import fcntl
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from connection.audit import ChainHead

log = logging.getLogger(__name__)

NAME = "audit.head"


def parse_head(text: str) -> ChainHead:
    """From `N:HASH`. Raises `ValueError`."""
    number, _, mac = text.strip().partition(":")
    if not number.isdecimal() or len(mac) != 64 or set(mac) - set("0123456789abcdef"):
        raise ValueError("a chain head is written N:HASH, with 64 hexadecimal digits")
    return ChainHead(int(number), mac)


class HeadFile:
    """The file in `key_dir`; several processes may advance it."""

    def __init__(self, key_dir: Path) -> None:
        self._folder = key_dir
        self._path = key_dir / NAME
        self._last = ""
        self._complained = False

    def text(self) -> str:
        """What it says, '' if it is not there (or was emptied by a power cut)."""
        try:
            return self._path.read_text(encoding="ascii", errors="replace").strip()
        except FileNotFoundError:
            return ""

    def advance(self, head: ChainHead, in_table: Callable[[ChainHead], bool]) -> None:
        """Write `head` if it is newer and the table contains what the file says now.

        Called after the commit, so a failure is logged and not raised.
        """
        try:
            with self._locked():
                self._advance(head, in_table)
        except OSError:
            log.exception("audit.head could not be written")

    def _advance(self, head: ChainHead, in_table: Callable[[ChainHead], bool]) -> None:
        before = self.text()
        if before and before != self._last and not self._trusted(before, in_table):
            return
        if before and parse_head(before).n >= head.n:
            return
        new = self._path.with_name(f"{NAME}.new")
        file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            os.write(file, f"{head}\n".encode("ascii"))
        finally:
            os.close(file)
        new.replace(self._path)
        self._last = str(head)

    def _trusted(self, before: str, in_table: Callable[[ChainHead], bool]) -> bool:
        try:
            trusted = in_table(parse_head(before))
        except ValueError:
            trusted = False
        if not trusted and not self._complained:
            self._complained = True
            log.error("audit.head does not fit the database; run d365bot audit verify")
        return trusted

    @contextmanager
    def _locked(self) -> Iterator[None]:
        folder = os.open(self._folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)
