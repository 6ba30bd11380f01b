"""The engine's own file of SQLite, for one process."""

import platform
import sqlite3
import sys
from pathlib import Path
from typing import Any

from dbos import DBOSConfig

from connection.errors import NotReady
from workflows.lock import ProcessLock

POOL = 4
"""Connections to the engine's file: more of them only wait for each other's write lock."""


class _EngineConnection(sqlite3.Connection):
    """WAL without a disk flush a commit: a power cut may lose the newest jobs, and the inbox,
    which is flushed, starts them again."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.execute("PRAGMA synchronous=NORMAL")


class EngineFile:
    """`engine.sqlite` in a folder, with a lock beside it."""

    def __init__(self, folder: Path) -> None:
        refuse_old_sqlite()
        self._file = folder / "engine.sqlite"
        self._lock = ProcessLock(
            folder / "engine.lock",
            f"Another d365bot is running on {folder}.",
            "Stop it first, or give this one another D365BOT_DATA_DIR.",
        )

    def config(self) -> DBOSConfig:
        """What DBOS has to know of it."""
        return {
            "system_database_url": f"sqlite:///{self._file}",
            "sys_db_pool_size": POOL,
            "db_engine_kwargs": {
                "hide_parameters": True,
                "pool_pre_ping": False,
                "connect_args": {"factory": _EngineConnection},
            },
        }

    def take(self) -> None:
        """Raises `NotReady` while another process has it."""
        self._lock.take()
        with sqlite3.connect(self._file) as engine:
            engine.execute("PRAGMA journal_mode=WAL")
        engine.close()
        self._file.chmod(0o600)

    def release(self) -> None:
        """Somebody else may have it."""
        self._lock.release()


def refuse_old_sqlite() -> None:
    """DBOS picks its SQL by Python's version: from 3.12 on it needs SQLite 3.42."""
    if sys.version_info >= (3, 12) and sqlite3.sqlite_version_info < (3, 42):
        raise NotReady(
            f"Python {platform.python_version()} needs SQLite 3.42 or newer here; "
            f"this one brings {sqlite3.sqlite_version}.",
            "Use Python 3.11, or a Python that brings a newer SQLite.",
        )
