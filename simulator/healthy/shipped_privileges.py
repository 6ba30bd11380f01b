"""The privileges of the roles that Business Central's integration solution brings.

admin-setting-up-integration-with-dynamics-sales.md, minimum privileges; the names of privileges
after the names there are inferred, and all are had at every depth.
"""

READ, CREATE_READ_WRITE = ("Read",), ("Create", "Read", "Write")
LINKED = (*CREATE_READ_WRITE, "Append", "AppendTo")
STATISTICS = {"nav_accountstatistics": (*CREATE_READ_WRITE, "AppendTo")}

_ADMINISTRATOR = {
    "AppModule": READ,
    "PluginAssembly": READ,
    "PluginType": READ,
    "Relationship": READ,
    "SdkMessage": READ,
    "SdkMessageProcessingStep": READ,
    "SdkMessageProcessingStepImage": READ,
    "SystemForm": ("Write",),
    "nav_accountstatistics": READ,
    "nav_connection": (*CREATE_READ_WRITE, "Delete"),
    "msdyn_PostConfig": ("Write",),
}
_USER = {
    "Account": (*LINKED, "Assign"),
    "ActionCard": READ,
    "Connection": READ,
    "Contact": LINKED,
    "Note": (*CREATE_READ_WRITE, "Delete", "Append", "Assign"),
    "Opportunity": LINKED,
    "Post": ("Create", "Read", "AppendTo"),
    "UserEntityUISettings": CREATE_READ_WRITE,
    "Invoice": LINKED,
    "SalesOrder": ("Read", "Write", "Append", "AppendTo", "Assign"),
    "Product": LINKED,
    "DynamicProperty": READ,
    "DynamicPropertyAssociation": READ,
    "DynamicPropertyOptionSetItem": READ,
    "Quote": READ,
    "Incident": READ,
    "TransactionCurrency": CREATE_READ_WRITE,
    "Organization": ("Read", "Write"),
    "Role": READ,
    "User": LINKED,
    "UserSettings": (*CREATE_READ_WRITE, "Delete", "AppendTo"),
    "Attribute": READ,
    "PluginAssembly": READ,
    "PluginType": READ,
    "SdkMessage": READ,
    "SdkMessageProcessingStep": READ,
    "WebResource": READ,
    "nav_connection": READ,
    **STATISTICS,
}
_AVAILABILITY = {**STATISTICS, "nav_connection": READ}


def _named(granted: dict[str, tuple[str, ...]], *more: str) -> dict[str, bool]:
    names = [f"prv{right}{entity}" for entity, rights in granted.items() for right in rights]
    return dict.fromkeys([*names, *more], True)


SHIPPED_PRIVILEGES: dict[str, dict[str, bool]] = {
    "Business Central Integration Administrator": _named(_ADMINISTRATOR),
    "Business Central Integration User": _named(_USER, "prvActOnBehalfOfAnotherUser"),
    "Business Central Product Availability User": _named(_AVAILABILITY),
}
"""Role name -> its privileges."""
