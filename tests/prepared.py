"""Programs in a fork of a process that has imported the bot and done nothing else.

A fresh interpreter imports for two seconds before the command line does a tenth of a second's
work, and for three before the bot serves. A fork begins where the imports end: no run sees what
another one did, read or was told. It then does what `python -m` does.
"""

import asyncio
import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Self

MODULES = (
    "bot.certificates",
    "bot.checking",
    "bot.door",
    "bot.giving",
    "bot.listing",
    "bot.manifest",
    "bot.migrating",
    "bot.recording",
    "bot.rotating",
    "bot.running",
    "bot.secret_form",
    "bot.serving",
    "bot.socket_mode",
    "bot.socket_opening",
    "handlers.commands",
    "handlers.directory",
    "handlers.messenger",
    "handlers.own_app",
    "handlers.slack_app",
    "workflows.dispatcher",
    "workflows.engine",
    "workflows.engine_file",
    "workflows.engine_schema",
    "workflows.retention",
)
"""All that the bot may come to need; that each one only defines things is a test."""

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload([*MODULES, __name__])


class Fork:
    """A process as asyncio has it. What it says on standard error is read from `stderr`."""

    def __init__(self, process: ForkServerProcess, stderr: asyncio.StreamReader) -> None:
        self._process = process
        self.stderr = stderr

    @classmethod
    async def of(cls, line: tuple[str, ...], environment: Mapping[str, str], folder: Path) -> Self:
        """A module and its words, as after `python -m`; it says nothing on standard output."""
        read, written = _FORKING.Pipe(duplex=False)
        process = _FORKING.Process(target=_serve, args=(line, dict(environment), folder, written))
        process.start()
        written.close()
        loop, stderr = asyncio.get_running_loop(), asyncio.StreamReader()
        pipe = os.fdopen(os.dup(read.fileno()), "rb")
        read.close()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stderr), pipe)
        return cls(process, stderr)

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """What it ended with, negative for a signal; None as long as it runs."""
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """While it runs."""
        os.kill(self.pid, number)

    async def wait(self) -> int:
        """Until it has ended; its exit code."""
        await _ended(self._process)
        code = self.returncode
        assert code is not None
        return code


async def run(
    line: tuple[str, ...], environment: Mapping[str, str], folder: Path, stdin: str
) -> subprocess.CompletedProcess[str]:
    """As `subprocess.run` of a fresh interpreter would have it. Ends it when it is cancelled."""
    with tempfile.TemporaryDirectory() as place:
        files = Path(place, "stdin"), Path(place, "stdout"), Path(place, "stderr")
        files[0].write_text(stdin)
        process = _FORKING.Process(target=_run, args=(line, dict(environment), folder, files))
        process.start()
        try:
            await _ended(process)
        except BaseException:
            process.kill()
            raise
        finally:
            process.join()
        code = process.exitcode
        assert code is not None
        return subprocess.CompletedProcess(line, code, files[1].read_text(), files[2].read_text())


async def _ended(process: ForkServerProcess) -> None:
    """In the loop's own thread, where nobody else asks how it ended."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(process.sentinel, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(process.sentinel)


def _run(
    line: tuple[str, ...], environment: Mapping[str, str], folder: Path, files: tuple[Path, ...]
) -> None:
    sys.stdin = files[0].open()
    for number in (1, 2):
        _write(number, files[number])
    _become(line, environment, folder)


def _serve(
    line: tuple[str, ...], environment: Mapping[str, str], folder: Path, stderr: Connection
) -> None:
    _write(1, Path(os.devnull))
    os.dup2(stderr.fileno(), 2)
    stderr.close()
    _become(line, environment, folder)


def _write(number: int, path: Path) -> None:
    opened = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    os.dup2(opened, number)
    os.close(opened)


def _become(line: tuple[str, ...], environment: Mapping[str, str], folder: Path) -> None:
    """In the fork, whose exit code is that of the program."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    module, *words = line
    sys.argv = [module, *words]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
