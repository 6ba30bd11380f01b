"""`python -m simulator.sample_package FILE`: a made-up package of the integration solution.

It has the manifest of the real one (solution-file-reference) and almost nothing else; only the
simulated Sales takes it for what it says it is.
"""

import sys
import zipfile
from pathlib import Path

VERSION = "9.2.0.1"
_MANIFEST = f"""<?xml version="1.0" encoding="utf-8"?>
<ImportExportXml version="9.1.0.1" SolutionPackageVersion="9.1">
  <SolutionManifest>
    <UniqueName>MicrosoftDynamicsNavIntegration</UniqueName>
    <LocalizedNames>
      <LocalizedName description="Made-up integration solution" languagecode="1033" />
    </LocalizedNames>
    <Version>{VERSION}</Version>
    <Managed>1</Managed>
    <Publisher><UniqueName>example</UniqueName></Publisher>
    <MissingDependencies />
  </SolutionManifest>
</ImportExportXml>
"""
_CONTENT = (
    "<ImportExportXml><Entities><Entity><Name>nav_connection</Name></Entity></Entities>"
    "</ImportExportXml>"
)
_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types" />'
FILES = {
    "solution.xml": _MANIFEST,
    "customizations.xml": _CONTENT,
    "[Content_Types].xml": _TYPES,
}


def write(file: Path) -> None:
    """The same bytes each time."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in FILES.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 15, 8, 0, 0)), text)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
