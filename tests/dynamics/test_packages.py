"""Which package is taken from the folder, and what is refused by name."""

import base64
import hashlib
import io
import os
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connection.changes.remote import SolutionPackage
from connection.errors import NotReady
from connection.ports import Packages
from dynamics.package_manifest import BadPackage, described, numbers
from dynamics.packages import LARGEST, MOST_NAMED, PackageFolder
from tests.dynamics.changing import CHOSEN, put
from tests.simulator.packing import CONTENT_TYPES, INTEGRATION, manifest, package

HERE = "9.2.24101.00157"
BOMB = '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'
_: type[Packages] = PackageFolder


async def chosen(folder: Path, version: str = HERE) -> SolutionPackage:
    return await PackageFolder(folder).choose(INTEGRATION, version)


async def refusal(folder: Path | None, version: str = HERE) -> NotReady:
    with pytest.raises(NotReady) as caught:
        await PackageFolder(folder).choose(INTEGRATION, version)
    assert caught.value.hint.endswith(".")
    return caught.value


async def test_what_stands_inside_counts_and_not_the_name(tmp_path: Path) -> None:
    file = put(tmp_path, "Solution_v1.zip", package(version="9.2.0.7", package_version="9.1"))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert await chosen(tmp_path) == SolutionPackage(
        "Solution_v1.zip", INTEGRATION, "9.2.0.7", managed=True, made_for=(9, 1), digest=digest
    )


async def test_what_was_chosen_is_sent_to_the_last_byte(tmp_path: Path) -> None:
    put(tmp_path, "s.zip", package(version="9.2.0.7"))
    before = await chosen(tmp_path)
    put(tmp_path, "s.zip", package("<Entities />", version="9.2.0.7"))
    with pytest.raises(NotReady, match="is not the one that was chosen any more"):
        PackageFolder(tmp_path).content(before)


@pytest.mark.parametrize(
    ("version", "file"), [("9.2.1.1", "c.zip"), ("9.1.0.0", "b.zip"), ("8.2.0.0", "a.zip")]
)
async def test_the_newest_for_this_version_of_dataverse_is_taken(
    tmp_path: Path, version: str, file: str
) -> None:
    put(tmp_path, "a.zip", package(version="9.9.9.9", package_version="8.0"))
    put(tmp_path, "b.zip", package(version="9.1.0.0", package_version="9.1"))
    put(tmp_path, "c.zip", package(version="9.0.0.10", package_version="9.2"))
    put(tmp_path, "d.zip", package(version="9.0.0.9", package_version="9.2"))
    put(tmp_path, "e.ZIP", package(version="99.0.0.0", package_version="10.0"))
    assert (await chosen(tmp_path, version)).file == file


async def test_of_the_same_kind_the_higher_version_is_taken(tmp_path: Path) -> None:
    for name, version in (("a.zip", "9.10.0.0"), ("b.zip", "9.9.0.0"), ("c.zip", "9.10")):
        put(tmp_path, name, package(version=version))
    assert (await chosen(tmp_path)).version in ("9.10.0.0", "9.10")


async def test_an_older_package_says_its_version_at_the_root(tmp_path: Path) -> None:
    older = manifest().replace(' SolutionPackageVersion="9.1"', "")
    _write(tmp_path / "a.zip", older)
    assert (await chosen(tmp_path)).made_for == (9, 1)


async def test_without_a_folder_it_says_how_to_name_one() -> None:
    said = await refusal(None)
    assert "D365BOT_SOLUTION_DIR is not set" in said.message
    assert "CrmCustomization" in said.hint


async def test_a_folder_that_is_gone_or_empty_is_named(tmp_path: Path) -> None:
    assert "cannot be read" in (await refusal(tmp_path / "gone")).message
    assert "no zip file" in (await refusal(tmp_path)).message


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"name": "Another"}, "is another solution, Another"),
        ({"managed": False}, "is not managed"),
        ({"package_version": "9.3"}, "is made for Dataverse 9.3"),
    ],
)
async def test_what_was_found_instead_is_told(
    tmp_path: Path, said: dict[str, str], why: str
) -> None:
    put(tmp_path, "found.zip", package(**said))
    message = (await refusal(tmp_path)).message
    assert f"found.zip {why}" in message
    assert f"{INTEGRATION} for Dataverse 9.2" in message


async def test_many_that_do_not_fit_are_counted(tmp_path: Path) -> None:
    for number in range(MOST_NAMED + 3):
        put(tmp_path, f"{number}.zip", package(name="Another"))
    assert "and 3 more do not fit" in (await refusal(tmp_path)).message


def _write(file: Path, said: str | bytes, how: int = zipfile.ZIP_DEFLATED) -> None:
    with zipfile.ZipFile(file, "w", how) as archive:
        archive.writestr("solution.xml", said)
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)


def _encrypted(file: Path) -> None:
    content = bytearray(base64.b64decode(package()))
    for sign, offset in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        at = content.find(sign)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(sign, at + 4)
    file.write_bytes(bytes(content))


def _with_endless_list(file: Path) -> None:
    content = bytearray(base64.b64decode(package()))
    at = content.rfind(b"PK\5\6")
    content[at + 12 : at + 16] = struct.pack("<L", 50_000_000)
    file.write_bytes(bytes(content))


def _zip64(file: Path) -> None:
    content = base64.b64decode(package())
    at = content.rfind(b"PK\5\6")
    file.write_bytes(content[:at] + b"PK\6\7" + b"\0" * 16 + content[at:])


def _two_manifests(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("solution.xml", manifest())
        archive.writestr("Solution.XML", manifest(managed=False))


def _sparse(file: Path) -> None:
    with file.open("wb") as opened:
        opened.truncate(LARGEST + 1)


def _leading_out(file: Path) -> None:
    outside = file.parent.parent / "outside.zip"
    outside.write_bytes(base64.b64decode(package()))
    file.symlink_to(outside)


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "no zip": (lambda file: file.write_bytes(b"no zip"), "is no zip file"),
    "empty": (lambda file: file.write_bytes(b""), "is no zip file"),
    "cut": (lambda file: file.write_bytes(base64.b64decode(package())[:200]), "is no zip file"),
    "no manifest": (lambda file: zipfile.ZipFile(file, "w").close(), "has no solution.xml"),
    "two manifests": (_two_manifests, "has more than one solution.xml"),
    "encrypted": (_encrypted, "is encrypted"),
    "endless list": (_with_endless_list, "has more files than a solution has"),
    "zip64": (_zip64, "has more files than a solution has"),
    "bomb": (lambda file: _write(file, b" " * 50_000_000), "has a solution.xml without end"),
    "bzip2": (lambda file: _write(file, manifest(), zipfile.ZIP_BZIP2), "packed in an unusual"),
    "lzma": (lambda file: _write(file, manifest(), zipfile.ZIP_LZMA), "packed in an unusual"),
    "entities": (
        lambda file: _write(file, manifest().replace("?>", f"?>{BOMB}", 1)),
        "has a solution.xml that cannot be read",
    ),
    "no XML": (lambda file: _write(file, "<a"), "has a solution.xml that cannot be read"),
    "another XML": (lambda file: _write(file, "<a />"), "has a solution.xml that is none"),
    "no version": (lambda file: _write(file, manifest(version="new")), "without a sound Version"),
    "no name": (lambda file: _write(file, manifest(name="a b")), "without a sound UniqueName"),
    "no need": (
        lambda file: _write(file, manifest(package_version="new")),
        "without a sound SolutionPackageVersion",
    ),
    "huge": (_sparse, "is larger than the 95 MB"),
    "a link": (_leading_out, "leads out of the folder"),
    "a folder": (lambda file: file.mkdir(), "is no file"),
    "a pipe": (os.mkfifo, "is no file"),
    "a dead link": (lambda file: file.symlink_to(file.parent / "gone"), "cannot be read"),
}


@pytest.mark.parametrize("kind", BAD)
async def test_a_bad_file_is_refused_by_name_and_hinders_no_other(
    tmp_path: Path, kind: str
) -> None:
    make, why = BAD[kind]
    folder = tmp_path / "folder"
    folder.mkdir()
    make(folder / "bad.zip")
    message = (await refusal(folder)).message
    assert "bad.zip " in message
    assert why in message
    put(folder)
    assert (await chosen(folder)).file == CHOSEN.file


async def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    """So mounted volumes are laid out."""
    (tmp_path / "..data").mkdir()
    put(tmp_path / "..data", "real.zip")
    (tmp_path / "solution.zip").symlink_to(Path("..data") / "real.zip")
    assert (await chosen(tmp_path)).file == "solution.zip"


async def test_a_name_of_any_text_is_shown_plainly(tmp_path: Path) -> None:
    put(tmp_path, "bad\n`name`" + "x" * 150 + ".zip", package(name="Another"))
    message = (await refusal(tmp_path)).message
    assert "bad?`name`" in message
    assert "\n" not in message
    assert len(message) < 300


def test_the_content_is_that_of_the_chosen_file(tmp_path: Path) -> None:
    file = put(tmp_path)
    assert PackageFolder(tmp_path).content(CHOSEN) == file.read_bytes()


@pytest.mark.parametrize(
    "change",
    [
        {"version": "9.2.0.1"},
        {"unique_name": "Another"},
        {"managed": False},
        {"made_for": (9, 0)},
        {"file": "gone.zip"},
        {"file": "../folder/solution.zip"},
        {"file": ".."},
        {"file": ""},
        {"file": "a\0.zip"},
    ],
)
def test_another_content_or_a_file_elsewhere_is_refused(
    tmp_path: Path, change: dict[str, object]
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    put(folder)
    with pytest.raises(NotReady) as caught:
        PackageFolder(folder).content(replace(CHOSEN, **change))  # type: ignore[arg-type]
    assert "plan again" in caught.value.hint


def test_without_a_folder_there_is_no_content() -> None:
    with pytest.raises(NotReady):
        PackageFolder(None).content(CHOSEN)


@given(st.binary(max_size=400))
def test_whatever_a_file_holds_it_is_described_or_refused(content: bytes) -> None:
    with pytest.raises(BadPackage):
        described("a.zip", io.BytesIO(content))


_WHOLE = base64.b64decode(package())


@given(st.integers(0, len(_WHOLE) - 1), st.integers(0, 255))
def test_a_damaged_package_is_described_or_refused(at: int, byte: int) -> None:
    content = bytearray(_WHOLE)
    content[at] = byte
    try:
        found = described("a.zip", io.BytesIO(bytes(content)))
    except BadPackage:
        return
    assert found.file == "a.zip"
    assert len(found.made_for) == 2


@given(st.text(max_size=30))
def test_any_text_is_a_version_of_four_numbers(text: str) -> None:
    found = numbers(text)
    assert len(found) == 4
    assert min(found) >= 0
