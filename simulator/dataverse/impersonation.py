"""Acting for somebody else (pa/webapi/impersonate-another-user-web-api.md).

The caller needs prvActOnBehalfOfAnotherUser; what may be done is what both may do.
"""

from collections.abc import Mapping

from simulator.dataverse.errors import DataverseError, missing
from simulator.dataverse.session import Session

HEADERS = (
    ("CallerObjectId", "azureactivedirectoryobjectid"),
    ("MSCRMCallerID", "systemuserid"),
)
PRIVILEGE = "prvActOnBehalfOfAnotherUser"


def acting_user(session: Session, headers: Mapping[str, str]) -> str | None:
    """The key of the user whom a header names: by Entra's object id, or by the row's id."""
    for name, column in HEADERS:
        wanted = headers.get(name)
        if wanted is None:
            continue
        session.require(PRIVILEGE, "systemuser")
        key = session.key_of("systemusers", column, wanted.strip())
        if key is None:
            raise missing("systemuser", wanted)
        if session.rows("systemusers")[key].get("isdisabled"):
            text = "The user to act for is disabled in this organization."
            raise DataverseError(403, "0x80040225", text)
        return key
    return None
