"""Makes tiny solution packages as they are exported: a zip with manifest and customizations."""

import base64
import io
import zipfile
from typing import Any
from xml.sax.saxutils import quoteattr

INTEGRATION = "MicrosoftDynamicsNavIntegration"
CONTENT_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types" />'
TABLES = "<Entities><Entity><Name>nav_connection</Name></Entity></Entities>"
MORE = (
    '<optionsets><optionset Name="nav_state" localizedName="State" /></optionsets>'
    '<Workflows><Workflow WorkflowId="{3e893809-5f6b-44cd-8982-458eb0abb1a4}" Name="Check" />'
    "</Workflows><WebResources><WebResource><WebResourceId>nav_script</WebResourceId><Name>nav_script</Name></WebResource></WebResources>"
)


def role(root_id: str, name: str, *privileges: str) -> str:
    granted = "".join(f'<RolePrivilege name="{each}" level="Global" />' for each in privileges)
    attributes = f'id="{{{root_id}}}" name={quoteattr(name)}'
    return f"<Role {attributes}><RolePrivileges>{granted}</RolePrivileges></Role>"


def needs(solution: str, schema_name: str = "example_table") -> str:
    return (
        f'<MissingDependency><Required key="0" type="1" schemaName="{schema_name}" '
        f'displayName="Example" solution="{solution}" id="{{2f1a6a52-0c3e-4c0e-9b55-5f4c4f7f0b11}}"'
        ' /><Dependent key="1" type="60" displayName="Form" /></MissingDependency>'
    )


def manifest(
    name: str = INTEGRATION,
    version: str = "9.2.0.0",
    *,
    managed: bool = True,
    publisher: str = "example",
    package_version: str = "9.1",
    dependencies: str = "",
) -> str:
    return f"""<?xml version="1.0" encoding="utf-8"?>
<ImportExportXml version="{package_version}.0.1" SolutionPackageVersion="{package_version}">
  <SolutionManifest>
    <UniqueName>{name}</UniqueName>
    <LocalizedNames><LocalizedName description="{name} (example)" languagecode="1033" />
    </LocalizedNames>
    <Version>{version}</Version>
    <Managed>{int(managed)}</Managed>
    <Publisher><UniqueName>{publisher}</UniqueName></Publisher>
    <MissingDependencies>{dependencies}</MissingDependencies>
  </SolutionManifest>
</ImportExportXml>"""


def zipped(files: dict[str, str]) -> str:
    """Base64 of a zip, as a `CustomizationFile` is sent."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return base64.b64encode(content.getvalue()).decode()


def files(content: str = TABLES + MORE, roles: str = "", **said: Any) -> dict[str, str]:
    return {
        "solution.xml": manifest(**said),
        "customizations.xml": f"<ImportExportXml>{content}<Roles>{roles}</Roles></ImportExportXml>",
        "[Content_Types].xml": CONTENT_TYPES,
    }


def package(content: str = TABLES + MORE, roles: str = "", **said: Any) -> str:
    return zipped(files(content, roles, **said))
