"""What a solution package says of itself: `solution.xml` at the root of the zip, and nothing else.

Solution-file-reference and the schema of solution.xml: UniqueName, Version, Managed, and of the
root SolutionPackageVersion, the version of Dataverse that is needed (older ones: version).
"""

import hashlib
import re
import struct
import zipfile
import zlib
from typing import BinaryIO
from xml.etree import ElementTree as ET

from connection.changes.remote import SolutionPackage
from dynamics.safe_xml import parsed

MANIFEST = "solution.xml"
LARGEST_MANIFEST = 1_000_000
LARGEST_DIRECTORY = 4_000_000
"""Bytes of the list of files: a list without end fills the memory before any file is read."""
_END = struct.Struct("<4s4H2LH")
_END_SIGN, _ZIP64_SIGN, _ZIP64_SIZE = b"PK\5\6", b"PK\6\7", 20
_LONGEST_COMMENT = 65_535
_READ_AS_THEY_ARE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The other ways of packing are unpacked without a limit by Python's reader."""
_ENCRYPTED = 0x1
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, EOFError, ValueError)
_NAME = re.compile(r"[A-Za-z_]\w{0,99}", re.ASCII)
_VERSION = re.compile(r"\d{1,9}(?:\.\d{1,9}){0,3}", re.ASCII)


class BadPackage(Exception):
    """The file is no package that may be imported; the text goes on from its name."""


def described(file: str, opened: BinaryIO) -> SolutionPackage:
    """The package in a file. Raises `BadPackage`, and `OSError`."""
    root = _root(_manifest(opened))
    manifest = root.find("SolutionManifest")
    if root.tag != "ImportExportXml" or manifest is None:
        raise BadPackage(f"has a {MANIFEST} that is none")
    needed = root.get("SolutionPackageVersion") or root.get("version") or ""
    return SolutionPackage(
        file=file,
        unique_name=_said(manifest.findtext("UniqueName"), "UniqueName", _NAME),
        version=_said(manifest.findtext("Version"), "Version", _VERSION),
        managed=_said(manifest.findtext("Managed"), "Managed", re.compile("[01]")) == "1",
        made_for=numbers(_said(needed, "SolutionPackageVersion", _VERSION))[:2],
        digest=_digest(opened),
    )


def _digest(opened: BinaryIO) -> str:
    opened.seek(0)
    digest = hashlib.sha256()
    while part := opened.read(1_000_000):
        digest.update(part)
    return digest.hexdigest()


def numbers(version: str) -> tuple[int, ...]:
    """Four of them, so that 1.0 is 1.0.0.0; what is no number ends it."""
    parts = re.match(r"\d{1,9}(?:\.\d{1,9})*", version.strip(), re.ASCII)
    found = [int(part) for part in parts[0].split(".")] if parts else []
    return tuple([*found, 0, 0, 0, 0][:4])


def _manifest(opened: BinaryIO) -> bytes:
    _refuse_endless(opened)
    try:
        with zipfile.ZipFile(opened) as archive:
            named = [one for one in archive.infolist() if one.filename.lower() == MANIFEST]
            if len(named) != 1:
                raise BadPackage(f"has {'no' if not named else 'more than one'} {MANIFEST}")
            if named[0].flag_bits & _ENCRYPTED:
                raise BadPackage("is encrypted")
            if named[0].compress_type not in _READ_AS_THEY_ARE:
                raise BadPackage("is packed in an unusual way")
            with archive.open(named[0]) as manifest:
                content = manifest.read(LARGEST_MANIFEST + 1)
    except (*_DAMAGED, NotImplementedError) as error:
        raise BadPackage("is no zip file, or a damaged one") from error
    if len(content) > LARGEST_MANIFEST:
        raise BadPackage(f"has a {MANIFEST} without end")
    return content


def _refuse_endless(opened: BinaryIO) -> None:
    """By the record at the end of the file, found as `zipfile` finds it."""
    size = opened.seek(0, 2)
    opened.seek(max(0, size - _END.size - _LONGEST_COMMENT - _ZIP64_SIZE))
    tail = opened.read()
    opened.seek(0)
    at = len(tail) - _END.size
    if at < 0 or tail[at : at + 4] != _END_SIGN or tail[-2:] != b"\0\0":
        at = tail.rfind(_END_SIGN)
    if at < 0 or len(tail) - at < _END.size:
        raise BadPackage("is no zip file, or a damaged one")
    directory = _END.unpack_from(tail, at)[5]
    zip64 = tail[max(0, at - _ZIP64_SIZE) : at].startswith(_ZIP64_SIGN)
    if zip64 or directory > LARGEST_DIRECTORY:
        raise BadPackage("has more files than a solution has")


def _root(content: bytes) -> ET.Element:
    try:
        return parsed(content)
    except ValueError as error:
        raise BadPackage(f"has a {MANIFEST} that cannot be read") from error


def _said(text: str | None, name: str, shape: re.Pattern[str]) -> str:
    found = (text or "").strip()
    if not shape.fullmatch(found):
        raise BadPackage(f"has a {MANIFEST} without a sound {name}")
    return found
