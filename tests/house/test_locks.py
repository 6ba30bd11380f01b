"""Lock files: every dependency pinned with hashes, no index named, each with a reason."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def _pins(path: Path) -> dict[str, str]:
    text = path.read_text().replace("\\\n", " ")
    return {_name(line): line for line in text.splitlines() if line and not line.startswith("#")}


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_line_is_pinned_with_a_hash_and_names_no_index(path: Path) -> None:
    for name, line in _pins(path).items():
        assert "==" in line, name
        assert "--hash=sha256:" in line, name
        assert "://" not in line, name
    assert not re.search(
        r"^\s*(-i|--(extra-)?index-url|--find-links)", path.read_text(), re.MULTILINE
    )


@pytest.mark.parametrize("lock", ["runtime.txt", "dev.txt"])
def test_every_dependency_of_the_project_is_pinned(lock: str) -> None:
    wanted = {_name(one) for one in PROJECT["dependencies"]}
    assert wanted <= set(_pins(ROOT / "requirements" / lock))


def test_what_runs_and_what_is_tested_are_the_same_versions() -> None:
    runtime, dev = _pins(ROOT / "requirements/runtime.txt"), _pins(ROOT / "requirements/dev.txt")
    for name, line in runtime.items():
        assert line.split("==")[1].split()[0] == dev[name].split("==")[1].split()[0], name


def test_the_engine_is_pinned_exactly() -> None:
    assert any(one.startswith("dbos==") for one in PROJECT["dependencies"])


def test_every_dependency_has_a_reason() -> None:
    reasons = (ROOT / "docs/decisions/0001-dependencies.md").read_text()
    told = {_name(one) for one in re.findall(r"^\| `([^`]+)`", reasons, re.MULTILINE)}
    extras = [one for group in PROJECT["optional-dependencies"].values() for one in group]
    listed = (ROOT / "requirements/dev.in").read_text().splitlines()
    wanted = {_name(one) for one in [*PROJECT["dependencies"], *extras]}
    wanted |= {_name(one) for one in listed if one and not one.startswith("#")}
    assert wanted - told == set()
    assert told - wanted - {"uv"} == set(), "a reason without a dependency"
