"""What tests of changes share: the ids they name, and a package's file."""

import base64
from pathlib import Path

from connection.changes.remote import HeldSecret, SolutionPackage
from connection.identities import SecretOrigin, SecretRef
from tests.simulator.packing import INTEGRATION, package

KEY = "access-Key/of+the=Service&42"
JOB = "7a1c0de0-0000-4000-8000-000000000001"
_ORIGIN = SecretOrigin("bc.example", "", "access_key", "availability")
HELD = HeldSecret(SecretRef("k1", "T1", "c1", "odata_access_key", _ORIGIN), _ORIGIN)
CHOSEN = SolutionPackage("solution.zip", INTEGRATION, "9.2.0.0", managed=True, made_for=(9, 1))


def put(folder: Path, name: str = CHOSEN.file, encoded: str | None = None) -> Path:
    """A package's file; `encoded` is as `tests.simulator.packing` makes it."""
    file = folder / name
    file.write_bytes(base64.b64decode(package() if encoded is None else encoded))
    return file
