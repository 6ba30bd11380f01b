"""The primitive types of OData that the simulated tables and pages use."""

from enum import StrEnum


class Kind(StrEnum):
    GUID = "Edm.Guid"
    STRING = "Edm.String"
    BOOLEAN = "Edm.Boolean"
    INTEGER = "Edm.Int32"
    LONG = "Edm.Int64"
    DOUBLE = "Edm.Double"
    DECIMAL = "Edm.Decimal"
    TIME = "Edm.DateTimeOffset"
    LABEL = "Microsoft.Dynamics.CRM.Label"
    STRINGS = "Collection(Edm.String)"
