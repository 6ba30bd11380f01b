"""What `Prefer: odata.include-annotations` adds: formatted values, and where lookups lead.

pa/webapi/query/select-columns.md, "Formatted values" and "Lookup property data"; one language.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from simulator.dataverse.links import looked_up
from simulator.dataverse.preferences import Preferences
from simulator.dataverse.session import Session
from simulator.dataverse.shapes import Column, Table
from simulator.dataverse.tables import TABLES
from simulator.odata.kinds import Kind

Row = dict[str, Any]
FORMATTED = "OData.Community.Display.V1.FormattedValue"
LOGICAL_NAME = "Microsoft.Dynamics.CRM.lookuplogicalname"
NAVIGATION = "Microsoft.Dynamics.CRM.associatednavigationproperty"
COUNT = "Microsoft.Dynamics.CRM.totalrecordcount"
EXCEEDED = "Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"


def annotations_of(
    session: Session, table: Table, row: Row, name: str, preferences: Preferences
) -> Iterator[tuple[str, str]]:
    """The annotations of one column of one row; null has none."""
    value = row.get(name)
    if value is None:
        return
    link = next((each for each, one in table.lookups.items() if one.column == name), None)
    if link is None:
        text = formatted(table.columns[name], value)
        if text is not None and preferences.annotates(FORMATTED):
            yield f"{name}@{FORMATTED}", text
        return
    target = TABLES[table.lookups[link].target]
    other = looked_up(session, table.lookups[link], row)
    if other is not None and preferences.annotates(FORMATTED):
        yield f"{name}@{FORMATTED}", str(other.get(target.primary_name) or "")
    if preferences.annotates(NAVIGATION):
        yield f"{name}@{NAVIGATION}", link
    if preferences.annotates(LOGICAL_NAME):
        yield f"{name}@{LOGICAL_NAME}", target.entity


def formatted(column: Column, value: Any) -> str | None:
    """As an American English user sees it; text and ids have no other form."""
    if column.options is not None:
        return column.options.get(value)
    if column.kind == Kind.BOOLEAN:
        return "Yes" if value else "No"
    if column.kind in (Kind.INTEGER, Kind.LONG):
        return f"{value:,}"
    if column.kind in (Kind.DOUBLE, Kind.DECIMAL):
        return f"{value:,.2f}"
    return _moment(value) if column.kind == Kind.TIME else None


def _moment(value: str) -> str:
    moment = datetime.fromisoformat(value)
    half = "PM" if moment.hour >= 12 else "AM"
    day = f"{moment.month}/{moment.day}/{moment.year}"
    return f"{day} {moment.hour % 12 or 12}:{moment.minute:02} {half}"
