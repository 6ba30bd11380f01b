"""Exporting a solution: at once, or as a job whose file is fetched when it is over.

webapi/reference: exportsolution(async), downloadsolutionexportdata. Codes: the error reference
(ExportManagedSolutionError, ExportMissingSolutionError). What is refused before a job is over is
inferred. The package holds the manifest and the roles; the simulator knows no other component.
"""

import base64
import io
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

from simulator.dataverse.errors import DataverseError
from simulator.dataverse.installed import Organisation, Row, installed, parts_of
from simulator.dataverse.jobs import start
from simulator.dataverse.session import Session

Values = dict[str, Any]
NO_FOLDER_TIME = (1980, 1, 1, 0, 0, 0)
CONTENT_TYPES = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/octet-stream" /></Types>'
)


async def export_now(session: Session, values: Values) -> Values | None:
    row = _exportable(session, values)
    return {"ExportSolutionFile": _file(session.organisation, row, managed=values["Managed"])}


async def export_later(session: Session, values: Values) -> Values | None:
    row = _exportable(session, values)
    job = start(
        session.world,
        session.organisation,
        operation="Export",
        solution=row["uniquename"],
        user=session.user["systemuserid"],
    )
    export_id = session.world.draw.guid()
    file = _file(session.organisation, row, managed=values["Managed"])
    session.organisation["exports"][export_id] = {"file": file, "job": job["key"]}
    return {"AsyncOperationId": job["asyncoperationid"], "ExportJobId": export_id}


async def download(session: Session, values: Values) -> Values | None:
    session.require("prvExportCustomization", "solution")
    wanted = values["ExportJobId"].lower()
    export = session.organisation["exports"].get(wanted)
    if export is None:
        raise DataverseError(
            404, "0x80040217", f"Entity 'exportsolutionupload' With Id = {wanted} Does Not Exist"
        )
    if export["job"] in session.organisation["jobs"]:
        raise DataverseError(400, "0x80048035", "The export is not over yet.")
    return {"ExportSolutionFile": export["file"]}


def _exportable(session: Session, values: Values) -> Row:
    session.require("prvExportCustomization", "solution")
    row = installed(session.organisation, values["SolutionName"])
    if row is None:
        raise DataverseError(404, "0x80048037", f"There is no solution {values['SolutionName']}.")
    if row["ismanaged"]:
        raise DataverseError(400, "0x80048036", f"{row['uniquename']} is managed.")
    return row


def _file(organisation: Organisation, row: Row, *, managed: bool) -> str:
    """Base64 of a package that ImportSolution takes back."""
    content = io.BytesIO()
    files = {
        "solution.xml": _manifest(organisation, row, managed=managed),
        "customizations.xml": _content(organisation, row),
        "[Content_Types].xml": CONTENT_TYPES,
    }
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, NO_FOLDER_TIME), text)
    return base64.b64encode(content.getvalue()).decode()


def _manifest(organisation: Organisation, row: Row, *, managed: bool) -> str:
    version = ".".join(organisation["version"].split(".")[:2])
    root = ET.Element("ImportExportXml", SolutionPackageVersion=version)
    manifest = ET.SubElement(root, "SolutionManifest")
    publisher = parts_of(organisation, row["uniquename"])["publisher"] or "example"
    ET.SubElement(manifest, "UniqueName").text = row["uniquename"]
    names = ET.SubElement(manifest, "LocalizedNames")
    ET.SubElement(names, "LocalizedName", description=row["friendlyname"], languagecode="1033")
    ET.SubElement(manifest, "Version").text = row["version"]
    ET.SubElement(manifest, "Managed").text = "1" if managed else "0"
    by = ET.SubElement(manifest, "Publisher")
    ET.SubElement(by, "UniqueName").text = publisher
    return ET.tostring(root, encoding="unicode")


def _content(organisation: Organisation, row: Row) -> str:
    root = ET.Element("ImportExportXml")
    parent = ET.SubElement(root, "Roles")
    names = {
        each["_parentrootroleid_value"]: each["name"]
        for each in organisation["tables"]["roles"].values()
    }
    for root_id in parts_of(organisation, row["uniquename"])["roles"]:
        name = names.get(root_id, root_id)
        role = ET.SubElement(parent, "Role", id=f"{{{root_id}}}", name=name)
        granted = ET.SubElement(role, "RolePrivileges")
        for privilege in organisation["privileges"].get(name, {}):
            ET.SubElement(granted, "RolePrivilege", name=privilege, level="Global")
    return ET.tostring(root, encoding="unicode")
