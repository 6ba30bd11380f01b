"""One process an engine file: a second one would carry out the first one's jobs again."""

import fcntl
import os
from pathlib import Path
from typing import Self

from connection.errors import NotReady


class EngineLock:
    """An exclusive lock beside the engine's file, held until `release` or the process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1

    def take(self) -> Self:
        """Raises `NotReady` while another process holds it."""
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._file)
            raise NotReady(
                f"Another d365bot is running on {self._path.parent}.",
                "Stop it first, or give this one another D365BOT_DATA_DIR.",
            ) from error
        return self

    def release(self) -> None:
        """Give the lock back."""
        os.close(self._file)
