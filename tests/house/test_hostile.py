"""`make hostile` tells the truth about what was tried."""

from pathlib import Path

import pytest

from tests.hostile.__main__ import SECTIONS, Section, Tally

ROOT = Path(__file__).parents[2]
NO_ATTACKS = {"tests/door/test_own_slack.py"}


def _report(section: Section, case: str, outcome: str, when: str = "call") -> pytest.TestReport:
    nodeid = f"{section.paths[0]}::test_it[{case}]"
    return pytest.TestReport(nodeid, ("", 0, ""), {}, outcome, None, when)  # type: ignore[arg-type]


def _tally(*more: pytest.TestReport) -> Tally:
    tally = Tally()
    for report in (*(_report(section, "a", "passed") for section in SECTIONS), *more):
        tally.pytest_runtest_logreport(report)
    return tally


def test_everything_that_passes_holds() -> None:
    assert _tally().holds()
    assert not _tally().named()


def test_a_section_of_which_nothing_was_heard_does_not_hold() -> None:
    assert not Tally().holds()


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_a_failure_counts_once_and_is_named(section: Section) -> None:
    phases = (_report(section, "b", "failed", when) for when in ("call", "teardown"))
    tally = _tally(*phases)
    assert not tally.holds()
    assert (len(tally.tried[section.name]), len(tally.failed[section.name])) == (2, 1)
    assert tally.named() == [f"did not hold: {section.paths[0]}::test_it[b]"]


@pytest.mark.parametrize(
    ("outcome", "when"), [("failed", "setup"), ("skipped", "setup"), ("skipped", "call")]
)
def test_what_could_not_be_tried_is_named_and_does_not_hold(outcome: str, when: str) -> None:
    tally = _tally(_report(SECTIONS[0], "b", outcome, when))
    assert not tally.holds()
    assert tally.named() == [f"not tried: {SECTIONS[0].paths[0]}::test_it[b]"]


def test_every_test_of_the_door_and_of_kills_is_in_a_section() -> None:
    begin = tuple(path for section in SECTIONS for path in section.paths)
    for folder in ("door", "kill"):
        for file in (ROOT / "tests" / folder).glob("test_*.py"):
            path = file.relative_to(ROOT).as_posix()
            assert path.startswith(begin) or path in NO_ATTACKS, path


def test_every_path_of_a_section_leads_to_tests() -> None:
    for path in (path for section in SECTIONS for path in section.paths):
        assert list(ROOT.glob(f"{path}*")), path
