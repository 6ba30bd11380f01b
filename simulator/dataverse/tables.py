"""The entity sets that are simulated, by name.

Columns and what may be written: powerapps-docs reference/entities/<name>.md. Add a table here to
simulate one more; nothing else knows the names.
"""

from simulator.dataverse.integration_tables import (
    NAV_ACCOUNTSTATISTICSES,
    NAV_CONNECTIONS,
    NAV_DEFAULTCONNECTIONS,
)
from simulator.dataverse.intersections import SYSTEMUSERROLES
from simulator.dataverse.job_tables import JOB_TABLES
from simulator.dataverse.organisation_tables import (
    APPMODULES,
    MSDYN_POSTCONFIGS,
    ORGANIZATIONS,
    SOLUTIONS,
    TRANSACTIONCURRENCIES,
)
from simulator.dataverse.security_tables import BUSINESSUNITS, ROLES, SYSTEMUSERS, TEAMS
from simulator.dataverse.selling_tables import ACCOUNTS, CONTACTS, PRODUCTS, QUOTES, SALESORDERS
from simulator.dataverse.shapes import Table

_TABLES = (
    SYSTEMUSERS,
    ROLES,
    SYSTEMUSERROLES,
    BUSINESSUNITS,
    TEAMS,
    TRANSACTIONCURRENCIES,
    ORGANIZATIONS,
    SOLUTIONS,
    APPMODULES,
    MSDYN_POSTCONFIGS,
    NAV_CONNECTIONS,
    NAV_DEFAULTCONNECTIONS,
    NAV_ACCOUNTSTATISTICSES,
    ACCOUNTS,
    CONTACTS,
    PRODUCTS,
    SALESORDERS,
    QUOTES,
    *JOB_TABLES,
)

TABLES: dict[str, Table] = {table.entity_set: table for table in _TABLES}

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

_MORE_ELSEWHERE = (
    *("annotations", "connectionreferences", "connections", "customeraddresses"),
    *("environmentvariabledefinitions", "environmentvariablevalues", "fieldsecurityprofiles"),
    *("invoicedetails", "mailboxes", "msdyn_solutionhistories", "phonecalls", "plugintypes"),
    *("pluginassemblies", "positions", "principalobjectaccessset", "privileges"),
    *("productpricelevels", "publishers", "quotedetails", "salesorderdetails", "savedqueries"),
    *("sdkmessages", "sdkmessageprocessingsteps", "solutioncomponents", "stagesolutionuploads"),
    *("subjects", "systemforms", "tasks", "uomschedules", "usersettingscollection"),
    *("webresourceset", "appointments", "emails", "audits", "duplicaterules"),
    *("AddSolutionComponent", "AddUserToRecordTeam", "AddPrivilegesRole", "Assign"),
    *("BulkDetectDuplicates", "CloneAsPatch", "CloneAsSolution", "ExecuteWorkflow"),
    *("ExportTranslation", "GrantAccess", "ImportTranslation", "InstantiateTemplate"),
    *("RemovePrivilegeRole", "RemoveSolutionComponent", "ReplacePrivilegesRole"),
    *("RetrieveDependenciesForDelete", "RetrieveDependenciesForUninstall"),
    *("RetrieveMissingComponents", "RetrieveMissingDependencies", "RetrievePrincipalAccess"),
    *("RetrieveUserPrivileges", "RetrieveUserSetOfPrivilegesByIds", "RevokeAccess"),
    *("RetrieveRolePrivilegesRole", "SetState"),
)
ELSEWHERE = frozenset(
    {
        *ACTION_NAMES,
        "BulkDelete",
        "CreateEntities",
        "DeleteAndPromoteAsync",
        "PublishAllXmlAsync",
        "PublishXml",
        "UninstallSolutionAsync",
        *_MORE_ELSEWHERE,
        "incidents",
        "invoices",
        "leads",
        "opportunities",
        "pricelevels",
        "queues",
        "territories",
        "uoms",
        "workflows",
    }
)
"""Names that the real service knows and the simulator does not: 501, not 404."""
