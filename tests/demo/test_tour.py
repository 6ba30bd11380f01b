"""The tour as a person starts it."""

import signal
import subprocess
import sys
from pathlib import Path

from bot.demo.paper import WIDTH
from tests.demo.starting import SECONDS, demo, environment


def test_the_tour_holds_all_its_expectations_and_leaves_nothing_behind(tmp_path: Path) -> None:
    done = demo(tmp_path, "--tour")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert "NOT AS EXPECTED" not in done.stdout
    assert "12. The record, and the secrets" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= WIDTH
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


def test_a_terminated_tour_leaves_neither_processes_nor_files(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", "--tour"],
        env=environment(tmp_path),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as tour:
        assert tour.stdout is not None
        while "now has the role operator" not in tour.stdout.readline():
            assert tour.poll() is None
        tour.send_signal(signal.SIGTERM)
        tour.stdout.read()
        assert tour.wait(SECONDS) == 128 + signal.SIGTERM
    assert list((tmp_path / "tmp").iterdir()) == []
