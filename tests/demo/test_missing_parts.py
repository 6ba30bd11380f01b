"""What the demo says where a part of it is not to be had."""

import socket
import sys

import pytest

from bot.demo import run


def test_without_its_extra_the_playground_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "nicegui", None)
    for name in [one for one in sys.modules if one.startswith("bot.demo.playground.")]:
        monkeypatch.delitem(sys.modules, name)
    assert run(tour=False, terminal=False, port=None) == 1
    said = capsys.readouterr().err
    assert "nicegui, of the extra d365bot[playground]" in said
    assert "d365bot demo --terminal needs d365bot[simulator] alone" in said


def test_a_port_that_is_taken_is_told_before_anything_starts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port: int = taken.getsockname()[1]
        assert run(tour=False, terminal=False, port=port) == 1
    assert f"Port {port} is taken; name another with --port" in capsys.readouterr().out
