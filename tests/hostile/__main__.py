"""Runs the attacks and faults of the suite and prints one table; exit 1 if anything got through."""

import sys
from collections import defaultdict
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
    Section("the same request again", ("tests/door/test_replays.py",), leaks=True),
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
    """A pytest plugin that keeps, of each section, the names of its cases, each once."""

    def __init__(self) -> None:
        self.tried: defaultdict[str, set[str]] = defaultdict(set)
        self.failed: defaultdict[str, set[str]] = defaultdict(set)
        self.untried: defaultdict[str, set[str]] = defaultdict(set)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """What was skipped, or could not be set up, proves nothing: it is no case that held."""
        section = next((one for one in SECTIONS if report.nodeid.startswith(one.paths)), None)
        if section is None or (report.passed and report.when != "call"):
            return
        if report.skipped or report.when == "setup":
            self.untried[section.name].add(report.nodeid)
            return
        self.tried[section.name].add(report.nodeid)
        if report.failed:
            self.failed[section.name].add(report.nodeid)

    def holds(self) -> bool:
        """Of every section something was tried, and nothing failed or was left untried."""
        all_tried = all(self.tried[section.name] for section in SECTIONS)
        return all_tried and not any((*self.failed.values(), *self.untried.values()))

    def named(self) -> list[str]:
        """What did not hold, and what could not be tried."""
        failed = sorted(name for names in self.failed.values() for name in names)
        untried = sorted(name for names in self.untried.values() for name in names)
        return [f"did not hold: {name}" for name in failed] + [f"not tried: {x}" for x in untried]


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
    head = f"{'':<42}{'tried':>8}{'held':>8}{'lost':>8}{'leaked':>8}{'untried':>9}"
    sys.stdout.write("\n".join(["", head, *rows, *tally.named(), ""]))
    return int(code != 0 or not tally.holds())


def _row(section: Section, tally: Tally) -> str:
    names = (tally.tried, tally.failed, tally.untried)
    tried, failed, untried = (len(kept[section.name]) for kept in names)
    lost, leaked = (0, failed) if section.leaks else (failed, 0)
    counts = f"{tried:>8}{tried - failed:>8}{lost:>8}{leaked:>8}{untried:>9}"
    return f"{section.name:<42}{counts}"


if __name__ == "__main__":
    sys.exit(main())
