"""What a run leaves out is said at its end, also where other processes ran the tests."""

import pytest

_NAME = "left out"


def leave_out(request: pytest.FixtureRequest, said: str) -> None:
    """One line, printed when all is over."""
    request.node.user_properties.append((_NAME, said))


def asked_for(request: pytest.FixtureRequest, marker: str) -> bool:
    """By `-m marker`: then nothing of it is left out."""
    chosen = str(request.config.getoption("markexpr"))
    return marker in chosen and f"not {marker}" not in chosen


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Each line once."""
    reports = [one for kind in ("passed", "failed") for one in terminalreporter.getreports(kind)]
    found = {
        f"{report.nodeid}: {said}"
        for report in reports
        for name, said in report.user_properties
        if name == _NAME
    }
    if found:
        terminalreporter.section(_NAME)
        for line in sorted(found):
            terminalreporter.line(line)
