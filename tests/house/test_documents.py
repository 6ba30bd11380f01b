"""The documents keep what they promise: what they name is looked up in the code."""

import re
import subprocess
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.manifest import manifest
from bot.settings import Settings
from connection.audit import AuditTag
from connection.checks.table import CHECKS
from connection.setup import FIELDS
from handlers.commands import COMMANDS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "simulator/README.md"]
)
NOT_SETTINGS = {"D365BOT_TEST"}


def test_every_make_target_in_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"make ([a-z]+)", README)) <= targets


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text()):
        assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(path: Path) -> None:
    named = set(re.findall(r"\b(?:D365BOT|SLACK)_[A-Z_]+[A-Z]\b", path.read_text())) - NOT_SETTINGS
    assert named <= {name.upper() for name in Settings.model_fields}


def test_every_setting_is_in_the_documents() -> None:
    told = (ROOT / "docs/settings.md").read_text()
    for name in Settings.model_fields:
        assert f"`{name.upper()}`" in told, name


def test_every_command_check_field_and_tag_is_in_the_documents() -> None:
    told = (ROOT / "docs/reference.md").read_text()
    for command in COMMANDS:
        assert f"`/d365 {command.word}" in told, command.word
    for check in CHECKS:
        assert f"`{check.id}`" in told, check.id
    for about in FIELDS:
        assert f"`{about.name}`" in told, about.name
    for tag in AuditTag:
        assert f"`{tag}`" in told, tag


def test_every_command_line_in_the_documents_exists() -> None:
    known = set(main.commands)
    for path in DOCUMENTS:
        named = re.findall(r"`d365bot ([a-z]+)", path.read_text())
        assert set(named) <= known, path.name


def test_the_manifest_file_is_what_the_command_prints() -> None:
    assert (ROOT / "app_manifest.yml").read_text() == manifest()


def test_no_file_names_a_path_of_a_machine() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.split():
        if name.endswith((".png", "LICENSE")):
            continue
        text = (ROOT / name).read_text()
        assert not re.search(r"/(?:home|root|Users)/[a-z]", text), name
