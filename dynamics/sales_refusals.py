"""What Dataverse's refusals mean, by code and by status.

Codes: the Web API error reference and the support article on client errors; some are known from
third parties only, and none decides more than the words shown.
"""

import re

from connection.errors import (
    CallerDisabled,
    Changed,
    Forbidden,
    NotFound,
    NotInOrganisation,
    PrivilegeMissing,
    RemoteFault,
    RequestRefused,
    Throttled,
    Unauthorised,
)
from dynamics.import_refusals import IMPORT_CODES
from dynamics.meanings import Meaning, Meanings

_USERS = "In the Power Platform admin center open the environment, Settings, "
_AGAIN = "Read it again and repeat the change."
_OWN_APP = (
    "If it stays, other programs sign in as the same user or app: give the bot an app of its own."
)
_DISABLED = Meaning(
    CallerDisabled,
    "The signed-in user is disabled in Sales.",
    f"{_USERS}Users or Application users: enable it.",
)
_DUPLICATE = Meaning(
    Changed,
    "Sales already has such a record.",
    "Look whether somebody else created it in between, then repeat the change.",
)

SALES_CODES: Meanings = {
    "0x80040220": Meaning(
        PrivilegeMissing,
        "The signed-in user lacks {privilege} in Sales.",
        f"{_USERS}Users or Application users: give it a security role with {{privilege}}.",
    ),
    "0x80048306": Meaning(
        Forbidden,
        "The signed-in user may not use this record in Sales.",
        "Share the record with it, or give it a role with the privilege for the organisation.",
    ),
    "0x80072560": Meaning(
        NotInOrganisation,
        "Who signed in is no user of this Sales organisation.",
        f"{_USERS}Users: add the user; or Application users for an app: add it with its client id. "
        "Then give it a security role.",
    ),
    "0x80072559": Meaning(
        RemoteFault,
        "Sales and Entra ID do not agree about the sign-in",
        "Check the tenant and the Sales URL with /d365 setup, and that the app exists there.",
        quotes=True,
    ),
    "0x8005f101": Meaning(
        Unauthorised,
        "The sign-in to Sales has expired.",
        "Try again: the bot signs in anew. If it stays, set the clock of the bot's machine.",
    ),
    "0x80040225": _DISABLED,
    "0x8004d24b": _DISABLED,
    "0x80048405": Meaning(
        Forbidden,
        "Sales denies access",
        "The environment may be in administration mode: look in the Power Platform admin center.",
        quotes=True,
    ),
    "0x80048d2f": Meaning(
        Forbidden,
        "Only a System Administrator of Sales may change a user's access mode.",
        "Sign in as a System Administrator, or let one make the change.",
    ),
    "0x80040217": Meaning(
        NotFound,
        "Sales has no record with that id",
        "Try again, and look in Sales whether somebody deleted it.",
        quotes=True,
    ),
    "0x80060891": Meaning(
        NotFound,
        "Sales has no record with that key.",
        "Try again, and look in Sales whether somebody deleted or renamed it.",
    ),
    "0x8006088a": Meaning(
        NotFound,
        "This Sales organisation lacks a table or function that the bot asked for",
        "Check that the Sales app, and where needed the integration solution, is installed.",
        quotes=True,
    ),
    "0x80060892": _DUPLICATE,
    "0x80040237": _DUPLICATE,
    "0x80040333": _DUPLICATE,
    "0x80060882": Meaning(Changed, "Somebody else changed the record in Sales in between.", _AGAIN),
    "0x80040265": Meaning(
        RequestRefused,
        "A plug-in in Sales refused the change",
        "Ask the administrator of Sales what that plug-in wants.",
        quotes=True,
    ),
    "0x80048350": Meaning(
        RequestRefused,
        "A group team may only be given roles that its members inherit.",
        "Set the role's privilege inheritance to direct user and team, or choose another role.",
    ),
    "0x80048d19": Meaning(
        RequestRefused,
        "Sales does not understand what the bot sent",
        "Report this with the reference shown.",
        quotes=True,
    ),
    "0x0": Meaning(
        RequestRefused,
        "This Sales organisation does not know a column that the bot asked for",
        "Report this with the reference shown and the version of Sales.",
        quotes=True,
    ),
    "0x80044331": Meaning(
        RequestRefused, "A text is longer than Sales can store", "Shorten it.", quotes=True
    ),
    "0x80072322": Meaning(
        Throttled,
        "Sales is refusing calls because there were too many within five minutes.",
        _OWN_APP,
    ),
    "0x80072321": Meaning(
        Throttled,
        "Sales is refusing calls because the earlier ones took too long together.",
        _OWN_APP,
    ),
    "0x80072326": Meaning(
        Throttled, "Sales is refusing calls because too many ran at once.", _OWN_APP
    ),
    **IMPORT_CODES,
}

SALES_STATUSES: dict[int, Meaning] = {
    400: Meaning(
        RemoteFault,
        "Sales did not accept the request",
        "Report this with the reference shown.",
        quotes=True,
    ),
    401: Meaning(
        RemoteFault,
        "Sales does not accept the sign-in.",
        "Check that the tenant is the one of this Sales organisation, with /d365 setup.",
    ),
    403: Meaning(
        RemoteFault,
        "Sales does not allow this",
        f"{_USERS}Users or Application users: check the security roles of who signed in.",
        quotes=True,
    ),
    404: Meaning(
        RemoteFault,
        "Sales has nothing at this address",
        "Check the Sales URL with /d365 setup: it must lead to the organisation itself.",
        quotes=True,
    ),
    405: Meaning(
        RemoteFault,
        "Sales does not do this at this address",
        "Report this with the reference shown.",
        quotes=True,
    ),
    408: Meaning(RemoteFault, "Sales did not finish in time.", "Try again in a minute."),
    409: Meaning(RemoteFault, "Somebody else is changing this in Sales", _AGAIN, quotes=True),
    412: Meaning(
        RemoteFault, "Somebody else changed the record in Sales in between", _AGAIN, quotes=True
    ),
    413: Meaning(
        RemoteFault, "The request is larger than Sales accepts.", "Do it in smaller parts."
    ),
}


def privilege_in(said: str) -> str:
    """The privilege's name in Dataverse's sentence, such as prvReadUser; '' without one."""
    found = re.search(r"\bprv\w+", said)
    return found[0] if found else ""
