"""`audit.head`: the newest row's number and hash, kept beside the key and apart from the database.

It shows that rows were cut off or that an older copy of the database was put back. It never goes
backwards, and it is left alone as evidence once the database does not contain its row. One line
that never gets shorter is written in place by one call: a rename for each commit costs ten times
as much, and a power cut may leave a renamed file empty.
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

_OF_A_NEW_DATABASE = 2
"""Rows that a migration writes before there can be a head."""

_ANEW = (
    "audit.head was missing and is written anew: rows that were cut off before would not be "
    "noticed; compare the record with a head that was kept elsewhere, by d365bot audit verify"
)


def parse_head(text: str) -> ChainHead:
    """From `N:HASH`. Raises `ValueError`."""
    number, _, mac = text.strip().partition(":")
    if not number.isdecimal() or len(mac) != 64 or set(mac) - set("0123456789abcdef"):
        raise ValueError("a chain head is written N:HASH, with 64 hexadecimal digits")
    return ChainHead(int(number), mac)


class HeadFile:
    """The file in `key_dir`; several processes may advance it."""

    def __init__(self, key_dir: Path) -> None:
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
            with self._locked() as file:
                before = os.pread(file, 200, 0).decode("ascii", "replace").strip()
                if not before and head.n > _OF_A_NEW_DATABASE:
                    log.warning(_ANEW, extra={"row": head.n})
                if self._may_go_on(before, head, in_table):
                    os.pwrite(file, f"{head}\n".encode("ascii"), 0)
                    self._last = str(head)
        except OSError:
            log.exception("audit.head could not be written")

    def _may_go_on(
        self, before: str, head: ChainHead, in_table: Callable[[ChainHead], bool]
    ) -> bool:
        if not before:
            return True
        if before != self._last and not self._trusted(before, in_table):
            return False
        return parse_head(before).n < head.n

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
    def _locked(self) -> Iterator[int]:
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)
