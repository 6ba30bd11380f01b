"""Solution packages as they arrive: base64 of a zip with the solution's manifest and its content.

Files at the root and their elements: powerapps-docs solution-file-reference and the schema of
customizations.xml. Codes: the error reference. That a bad package is refused at once, and not by
its job, is inferred; so is 413.
"""

import base64
import binascii
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from simulator.dataverse.errors import DataverseError

Package = dict[str, Any]
"""JSON: unique_name, friendly_name, version, managed, publisher, package_version, components,
roles (id -> name and privileges), requires (what other solutions must have brought)."""

BAD_ZIP, MALFORMED, INVALID = "0x80048060", "0x80048013", "0x8004801A"
LARGEST = 95 * 1024 * 1024
"""Bytes of a package (import-update-export-solutions.md)."""
LARGEST_FILE = 32 * 1024 * 1024
"""Bytes that the simulator unpacks of one file; the real service's limit is not documented."""
MOST_ELEMENTS = 200_000
"""Of one file: more would hold up every other caller of the simulator."""
AT_ROOT = ("solution.xml", "customizations.xml", "[content_types].xml")
UNIQUE_NAME = re.compile(r"[A-Za-z_]\w{0,64}", re.ASCII)
GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PRIVILEGE = re.compile(r"prv\w{1,97}", re.ASCII)
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(RuntimeError, EOFError, OSError, ValueError),
)
"""What Python's reader of zips raises for a damaged one."""
VERSION = re.compile(r"\d{1,9}(?:\.\d{1,9}){0,3}", re.ASCII)

# section of the import's log, its element, where in customizations.xml, id there, name there
SECTIONS = (
    ("entities", "entity", "Entities/Entity", "Name", "Name"),
    ("optionSets", "optionSet", "optionsets/optionset", "Name", "localizedName"),
    ("securityroles", "securityrole", "Roles/Role", "id", "name"),
    ("workflows", "workflow", "Workflows/Workflow", "WorkflowId", "Name"),
    (
        "SolutionPluginAssemblies",
        "SolutionPluginAssembly",
        "SolutionPluginAssemblies/PluginAssembly",
        "PluginAssemblyId",
        "FullName",
    ),
    (
        "SdkMessageProcessingSteps",
        "SdkMessageProcessingStep",
        "SdkMessageProcessingSteps/SdkMessageProcessingStep",
        "SdkMessageProcessingStepId",
        "Name",
    ),
    ("webResources", "webResource", "WebResources/WebResource", "WebResourceId", "Name"),
)


def opened(text: str) -> Package:
    """The package in a `CustomizationFile`; raises 400, or 413 for too large a one."""
    if len(text) > LARGEST * 4 // 3 + 4:
        raise DataverseError(413, BAD_ZIP, "The package is larger than 95 MB.")
    files = _files(_decoded(text))
    missing = [name for name in AT_ROOT if name not in files]
    if missing:
        raise _refused(BAD_ZIP, f"The package has no {' and no '.join(missing)} at its root.")
    manifest = _xml(files["solution.xml"], "solution.xml")
    return _described(manifest, _xml(files["customizations.xml"], "customizations.xml"))


def version_of(text: str) -> tuple[int, ...]:
    """A version as numbers, four of them, so that 1.0 is 1.0.0.0."""
    parts = [int(part) for part in text.split(".") if re.fullmatch("[0-9]{1,9}", part)]
    return tuple([*parts, 0, 0, 0, 0][:4])


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise DataverseError(
            400, "0x80048d19", "Error identified in Payload: CustomizationFile is no base64."
        ) from error


def _files(content: bytes) -> dict[str, bytes]:
    """The files at the root by name in lower case: part names do not mind case (OPC)."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            named = {entry.filename.lower(): entry for entry in archive.infolist()}
            return {name: _unpacked(archive, named[name]) for name in AT_ROOT if name in named}
    except _DAMAGED as error:
        raise _refused(BAD_ZIP, "The package is no zip file, or is damaged.") from error


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as file:
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise DataverseError(413, BAD_ZIP, f"{entry.filename} is too large.")
    return content


class _Builder(ET.TreeBuilder):
    """Refuses a document type, whatever the encoding, so nothing can be made to expand."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name, self._elements = name, 0

    def doctype(self, *_: object) -> None:
        raise _refused(MALFORMED, f"{self._name} has a document type.")

    def start(self, tag: str, attrs: dict[str, str], /) -> ET.Element:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise DataverseError(413, BAD_ZIP, f"{self._name} has too many elements.")
        return super().start(tag, attrs)


def _xml(content: bytes, name: str) -> ET.Element:
    try:
        return ET.fromstring(content, ET.XMLParser(target=_Builder(name)))  # noqa: S314
    except (ET.ParseError, ValueError, LookupError) as error:
        raise _refused(MALFORMED, f"{name} is not well formed: {error}.") from error


def _described(root: ET.Element, content: ET.Element) -> Package:
    manifest = root.find("SolutionManifest")
    if root.tag != "ImportExportXml" or manifest is None:
        raise _refused(INVALID, "solution.xml has no ImportExportXml with a SolutionManifest.")
    if content.tag != "ImportExportXml":
        raise _refused(INVALID, "customizations.xml has no ImportExportXml.")
    unique = _needed(manifest, "UniqueName", UNIQUE_NAME)
    return {
        "unique_name": unique,
        "friendly_name": _localized(manifest) or unique,
        "version": _needed(manifest, "Version", VERSION),
        "managed": _needed(manifest, "Managed", re.compile("[01]")) == "1",
        "publisher": _needed(manifest, "Publisher/UniqueName", UNIQUE_NAME),
        "package_version": _version(root.get("SolutionPackageVersion") or root.get("version")),
        "components": list(_components(content)),
        "roles": dict(_roles(content)),
        "requires": list(_requires(manifest)),
    }


def _needed(manifest: ET.Element, path: str, shape: re.Pattern[str]) -> str:
    text = (manifest.findtext(path) or "").strip()
    if not shape.fullmatch(text):
        raise _refused(INVALID, f"solution.xml says {text!r} as {path}.")
    return text


def _version(text: str | None) -> str:
    if text and not VERSION.fullmatch(text):
        raise _refused(INVALID, "solution.xml says no version as SolutionPackageVersion.")
    return text or "0"


def _localized(manifest: ET.Element) -> str | None:
    name = manifest.find("LocalizedNames/LocalizedName")
    return None if name is None else name.get("description")


def _components(content: ET.Element) -> Iterator[dict[str, str]]:
    for section, element, path, identifier, name in SECTIONS:
        for each in content.findall(path):
            found = _value(each, identifier)
            yield {
                "section": section,
                "element": element,
                "id": found,
                "name": _value(each, name) or found,
            }


def _value(element: ET.Element, name: str) -> str:
    """An attribute, or the text of an element of that name."""
    return (element.get(name) or element.findtext(name) or "").strip()


def _roles(content: ET.Element) -> Iterator[tuple[str, dict[str, Any]]]:
    for role in content.findall("Roles/Role"):
        granted = role.findall("RolePrivileges/RolePrivilege")
        names = (each.get("name", "") for each in granted)
        privileges = {name: True for name in names if PRIVILEGE.fullmatch(name)}
        identifier = (role.get("id") or "").strip("{}").lower()
        if not GUID.fullmatch(identifier):
            raise _refused(INVALID, f"customizations.xml says {identifier!r} as a role's id.")
        yield identifier, {"name": role.get("name") or identifier, "privileges": privileges}


def _requires(manifest: ET.Element) -> Iterator[dict[str, dict[str, str]]]:
    for each in manifest.findall("MissingDependencies/MissingDependency"):
        required, dependent = each.find("Required"), each.find("Dependent")
        if required is not None:
            other = {} if dependent is None else dict(dependent.attrib)
            yield {"required": dict(required.attrib), "dependent": other}


def _refused(code: str, text: str) -> DataverseError:
    return DataverseError(400, code, text)
