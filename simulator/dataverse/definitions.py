"""Tables, alternate keys and relationships as rows of metadata (the SDK asks before first use)."""

import uuid
from typing import Any

from simulator.dataverse.columns import GUID, of, text
from simulator.dataverse.shapes import Lookup, Many, Table
from simulator.dataverse.tables import TABLES
from simulator.odata.kinds import Kind

Row = dict[str, Any]
NAMESPACE = uuid.UUID("5f3c2c1e-0000-4000-8000-000000000000")
NAME, LABEL, FLAG = text(128, writes=False), of(Kind.LABEL), of(Kind.BOOLEAN)


def metadata_id(*names: str) -> str:
    return str(uuid.uuid5(NAMESPACE, "/".join(names)))


def label(words: str) -> Row:
    """A label in the one language of this world."""
    localized = {"Label": words, "LanguageCode": 1033, "IsManaged": True, "HasChanged": None}
    return {"LocalizedLabels": [localized], "UserLocalizedLabel": localized}


ENTITY_DEFINITIONS = Table(
    "EntityDefinitions",
    "EntityMetadata",
    "MetadataId",
    "LogicalName",
    "Entity",
    {
        "MetadataId": GUID,
        "LogicalName": NAME,
        "SchemaName": NAME,
        "EntitySetName": NAME,
        "LogicalCollectionName": NAME,
        "PrimaryIdAttribute": NAME,
        "PrimaryNameAttribute": NAME,
        "ObjectTypeCode": of(Kind.INTEGER),
        "IsCustomEntity": FLAG,
        "IsManaged": FLAG,
        "IsPrivate": FLAG,
        "DisplayName": LABEL,
    },
)

KEYS = Table(
    "Keys",
    "EntityKeyMetadata",
    "MetadataId",
    "LogicalName",
    "Entity",
    {
        "MetadataId": GUID,
        "LogicalName": NAME,
        "SchemaName": NAME,
        "EntityLogicalName": NAME,
        "KeyAttributes": of(Kind.STRINGS),
        "EntityKeyIndexStatus": NAME,
        "IsManaged": FLAG,
        "DisplayName": LABEL,
    },
)

RELATIONSHIPS = Table(
    "RelationshipDefinitions",
    "RelationshipMetadataBase",
    "MetadataId",
    "SchemaName",
    "Relationship",
    {
        "MetadataId": GUID,
        "SchemaName": NAME,
        "RelationshipType": NAME,
        "IsCustomRelationship": FLAG,
        "IsManaged": FLAG,
    },
)
ONE_TO_MANY = Table(
    "OneToManyRelationships",
    "OneToManyRelationshipMetadata",
    "MetadataId",
    "SchemaName",
    "Relationship",
    {
        **RELATIONSHIPS.columns,
        "ReferencedEntity": NAME,
        "ReferencedAttribute": NAME,
        "ReferencingEntity": NAME,
        "ReferencingAttribute": NAME,
        "ReferencingEntityNavigationPropertyName": NAME,
    },
)
MANY_TO_MANY = Table(
    "ManyToManyRelationships",
    "ManyToManyRelationshipMetadata",
    "MetadataId",
    "SchemaName",
    "Relationship",
    {
        **RELATIONSHIPS.columns,
        "Entity1LogicalName": NAME,
        "Entity2LogicalName": NAME,
        "Entity1NavigationPropertyName": NAME,
        "Entity2NavigationPropertyName": NAME,
        "IntersectEntityName": NAME,
    },
)


def entity_definition(table: Table) -> Row:
    custom = "_" in table.entity
    return {
        "MetadataId": metadata_id(table.entity),
        "LogicalName": table.entity,
        "SchemaName": table.entity if custom else table.privilege,
        "EntitySetName": table.entity_set,
        "LogicalCollectionName": table.entity_set,
        "PrimaryIdAttribute": table.key,
        "PrimaryNameAttribute": table.primary_name,
        "ObjectTypeCode": list(TABLES).index(table.entity_set) + 1,
        "IsCustomEntity": custom,
        "IsManaged": True,
        "IsPrivate": False,
        "DisplayName": label(table.privilege),
    }


def key_definitions(table: Table) -> list[Row]:
    return [
        {
            "MetadataId": metadata_id(table.entity, "key", *key),
            "LogicalName": f"{table.entity}_{key[0].strip('_')}",
            "SchemaName": f"{table.entity}_{key[0].strip('_')}",
            "EntityLogicalName": table.entity,
            "KeyAttributes": [logical_name(name) for name in key],
            "EntityKeyIndexStatus": "Active",
            "IsManaged": True,
            "DisplayName": label(" and ".join(key)),
        }
        for key in table.keys
    ]


def logical_name(column: str) -> str:
    """A lookup is shown as `_name_value`; metadata knows it as `name`."""
    is_lookup = column.startswith("_") and column.endswith("_value")
    return column[1:-6] if is_lookup else column


def one_to_many(tables: list[Table]) -> list[Row]:
    """All lookups of these tables; a relationship is named after both ends (inferred)."""
    return [
        _one_to_many(table, name, lookup)
        for table in tables
        for name, lookup in table.lookups.items()
        if TABLES[lookup.target] in tables
    ]


def many_to_many(tables: list[Table]) -> list[Row]:
    return [
        _many_to_many(table, name, many)
        for table in tables
        for name, many in table.many.items()
        if not many.reverse
    ]


def _one_to_many(table: Table, name: str, lookup: Lookup) -> Row:
    target = TABLES[lookup.target]
    return {
        **_relationship(f"{target.entity}_{table.entity}_{name}", "OneToManyRelationship"),
        "ReferencedEntity": target.entity,
        "ReferencedAttribute": target.key,
        "ReferencingEntity": table.entity,
        "ReferencingAttribute": logical_name(lookup.column),
        "ReferencingEntityNavigationPropertyName": name,
    }


def _many_to_many(table: Table, name: str, many: Many) -> Row:
    return {
        **_relationship(name, "ManyToManyRelationship"),
        "Entity1LogicalName": table.entity,
        "Entity2LogicalName": TABLES[many.target].entity,
        "Entity1NavigationPropertyName": name,
        "Entity2NavigationPropertyName": name,
        "IntersectEntityName": many.held_in.replace("_", ""),
    }


def _relationship(name: str, kind: str) -> Row:
    return {
        "@odata.type": f"#Microsoft.Dynamics.CRM.{kind}Metadata",
        "MetadataId": metadata_id("relationship", name),
        "SchemaName": name,
        "RelationshipType": kind,
        "IsCustomRelationship": False,
        "IsManaged": True,
    }
