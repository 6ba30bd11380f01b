"""Users, roles, business units and teams (reference/entities/<name>.md)."""

from simulator.dataverse.columns import ALWAYS, GUID, NUMBER, SWITCH, TIME, choice, of, text
from simulator.dataverse.shapes import Lookup, Many, Table
from simulator.odata.kinds import Kind

ACCESS_MODES = {
    0: "Read-Write",
    1: "Administrative",
    2: "Read",
    3: "Support User",
    4: "Non-interactive",
    5: "Delegated Admin",
}
AZURE_STATES = {0: "Exists", 1: "Soft deleted", 2: "Not found or hard deleted"}
MANAGED_TYPES = {0: "Entra User", 1: "C2 User", 2: "Impersonable Stub User"}
TEAM_TYPES = {
    0: "Owner",
    1: "Access",
    2: "Security Group",
    3: "Office Group",
}
INHERITANCE = {0: "Team privileges only", 1: "Direct User (Basic) access level and Team privileges"}
PUBLISHED = {0: "Published", 1: "Unpublished", 2: "Deleted", 3: "Deleted Unpublished"}

SYSTEMUSERS = Table(
    "systemusers",
    "systemuser",
    "systemuserid",
    "fullname",
    "User",
    {
        "systemuserid": GUID,
        "fullname": text(200, writes=False),
        "firstname": text(256),
        "middlename": text(50),
        "lastname": text(256),
        "domainname": text(1024),
        "internalemailaddress": text(100),
        "jobtitle": text(100),
        "title": text(128),
        "mobilephone": text(64),
        "windowsliveid": text(1024),
        "applicationid": of(Kind.GUID, writes=True),
        "applicationiduri": text(1024, writes=False),
        "azureactivedirectoryobjectid": of(Kind.GUID, writes=True),
        "azuredeletedon": TIME,
        "isdisabled": SWITCH,
        "disabledreason": text(500, writes=False),
        "accessmode": choice(ACCESS_MODES),
        "caltype": NUMBER,
        "invitestatuscode": NUMBER,
        "emailrouteraccessapproval": NUMBER,
        "setupuser": SWITCH,
        "isactivedirectoryuser": of(Kind.BOOLEAN),
        "isintegrationuser": SWITCH,
        "islicensed": SWITCH,
        "issyncwithdirectory": SWITCH,
        "userlicensetype": NUMBER,
        "azurestate": choice(AZURE_STATES),
        "systemmanagedusertype": choice(MANAGED_TYPES),
        "deletedstate": choice({0: "Not deleted", 1: "Soft deleted"}, writes=False),
        "identityid": of(Kind.INTEGER),
        "organizationid": GUID,
        "userpuid": text(100, writes=False),
        "_businessunitid_value": GUID,
        "_createdby_value": GUID,
        "_parentsystemuserid_value": GUID,
        "_positionid_value": GUID,
        "_queueid_value": GUID,
        "_territoryid_value": GUID,
        "_transactioncurrencyid_value": GUID,
        **ALWAYS,
    },
    {
        "businessunitid": Lookup("_businessunitid_value", "businessunits", writes=True),
        "createdby": Lookup("_createdby_value", "systemusers"),
        "transactioncurrencyid": Lookup(
            "_transactioncurrencyid_value", "transactioncurrencies", writes=True
        ),
        "parentsystemuserid": Lookup("_parentsystemuserid_value", "systemusers", writes=True),
    },
    {
        "systemuserroles_association": Many("roles", "user_roles", "prvAssignRole"),
        "teammembership_association": Many("teams", "team_members", "prvWriteTeam", reverse=True),
    },
    creates=True,
    updates=True,
    needed=("domainname", "internalemailaddress", "_businessunitid_value"),
    keys=(("azureactivedirectoryobjectid",),),
)

ROLES = Table(
    "roles",
    "role",
    "roleid",
    "name",
    "Role",
    {
        "roleid": GUID,
        "name": text(100),
        "isinherited": choice(INHERITANCE),
        "ismanaged": of(Kind.BOOLEAN),
        "componentstate": choice(PUBLISHED, writes=False),
        "overwritetime": TIME,
        "_businessunitid_value": GUID,
        "_parentroleid_value": GUID,
        "_parentrootroleid_value": GUID,
        "_roletemplateid_value": GUID,
        **ALWAYS,
    },
    {
        "businessunitid": Lookup("_businessunitid_value", "businessunits", writes=True),
        "parentroleid": Lookup("_parentroleid_value", "roles"),
        "parentrootroleid": Lookup("_parentrootroleid_value", "roles"),
    },
    {
        "systemuserroles_association": Many(
            "systemusers", "user_roles", "prvAssignRole", reverse=True
        ),
        "teamroles_association": Many("teams", "team_roles", "prvAssignRole", reverse=True),
    },
    keys=(("_parentrootroleid_value", "_businessunitid_value", "componentstate", "overwritetime"),),
)

BUSINESSUNITS = Table(
    "businessunits",
    "businessunit",
    "businessunitid",
    "name",
    "BusinessUnit",
    {
        "businessunitid": GUID,
        "name": text(160),
        "isdisabled": SWITCH,
        "_parentbusinessunitid_value": GUID,
        **ALWAYS,
    },
    {"parentbusinessunitid": Lookup("_parentbusinessunitid_value", "businessunits", writes=True)},
    updates=True,
)

TEAMS = Table(
    "teams",
    "team",
    "teamid",
    "name",
    "Team",
    {
        "teamid": GUID,
        "name": text(160),
        "teamtype": choice(TEAM_TYPES),
        "isdefault": of(Kind.BOOLEAN),
        "azureactivedirectoryobjectid": of(Kind.GUID, writes=True),
        "_businessunitid_value": GUID,
        **ALWAYS,
    },
    {"businessunitid": Lookup("_businessunitid_value", "businessunits", writes=True)},
    {
        "teamroles_association": Many("roles", "team_roles", "prvAssignRole"),
        "teammembership_association": Many("systemusers", "team_members", "prvWriteTeam"),
    },
    creates=True,
    updates=True,
    deletes=True,
    needed=("name", "_businessunitid_value"),
)
