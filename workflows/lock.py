"""One process a file: a second one would carry out the first one's jobs again."""

import fcntl
import os
from pathlib import Path
from typing import Self

from connection.errors import NotReady


class ProcessLock:
    """An exclusive lock on a file of its own, held until `release` or the process ends.

    `taken` and `hint` tell the operator of a second process what stands in the way.
    """

    def __init__(self, path: Path, taken: str, hint: str) -> None:
        self._path = path
        self._taken = taken
        self._hint = hint
        self._file = -1

    def take(self) -> Self:
        """Raises `NotReady` while another process holds it, and if the file cannot be made."""
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise NotReady(
                f"{self._path} cannot be opened: {error.strerror}.",
                "Run d365bot as the user who owns this folder.",
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self.release()
            raise NotReady(self._taken, self._hint) from error
        return self

    def release(self) -> None:
        """Give the lock back, if it is held."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
