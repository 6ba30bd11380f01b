"""The log of an import: the XML in `importjobs.data`, and the same as a sheet for Excel.

Shape: "work with solutions" in the developer guide (ImportJob.Data) and published logs; which
attributes a component has beside its id and name is inferred. The sheet is SpreadsheetML 2003.
"""

from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

from simulator.dataverse.failures import Failure, dependencies_xml
from simulator.dataverse.packages import SECTIONS, Package

TICKS_BEFORE_1970 = 621_355_968_000_000_000
LANGUAGE = "1033"
SHEET = "urn:schemas-microsoft-com:office:spreadsheet"


def import_log(
    package: Package,
    *,
    started: float,
    seen: float,
    progress: float,
    failure: Failure | None,
) -> str:
    """As it stands at `seen`, both in seconds since 1970; `failure` once it has happened."""
    done = progress >= 100 or failure is not None
    root = ET.Element("importexportxml")
    root.set("start", _ticks(started))
    root.set("stop", _ticks(seen) if done else "")
    root.set("progress", f"{progress:g}")
    root.set("processed", _boolean(done))
    early = failure is not None and failure["at"] == "manifest"
    _manifest(root, package, failure if early else None, seen, read=progress > 0 or done)
    processed = 0 if early else int(len(package["components"]) * progress / 100)
    sections = {section: ET.SubElement(root, section) for section, *_ in SECTIONS}
    for place, component in enumerate(package["components"]):
        fails = failure if failure is not None and place == processed and not early else None
        element = ET.SubElement(sections[component["section"]], component["element"])
        element.set("id", component["id"])
        element.set("LocalizedName", component["name"])
        element.set("processed", _boolean(place < processed or fails is not None))
        if place < processed or fails is not None:
            _result(element, fails, seen)
    return ET.tostring(root, encoding="unicode")


def _manifest(
    root: ET.Element, package: Package, failure: Failure | None, seen: float, *, read: bool
) -> None:
    parent = ET.SubElement(root, "solutionManifests")
    name, friendly = package["unique_name"], package["friendly_name"]
    manifest = ET.SubElement(parent, "solutionManifest")
    for attribute, value in (
        ("languagecode", LANGUAGE),
        ("id", name),
        ("LocalizedName", friendly),
        ("processed", _boolean(read)),
    ):
        manifest.set(attribute, value)
    _text(manifest, "UniqueName", name)
    names = ET.SubElement(manifest, "LocalizedNames")
    ET.SubElement(names, "LocalizedName", description=friendly, languagecode=LANGUAGE)
    _text(manifest, "Version", package["version"])
    _text(manifest, "Managed", "1" if package["managed"] else "0")
    _text(ET.SubElement(manifest, "Publisher"), "UniqueName", package["publisher"])
    if read:
        _result(manifest, failure, seen)


def _result(parent: ET.Element, failure: Failure | None, seen: float) -> None:
    at = datetime.fromtimestamp(seen, UTC)
    result = ET.SubElement(parent, "result")
    result.set("result", "success" if failure is None else "failure")
    result.set("errorcode", "0" if failure is None else failure["code"])
    result.set("errortext", "" if failure is None else failure["text"])
    result.set("datetime", f"{at:%H:%M:%S}.{at.microsecond // 10_000:02}")
    result.set("datetimeticks", _ticks(seen))
    if failure is not None and failure["missing"]:
        result.append(ET.fromstring(dependencies_xml(failure["missing"])))  # noqa: S314


def formatted(log: str) -> str:
    """What the administrator downloads: one line for each thing that has a result."""
    ET.register_namespace("ss", SHEET)
    book = ET.Element(f"{{{SHEET}}}Workbook")
    sheet = ET.SubElement(book, f"{{{SHEET}}}Worksheet", {f"{{{SHEET}}}Name": "Components"})
    table = ET.SubElement(sheet, f"{{{SHEET}}}Table")
    _line(table, ("Date/Time", "Type", "Name", "Status", "ErrorCode", "Description"))
    for parent in ET.fromstring(log).iter():  # noqa: S314
        for result in parent.findall("result"):
            given = result.attrib
            what: tuple[Any, ...] = (given["datetime"], parent.tag, parent.get("LocalizedName"))
            outcome = (given["result"], given["errorcode"], given["errortext"])
            _line(table, (*what, *outcome))
    text = ET.tostring(book, encoding="unicode")
    return f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>{text}'


def _line(table: ET.Element, cells: tuple[Any, ...]) -> None:
    row = ET.SubElement(table, f"{{{SHEET}}}Row")
    for cell in cells:
        place = ET.SubElement(row, f"{{{SHEET}}}Cell")
        data = ET.SubElement(place, f"{{{SHEET}}}Data", {f"{{{SHEET}}}Type": "String"})
        data.text = str(cell or "")


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text


def _ticks(moment: float) -> str:
    """Tenths of a microsecond since the year 1."""
    return str(int(moment * 10_000_000) + TICKS_BEFORE_1970)


def _boolean(value: object) -> str:
    return "true" if value else "false"
