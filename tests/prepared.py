"""`d365bot …` in a fork of a process that has imported the bot and done nothing else.

A fresh interpreter imports for two seconds before it does a tenth of a second's work. A fork
begins where the imports end: no run sees what another one did, read or was told.
"""

import asyncio
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path

MODULES = (
    "bot.__main__",
    "bot.certificates",
    "bot.checking",
    "bot.giving",
    "bot.listing",
    "bot.manifest",
    "bot.migrating",
    "bot.recording",
    "bot.rotating",
    "bot.serving",
)
"""All that the command line may come to need; that each one only defines things is a test."""

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload([*MODULES, __name__])


async def run(
    words: tuple[str, ...], environment: Mapping[str, str], folder: Path, stdin: str
) -> subprocess.CompletedProcess[str]:
    """As `subprocess.run` of a fresh interpreter would have it. Ends it when it is cancelled."""
    with tempfile.TemporaryDirectory() as place:
        given, out, err = (Path(place, name) for name in ("stdin", "stdout", "stderr"))
        given.write_text(stdin)
        process = _FORKING.Process(
            target=_act, args=(words, dict(environment), folder, given, out, err)
        )
        process.start()
        try:
            await _ended(process)
        except BaseException:
            process.kill()
            raise
        finally:
            process.join()
        code = process.exitcode
        process.close()
        assert code is not None
        return subprocess.CompletedProcess(words, code, out.read_text(), err.read_text())


async def _ended(process: ForkServerProcess) -> None:
    """In the loop's own thread, where nobody else asks how it ended."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(process.sentinel, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(process.sentinel)


def _act(
    words: tuple[str, ...],
    environment: Mapping[str, str],
    folder: Path,
    given: Path,
    out: Path,
    err: Path,
) -> None:
    """In the fork, whose exit code is that of the command line."""
    from bot.__main__ import main

    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.stdin = given.open()
    for number, path in ((1, out), (2, err)):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    main(args=list(words), prog_name="d365bot")
