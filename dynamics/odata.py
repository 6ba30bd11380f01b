"""OData's writing and reading of values: quoting, encoding, membership, ids, pages.

pa/webapi/query: quotes are doubled, values URL-encoded.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from json import dumps
from urllib.parse import quote
from uuid import UUID

from connection.errors import Unintelligible
from dynamics.bodies import object_of, unintelligible
from dynamics.calls import Answer, Service

NEXT_LINK = "@odata.nextLink"
Row = Mapping[str, object]
_ENCODED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_AS_WRITTEN = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch


def text_literal(value: str) -> str:
    """A string of OData, not yet URL-encoded."""
    return "'" + value.replace("'", "''") + "'"


def encoded(expression: str) -> str:
    """For a query option's value or a path segment; what OData writes plainly stays readable."""
    return quote(expression, safe="'(),:@$=")


def guid(service: Service, value: object) -> str:
    """A GUID as Microsoft writes it. Raises `Unintelligible` for what is none."""
    if isinstance(value, str) and _AS_WRITTEN(value):
        return value
    try:
        return str(UUID(str(value)))
    except ValueError:
        raise Unintelligible(
            f"{service} gave an id that is none.", "Report this if it happens again."
        ) from None


def plain_option(option: str) -> str:
    """An option of Business Central is shown by its name, in which `_x0020_` stands for a blank and
    so on: what OData does not allow in a name."""
    if "_x" not in option:
        return option
    return _ENCODED.sub(lambda found: chr(int(found[1], 16)), option)


def member_of(column: str, values: Iterable[str]) -> str:
    """A filter for rows whose column holds one of the values (the Web API's In function)."""
    listed = dumps(list(values), separators=(",", ":"))
    return f"Microsoft.Dynamics.CRM.In(PropertyName={text_literal(column)},PropertyValues={listed})"


def text_in(row: Row, name: str) -> str:
    """The column's text; '' where it is null or missing."""
    value = row.get(name)
    return value if isinstance(value, str) else ""


def plain_page(service: Service, answer: Answer) -> tuple[Sequence[Row], str]:
    """The objects under `value`, and the next link as it is written; '' on the last page."""
    body = object_of(service, answer)
    rows, link = body.get("value"), body.get(NEXT_LINK, "")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise unintelligible(service, answer)
    if not isinstance(link, str):
        raise unintelligible(service, answer)
    return rows, link
