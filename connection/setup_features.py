"""The features of a connection, the second part of the setup form: what it is to have once enabled.

Defaults and dependencies are those of version 15: of its guide (page 1817) for the solution, item
availability and sales orders, of table 5330 for the rest. The Sales Hub is looked for by Business
Central whenever it is enabled, so it is wanted by default.
"""

from enum import StrEnum

from connection import field_rules as rules
from connection import secret_rules
from connection.setup_fields import FieldKind, FormPart, GivenFor, SecretKind, When, field_of


class ImportSolution(StrEnum):
    """Whether the integration solution is to be in Sales; its features need it there."""

    YES = "yes"
    INSTALLED = "installed"
    NO = "no"


YES, NO = "yes", "no"
_NO_YES = ((NO, "No"), (YES, "Yes"))
_YES_NO = ((YES, "Yes"), (NO, "No"))
_SOLUTION: When = (("import_solution", (ImportSolution.YES, ImportSolution.INSTALLED)),)
_AVAILABILITY: When = (*_SOLUTION, ("item_availability", (YES,)))
_ORDERS: When = (*_SOLUTION, ("sales_orders", (YES,)))
_NEEDS_SOLUTION = "needs the integration solution in Sales."

IMPORT_SOLUTION = field_of(
    "Import the integration solution",
    "Puts Microsoft's solution into Sales where it is missing: links between records, statistics, "
    "and what the features below need.",
    kind=FieldKind.CHOICE,
    choices=(
        (ImportSolution.YES, "Yes, where it is missing"),
        (ImportSolution.INSTALLED, "No, it is installed already"),
        (ImportSolution.NO, "No, do without it"),
    ),
    default=ImportSolution.YES,
    part=FormPart.FEATURES,
)
ITEM_AVAILABILITY = field_of(
    "Item availability in Sales",
    "People in Sales see how many items are in stock. Business Central publishes the web service "
    "ProductItemAvailability for it (versions 15 to 17).",
    kind=FieldKind.CHOICE,
    choices=_NO_YES,
    default=NO,
    only_with=_SOLUTION,
    otherwise=_NEEDS_SOLUTION,
    part=FormPart.FEATURES,
)
ODATA_URL = field_of(
    "OData web service URL for item availability",
    "Leave it empty to take the one that Business Central gives the service.",
    kind=FieldKind.URL,
    rule=rules.web_address,
    required=False,
    only_with=_AVAILABILITY,
    part=FormPart.FEATURES,
)
ODATA_USER_NAME = field_of(
    "OData web service user name for item availability",
    "The Business Central user that Sales reads availability as. It needs a web service access "
    "key.",
    rule=rules.user_name,
    required=False,
    only_with=_AVAILABILITY,
    personal=True,
    part=FormPart.FEATURES,
)
_ODATA_KEY = GivenFor("sales_url", "tenant", "odata_user_name", "item_availability", YES)
ODATA_ACCESS_KEY = field_of(
    "OData web service access key for item availability",
    "The web service access key of that user. Sales keeps it readable for those who may read the "
    "connection's row, so give a user who may read little.",
    secret=SecretKind.ACCESS_KEY,
    rule=secret_rules.access_key,
    given_for=_ODATA_KEY,
    only_with=_AVAILABILITY,
    part=FormPart.FEATURES,
)
SALES_ORDERS = field_of(
    "Sales order integration",
    "Orders that are submitted in Sales can be made sales orders in Business Central. It cannot be "
    "turned off while an order in Sales is submitted.",
    kind=FieldKind.CHOICE,
    choices=_YES_NO,
    default=YES,
    only_with=_SOLUTION,
    otherwise=_NEEDS_SOLUTION,
    part=FormPart.FEATURES,
)
AUTO_CREATE_ORDERS = field_of(
    "Create sales orders automatically",
    "A job makes a sales order in Business Central of each order that is submitted in Sales.",
    kind=FieldKind.CHOICE,
    choices=_NO_YES,
    default=NO,
    only_with=_ORDERS,
    otherwise="needs sales order integration.",
    part=FormPart.FEATURES,
)
AUTO_PROCESS_QUOTES = field_of(
    "Process sales quotes automatically",
    "A job takes quotes that are activated or won in Sales over into Business Central.",
    kind=FieldKind.CHOICE,
    choices=_NO_YES,
    default=NO,
    part=FormPart.FEATURES,
)
WEB_CLIENT_URL = field_of(
    "Business Central web client URL",
    "Where links in Sales open records of Business Central. Leave it empty for Business Central's "
    "own.",
    kind=FieldKind.URL,
    rule=rules.web_address,
    required=False,
    only_with=_SOLUTION,
    otherwise=_NEEDS_SOLUTION,
    part=FormPart.FEATURES,
)
USERS_MUST_MAP = field_of(
    "Business Central users must map to Sales users",
    "Whoever has no user in Sales with their email loses the integration: /d365 users tells who. "
    "Gone in version 26.",
    kind=FieldKind.CHOICE,
    choices=_NO_YES,
    default=NO,
    part=FormPart.FEATURES,
)
SALES_HUB = field_of(
    "Open coupled records in the Sales Hub",
    "Where Sales has the app of that name. Business Central turns it on by itself when it is "
    "enabled.",
    kind=FieldKind.CHOICE,
    choices=_YES_NO,
    default=YES,
    part=FormPart.FEATURES,
)


def followed(before: str, typed: dict[str, str]) -> dict[str, str]:
    """What was typed, with item availability switched as the solution is: so does the guide when
    its import is switched. `before` is what `import_solution` was."""
    now = typed.get("import_solution", before)
    if now == before or ImportSolution.NO not in (before, now):
        return typed
    return {**typed, "item_availability": YES if now == ImportSolution.YES else NO}
