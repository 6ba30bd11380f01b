"""The entity sets that are simulated: one row each, with the columns and links of the real ones.

Columns and what may be written: powerapps-docs reference/entities/<name>.md. Alter this table to
simulate one more; nothing else knows the names.
"""

from simulator.dataverse.job_tables import JOB_TABLES
from simulator.dataverse.shapes import Column, Lookup, Many, Table
from simulator.odata.kinds import Kind


def _text(limit: int, *, writes: bool = True) -> Column:
    return Column(Kind.STRING, writes, limit)


def _is(kind: Kind, *, writes: bool = False) -> Column:
    return Column(kind, writes)


GUID, TIME = _is(Kind.GUID), _is(Kind.TIME)
SWITCH, NUMBER = _is(Kind.BOOLEAN, writes=True), _is(Kind.INTEGER, writes=True)
ALWAYS = {"createdon": TIME, "modifiedon": TIME, "versionnumber": _is(Kind.LONG)}

_TABLES = (
    Table(
        "systemusers",
        "systemuser",
        "systemuserid",
        "fullname",
        "User",
        {
            "systemuserid": GUID,
            "fullname": _text(200, writes=False),
            "firstname": _text(256),
            "middlename": _text(50),
            "lastname": _text(256),
            "domainname": _text(1024),
            "internalemailaddress": _text(100),
            "jobtitle": _text(100),
            "title": _text(128),
            "mobilephone": _text(64),
            "windowsliveid": _text(1024),
            "applicationid": _is(Kind.GUID, writes=True),
            "applicationiduri": _text(1024, writes=False),
            "azureactivedirectoryobjectid": _is(Kind.GUID, writes=True),
            "isdisabled": SWITCH,
            "disabledreason": _text(500, writes=False),
            "accessmode": NUMBER,
            "caltype": NUMBER,
            "invitestatuscode": NUMBER,
            "emailrouteraccessapproval": NUMBER,
            "setupuser": SWITCH,
            "isintegrationuser": SWITCH,
            "islicensed": SWITCH,
            "issyncwithdirectory": SWITCH,
            "userlicensetype": NUMBER,
            "azurestate": NUMBER,
            "deletedstate": _is(Kind.INTEGER),
            "organizationid": GUID,
            "_businessunitid_value": GUID,
            "_transactioncurrencyid_value": GUID,
            "_parentsystemuserid_value": GUID,
            **ALWAYS,
        },
        {
            "businessunitid": Lookup("_businessunitid_value", "businessunits", writes=True),
            "transactioncurrencyid": Lookup(
                "_transactioncurrencyid_value", "transactioncurrencies", writes=True
            ),
            "parentsystemuserid": Lookup("_parentsystemuserid_value", "systemusers", writes=True),
        },
        {
            "systemuserroles_association": Many("roles", "user_roles", "prvAssignRole"),
            "teammembership_association": Many(
                "teams", "team_members", "prvWriteTeam", reverse=True
            ),
        },
        creates=True,
        updates=True,
    ),
    Table(
        "roles",
        "role",
        "roleid",
        "name",
        "Role",
        {
            "roleid": GUID,
            "name": _text(100),
            "isinherited": NUMBER,
            "ismanaged": _is(Kind.BOOLEAN),
            "componentstate": _is(Kind.INTEGER),
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
    ),
    Table(
        "businessunits",
        "businessunit",
        "businessunitid",
        "name",
        "BusinessUnit",
        {
            "businessunitid": GUID,
            "name": _text(160),
            "isdisabled": SWITCH,
            "_parentbusinessunitid_value": GUID,
            **ALWAYS,
        },
        {
            "parentbusinessunitid": Lookup(
                "_parentbusinessunitid_value", "businessunits", writes=True
            )
        },
        updates=True,
    ),
    Table(
        "teams",
        "team",
        "teamid",
        "name",
        "Team",
        {
            "teamid": GUID,
            "name": _text(160),
            "teamtype": NUMBER,
            "isdefault": _is(Kind.BOOLEAN),
            "azureactivedirectoryobjectid": _is(Kind.GUID, writes=True),
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
    ),
    Table(
        "transactioncurrencies",
        "transactioncurrency",
        "transactioncurrencyid",
        "currencyname",
        "TransactionCurrency",
        {
            "transactioncurrencyid": GUID,
            "isocurrencycode": _text(5),
            "currencyname": _text(100),
            "currencysymbol": _text(13),
            "currencyprecision": NUMBER,
            "exchangerate": _is(Kind.DOUBLE, writes=True),
            "statecode": NUMBER,
            **ALWAYS,
        },
        creates=True,
        updates=True,
        deletes=True,
    ),
    Table(
        "organizations",
        "organization",
        "organizationid",
        "name",
        "Organization",
        {
            "organizationid": GUID,
            "name": _text(160, writes=False),
            "issopintegrationenabled": SWITCH,
            "currencydecimalprecision": NUMBER,
            "basecurrencyprecision": _is(Kind.INTEGER),
            "basecurrencysymbol": _text(5, writes=False),
            "languagecode": _is(Kind.INTEGER),
            "_basecurrencyid_value": GUID,
            **ALWAYS,
        },
        {"basecurrencyid": Lookup("_basecurrencyid_value", "transactioncurrencies")},
        updates=True,
    ),
    Table(
        "solutions",
        "solution",
        "solutionid",
        "uniquename",
        "Solution",
        {
            "solutionid": GUID,
            "uniquename": _text(65, writes=False),
            "friendlyname": _text(256),
            "version": _text(256),
            "ismanaged": _is(Kind.BOOLEAN),
            "isvisible": _is(Kind.BOOLEAN),
            "installedon": TIME,
            "updatedon": TIME,
            "_publisherid_value": GUID,
            "_parentsolutionid_value": GUID,
            "solutiontype": _is(Kind.INTEGER),
            "solutionpackageversion": _text(256, writes=False),
            **ALWAYS,
        },
        deletes=True,
    ),
)

TABLES: dict[str, Table] = {table.entity_set: table for table in (*_TABLES, *JOB_TABLES)}

ENTITY_DEFINITIONS = Table(
    "EntityDefinitions",
    "EntityMetadata",
    "MetadataId",
    "LogicalName",
    "Entity",
    {
        "MetadataId": GUID,
        "LogicalName": _text(128, writes=False),
        "SchemaName": _text(128, writes=False),
        "EntitySetName": _text(128, writes=False),
        "LogicalCollectionName": _text(128, writes=False),
        "PrimaryIdAttribute": _text(128, writes=False),
        "PrimaryNameAttribute": _text(128, writes=False),
        "ObjectTypeCode": _is(Kind.INTEGER),
    },
)

ACTION_NAMES = frozenset(
    {
        "DeleteAndPromote",
        "DownloadSolutionExportData",
        "ExportSolution",
        "ExportSolutionAsync",
        "ImportSolution",
        "ImportSolutionAsync",
        "PublishAllXml",
        "StageAndUpgrade",
        "StageAndUpgradeAsync",
        "StageSolution",
    }
)
"""What `actions.py` answers, if it is asked for by itself and not in a batch."""

ELSEWHERE = frozenset(
    {
        "$batch",
        "$metadata",
        "DeleteAndPromoteAsync",
        "PublishAllXmlAsync",
        "PublishXml",
        "UninstallSolutionAsync",
        *ACTION_NAMES,
        "accounts",
        "appmodules",
        "contacts",
        "msdyn_postconfigs",
        "nav_accountstatisticses",
        "nav_connections",
        "products",
        "quotes",
        "salesorders",
    }
)
"""Names that the real service knows and the simulator does not: 501, not 404."""
