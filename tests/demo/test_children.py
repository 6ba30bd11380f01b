"""Child processes: what one is told when they do not start, and that they end."""

import os
from pathlib import Path

import pytest

from bot.demo.children import StageFailed, running


def test_a_child_that_dies_is_told_with_the_end_of_its_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    words = ["a_module_that_is_not_there"]
    with (
        running("The bot", words, env=os.environ, folder=tmp_path, log=log) as child,
        pytest.raises(StageFailed) as failure,
    ):
        child.wait_until(lambda: False, 30)
    said = str(failure.value)
    assert said.startswith("The bot ended with exit code 1. Its log ends with:")
    assert "No module named a_module_that_is_not_there" in said


def test_a_child_that_is_never_ready_is_stopped(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with running(
        "A server", ["http.server", "0"], env=os.environ, folder=tmp_path, log=log
    ) as child:
        with pytest.raises(StageFailed, match="was not ready after 0 seconds"):
            child.wait_until(lambda: False, 0.1)
        assert child.process.poll() is None
    assert child.process.poll() is not None
