"""Runs the attacks and faults of the suite and prints one table; exit 1 if anything got through."""

import sys
from collections import Counter
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Section:
    """`paths` begin the names of its tests. A failure in it means that something was lost, as an
    answer or a row, or that something leaked: a right, a secret, a ping."""

    name: str
    paths: tuple[str, ...]
    leaks: bool


SECTIONS = (
    Section("broken, slow and smuggled requests", ("tests/door/test_wire.py",), leaks=False),
    Section("forged, stale and shapeless requests", ("tests/door/test_hostile.py",), leaks=True),
    Section(
        "other people's forms, buttons and roles", ("tests/door/test_impostors.py",), leaks=True
    ),
    Section("texts that call, link or compute", ("tests/door/test_injection.py",), leaks=True),
    Section("floods", ("tests/door/test_flood.py",), leaks=False),
    Section("sockets that lie or fall silent", ("tests/bot/test_socket_mode.py",), leaks=False),
    Section("who is who, told wrongly", ("tests/handlers/test_directory.py",), leaks=True),
    Section("secrets looked for everywhere", ("tests/door/test_canary",), leaks=True),
    Section("one-time links misused", ("tests/journeys/test_secrets.py",), leaks=True),
    Section("killed at every stage", ("tests/kill",), leaks=False),
)


class Tally:
    """A pytest plugin that counts by section."""

    def __init__(self) -> None:
        self.tried: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Once a test, and once more where its surroundings failed."""
        section = next((one for one in SECTIONS if report.nodeid.startswith(one.paths)), None)
        if section is None:
            return
        if report.when == "call":
            self.tried[section.name] += 1
        if report.failed:
            self.failed[section.name] += 1


def main() -> int:
    """The table, and whether all held."""
    tally = Tally()
    paths = [
        path if path.endswith((".py", "kill")) else "tests/door"
        for one in SECTIONS
        for path in one.paths
    ]
    words = ["-q", "-p", "no:cacheprovider", "--no-header", "-n", "auto", "--dist", "loadfile"]
    code = pytest.main([*words, *dict.fromkeys(paths)], plugins=[tally])
    rows = [_row(section, tally) for section in SECTIONS]
    head = f"{'':<42}{'tried':>8}{'held':>8}{'lost':>8}{'leaked':>8}"
    sys.stdout.write("\n".join(["", head, *rows, ""]))
    return int(code != 0 or not all(tally.tried[section.name] for section in SECTIONS))


def _row(section: Section, tally: Tally) -> str:
    tried, failed = tally.tried[section.name], tally.failed[section.name]
    lost, leaked = (0, failed) if section.leaks else (failed, 0)
    return f"{section.name:<42}{tried:>8}{max(tried - failed, 0):>8}{lost:>8}{leaked:>8}"


if __name__ == "__main__":
    sys.exit(main())
