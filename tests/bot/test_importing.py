"""Importing the command line only defines things, so that a fork of it is as good as a fresh one.

It reads no setting, starts no thread and opens no file: what the stories' runs are forked from
(`tests/prepared.py`) can hand nothing on from one run to the next.
"""

import json
import subprocess
import sys
from pathlib import Path

from bot.settings import Settings
from tests.prepared import MODULES
from tests.stage import BotProcess, Simulators, bare_environment

_IMPORTING = """
import importlib, json, os, sys, threading

asked = set()

class Asked(type(os.environ)):
    def __getitem__(self, name):
        asked.add(name)
        return super().__getitem__(name)

    def __contains__(self, name):
        asked.add(name)
        return super().__contains__(name)

def opened():
    return sum(is_open(number) for number in range(256))

def is_open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True

os.environ.__class__ = Asked
before = opened()
for name in sys.argv[1:]:
    importlib.import_module(name)
found = {"asked": sorted(asked), "threads": threading.active_count(), "opened": opened() - before}
print(json.dumps(found))
"""


def test_importing_the_command_line_reads_no_setting_and_starts_nothing() -> None:
    line = [sys.executable, "-c", _IMPORTING, *MODULES]
    done = subprocess.run(line, env=bare_environment(), capture_output=True, check=True, text=True)
    found = json.loads(done.stdout)
    settings = {name.upper() for name in Settings.model_fields}
    assert found["asked"]
    assert [name for name in found["asked"] if name.upper() in settings] == []
    assert found["threads"] == 1
    assert found["opened"] == 0


async def test_two_runs_know_nothing_of_each_other(tmp_path: Path, simulators: Simulators) -> None:
    first, second = (BotProcess(tmp_path / name, simulators.ready) for name in ("a", "b"))
    for bot in (first, second):
        bot.folder.mkdir()
        done = await bot.run("migrate")
        assert done.returncode == 0, done.stderr
        assert (bot.data / "d365bot.sqlite").exists()
    second.settings = {"D365BOT_PUBLIC_URL": "not an address"}
    assert (await second.run("keys", "new")).returncode == 1
    done = await first.run("keys", "new")
    assert done.returncode == 0, done.stderr
    assert "key 1" in done.stdout


async def test_a_fork_says_what_a_fresh_interpreter_says(
    tmp_path: Path, simulators: Simulators
) -> None:
    bot = BotProcess(tmp_path / "either", simulators.ready)
    bot.folder.mkdir()
    for words in (("audit", "verify"), ("secret", "set"), ("manifest",), ("keys", "--help")):
        fork, fresh = await bot.run(*words), await bot.run_afresh(*words)
        assert (fork.returncode, fork.stdout) == (fresh.returncode, fresh.stdout)
        assert fork.stderr == fresh.stderr
