"""Columns as rows of metadata, with the type that each has there (AttributeMetadata reference)."""

from typing import Any

from simulator.dataverse.columns import GUID, of
from simulator.dataverse.definitions import FLAG, LABEL, NAME, label, logical_name, metadata_id
from simulator.dataverse.shapes import Column, Table
from simulator.dataverse.tables import TABLES
from simulator.odata.kinds import Kind

Row = dict[str, Any]

ATTRIBUTES = Table(
    "Attributes",
    "AttributeMetadata",
    "MetadataId",
    "LogicalName",
    "Attribute",
    {
        "MetadataId": GUID,
        "LogicalName": NAME,
        "SchemaName": NAME,
        "EntityLogicalName": NAME,
        "AttributeType": NAME,
        "AttributeTypeName": LABEL,
        "DisplayName": LABEL,
        "RequiredLevel": LABEL,
        "IsPrimaryId": FLAG,
        "IsPrimaryName": FLAG,
        "IsValidForCreate": FLAG,
        "IsValidForRead": FLAG,
        "IsValidForUpdate": FLAG,
        "IsCustomAttribute": FLAG,
    },
)
TYPED = Table(
    "Attributes",
    "TypedAttributeMetadata",
    "MetadataId",
    "LogicalName",
    "Attribute",
    {
        **ATTRIBUTES.columns,
        "MaxLength": of(Kind.INTEGER),
        "MinValue": of(Kind.DOUBLE),
        "MaxValue": of(Kind.DOUBLE),
        "Precision": of(Kind.INTEGER),
        "Format": NAME,
        "FormatName": LABEL,
        "Targets": of(Kind.STRINGS),
    },
)
"""What the derived types have more; an attribute shows what its own type has."""

# kind -> AttributeType, and the name of the type in metadata
TYPES: dict[Kind, tuple[str, str]] = {
    Kind.GUID: ("Uniqueidentifier", "UniqueIdentifier"),
    Kind.STRING: ("String", "String"),
    Kind.BOOLEAN: ("Boolean", "Boolean"),
    Kind.INTEGER: ("Integer", "Integer"),
    Kind.LONG: ("BigInt", "BigInt"),
    Kind.DOUBLE: ("Double", "Double"),
    Kind.DECIMAL: ("Decimal", "Decimal"),
    Kind.TIME: ("DateTime", "DateTime"),
}
CHOICES = {"statecode": ("State", "State"), "statuscode": ("Status", "Status")}


def attribute_rows(table: Table) -> list[Row]:
    return [_row(table, name, column) for name, column in table.columns.items()]


def option_set(table: Table, attribute: Row) -> Row | None:
    """The options of a choice, as `$expand=OptionSet` shows them."""
    column = table.columns.get(attribute["LogicalName"])
    if column is None or column.options is None:
        return None
    options = [{"Value": number, "Label": label(words)} for number, words in column.options.items()]
    name = f"{table.entity}_{attribute['LogicalName']}"
    return {"MetadataId": metadata_id("options", name), "Name": name, "Options": options}


def _row(table: Table, name: str, column: Column) -> Row:
    logical = logical_name(name)
    kind, typed = _type_of(name, logical, column)
    required = "SystemRequired" if name == table.key else "None"
    return {
        "@odata.type": f"#Microsoft.Dynamics.CRM.{typed}AttributeMetadata",
        "MetadataId": metadata_id(table.entity, logical),
        "LogicalName": logical,
        "SchemaName": logical if "_" in logical else logical.capitalize(),
        "EntityLogicalName": table.entity,
        "AttributeType": kind,
        "AttributeTypeName": {"Value": f"{kind}Type"},
        "DisplayName": label(logical),
        "RequiredLevel": {"Value": required, "CanBeChanged": False},
        "IsPrimaryId": name == table.key,
        "IsPrimaryName": name == table.primary_name,
        "IsValidForCreate": column.writes and table.creates,
        "IsValidForRead": True,
        "IsValidForUpdate": _written(table, name, column) and table.updates,
        "IsCustomAttribute": logical.startswith(("nav_", "msdyn_")),
        **_typed(table, name, column),
    }


def _type_of(name: str, logical: str, column: Column) -> tuple[str, str]:
    if name != logical:
        return "Lookup", "Lookup"
    if column.options is not None:
        return CHOICES.get(name, ("Picklist", "Picklist"))
    return TYPES[column.kind]


def _written(table: Table, name: str, column: Column) -> bool:
    return column.writes or any(
        lookup.writes for lookup in table.lookups.values() if lookup.column == name
    )


def _typed(table: Table, name: str, column: Column) -> Row:
    if column.kind == Kind.STRING:
        return {"MaxLength": column.limit, "Format": "Text", "FormatName": {"Value": "Text"}}
    if column.kind == Kind.INTEGER and column.options is None:
        return {"MinValue": -(2**31), "MaxValue": 2**31 - 1, "Format": "None"}
    if column.kind in (Kind.DOUBLE, Kind.DECIMAL):
        return {"MinValue": -100_000_000_000, "MaxValue": 100_000_000_000, "Precision": 2}
    targets = [TABLES[one.target].entity for one in table.lookups.values() if one.column == name]
    return {"Targets": targets} if targets else {}
