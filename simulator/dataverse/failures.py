"""How an import can fail: the variants that the fact `imports.fails` names, one row each.

Codes: the error reference (ImportSolutionError, ImportMissingDependenciesError, PrivilegeDenied,
SqlTimeout, ImportSolutionPackageInvalidSolutionPackageVersion). Where the progress stops is
inferred, but for missing dependencies, which a published log shows.
"""

from typing import Any
from xml.etree import ElementTree as ET

Failure = dict[str, Any]
"""JSON: code, statuscode, stops_at (progress), at (`manifest` or `component`), text, missing."""

FAILED, CANCELED = 31, 32
IMPORT_FAILED = "0x80048033"
MISSING_DEPENDENCIES = "0x8004801D"
NEWER_PACKAGE = "0x80048068"
MANIFEST_READ = 14.84


def failure(code: str, text: str, **more: Any) -> Failure:
    """One that the manifest brings, unless `more` says otherwise."""
    usual = {"statuscode": FAILED, "stops_at": MANIFEST_READ, "at": "manifest", "missing": []}
    return {"code": code, "text": text, **usual, **more}


def missing_dependencies(name: str, missing: list[dict[str, Any]]) -> Failure:
    text = (
        f"{name} cannot be imported, for some dependencies are missing: {dependencies_xml(missing)}"
    )
    return failure(MISSING_DEPENDENCIES, text, missing=missing)


def dependencies_xml(missing: list[dict[str, Any]]) -> str:
    root = ET.Element("MissingDependencies")
    for each in missing:
        pair = ET.SubElement(root, "MissingDependency")
        ET.SubElement(pair, "Required", each["required"])
        ET.SubElement(pair, "Dependent", each["dependent"])
    return ET.tostring(root, encoding="unicode")


_ABSENT = {
    "required": {
        "key": "0",
        "type": "1",
        "schemaName": "example_pricelistrule",
        "displayName": "Price List Rule (example)",
        "solution": "ExamplePricing (2.1.0.0)",
        "id": "{2f1a6a52-0c3e-4c0e-9b55-5f4c4f7f0b11}",
    },
    "dependent": {"key": "1", "type": "60", "displayName": "Information (example)"},
}

VARIANTS: dict[str, Failure] = {
    "dependencies": missing_dependencies("The solution", [_ABSENT]),
    "component": failure(
        IMPORT_FAILED, "A component of the solution failed.", stops_at=62.5, at="component"
    ),
    "privileges": failure(
        "0x80040220",
        "The importing user is missing the prvCreateEntity privilege.",
        stops_at=37.5,
        at="component",
    ),
    "timeout": failure("0x80044151", "SQL timeout expired.", stops_at=80.0, at="component"),
    "canceled": failure(
        IMPORT_FAILED,
        "The job was canceled.",
        statuscode=CANCELED,
        stops_at=50.0,
        at="component",
    ),
    "newer-version": failure(
        NEWER_PACKAGE, "The package was made for a newer version than this one.", stops_at=0.0
    ),
}
