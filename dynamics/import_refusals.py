"""What the codes mean that an import of a solution fails with, at once or in its log.

Codes: the Web API's error reference; 0x80071151: the support article on concurrent solution
operation failures.
"""

from connection.errors import RequestRefused, ServerDown, Throttled
from dynamics.meanings import Meaning, Meanings

_HISTORY = "the Power Platform maker portal, under Solutions, History"
_COPY = "Copy the package into D365BOT_SOLUTION_DIR again, from where Microsoft ships it."

IMPORT_CODES: Meanings = {
    "0x80048033": Meaning(
        RequestRefused,
        "Sales could not import the solution",
        f"Read the import log in {_HISTORY}.",
        quotes=True,
    ),
    "0x8004801d": Meaning(
        RequestRefused,
        "Sales lacks what the solution needs",
        "Install or update in Sales what it names, in the Power Platform admin center under "
        "Dynamics 365 apps, and import again.",
        quotes=True,
    ),
    "0x80048068": Meaning(
        RequestRefused,
        "The solution package is made for a newer version of Dataverse than Sales has",
        "Put a package for this version into D365BOT_SOLUTION_DIR, or wait for the update of Sales "
        "that the Power Platform admin center announces.",
        quotes=True,
    ),
    "0x80044151": Meaning(
        ServerDown,
        "Sales did not finish in time",
        "Try again when few people work in Sales. If it stays, give the reference shown to "
        "Microsoft's support.",
        quotes=True,
    ),
    "0x80048040": Meaning(
        RequestRefused,
        "The solution is in Sales already, as an unmanaged one",
        "Ask who made it, and delete that solution in the Power Platform maker portal; its tables "
        "and rows stay. Then import again.",
        quotes=True,
    ),
    "0x80048041": Meaning(
        RequestRefused,
        "The solution is managed in Sales, and the package is not",
        "Put the managed package into D365BOT_SOLUTION_DIR.",
        quotes=True,
    ),
    "0x8004801c": Meaning(
        RequestRefused,
        "The solution in Sales is by another publisher than the package",
        f"Look in {_HISTORY}, who installed it, and use Microsoft's own package.",
        quotes=True,
    ),
    "0x80048060": Meaning(
        RequestRefused, "Sales cannot open the solution package", _COPY, quotes=True
    ),
    "0x80048013": Meaning(
        RequestRefused, "Sales cannot read the solution package", _COPY, quotes=True
    ),
    "0x8004801a": Meaning(
        RequestRefused, "Sales does not accept the solution package", _COPY, quotes=True
    ),
    "0x80071151": Meaning(
        Throttled,
        "Sales is busy importing, removing or publishing a solution.",
        f"Nothing was started. Wait until that is over: it stands in {_HISTORY}.",
    ),
}
