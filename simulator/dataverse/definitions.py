"""`EntityDefinitions`: what the official SDK asks before it first uses a table."""

import uuid
from typing import Any

from simulator.dataverse.tables import TABLES

NAMESPACE = uuid.UUID("5f3c2c1e-0000-4000-8000-000000000000")


def entity_definitions() -> list[dict[str, Any]]:
    return [
        {
            "MetadataId": str(uuid.uuid5(NAMESPACE, table.entity)),
            "LogicalName": table.entity,
            "SchemaName": table.entity.title(),
            "EntitySetName": table.entity_set,
            "LogicalCollectionName": table.entity_set,
            "PrimaryIdAttribute": table.key,
            "PrimaryNameAttribute": table.primary_name,
            "ObjectTypeCode": number,
        }
        for number, table in enumerate(TABLES.values(), start=1)
    ]
