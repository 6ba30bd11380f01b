"""`python -m simulator`: ready when it says so, silent, and gone when told."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest


def _start(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "simulator", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_process_is_ready_then_stops_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    path = tmp_path / "ready.json"
    process = _start("--ready-file", str(path), "--scenario", "user_disabled")
    assert process.stdout is not None
    line = process.stdout.readline()
    ready = json.loads(line)
    assert json.loads(path.read_text()) == ready
    assert path.stat().st_mode & 0o077 == 0
    assert Path(ready["ca_file"]).read_text().count("BEGIN") == 1
    assert re.fullmatch(r"\w{3}\dQ~[\w.~-]{34}", ready["apps"]["bot"]["client_secret"])
    world = httpx.get(f"{ready['control_url']}/_world", trust_env=False).json()
    users = world["sales"]["adventure"]["tables"]["systemusers"]
    assert users["integration"]["isdisabled"]
    process.send_signal(number)
    rest, errors = process.communicate(timeout=10)
    assert (process.returncode, rest, errors) == (0, "", "")


def test_same_seed_gives_the_same_secrets(tmp_path: Path) -> None:
    seen = []
    for _ in range(2):
        process = _start("--seed", "5")
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        process.terminate()
        process.communicate(timeout=10)
        seen.append((ready["apps"], ready["people"], ready["signing_secret"], ready["tenant"]))
    assert seen[0] == seen[1]


def test_scenario_of_the_command_line_spoils_calls_too() -> None:
    process = _start("--scenario", "sales-html")
    assert process.stdout is not None
    ready = json.loads(process.stdout.readline())
    rules = httpx.get(f"{ready['control_url']}/_faults", trust_env=False).json()
    assert [(rule["site"], rule["html"]) for rule in rules] == [("dataverse", True)]
    process.terminate()
    process.communicate(timeout=10)


def test_unknown_scenario_is_a_plain_error() -> None:
    process = _start("--scenario", "rainy")
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 2
    assert "Traceback" not in errors
