"""The organisation itself, its currencies, solutions and apps (reference/entities/<name>.md)."""

from simulator.dataverse.columns import ACTIVE, ALWAYS, GUID, NUMBER, SWITCH, TIME, choice, of, text
from simulator.dataverse.shapes import Lookup, Table
from simulator.odata.kinds import Kind

TRANSACTIONCURRENCIES = Table(
    "transactioncurrencies",
    "transactioncurrency",
    "transactioncurrencyid",
    "currencyname",
    "TransactionCurrency",
    {
        "transactioncurrencyid": GUID,
        "isocurrencycode": text(5),
        "currencyname": text(100),
        "currencysymbol": text(13),
        "currencyprecision": NUMBER,
        "exchangerate": of(Kind.DECIMAL, writes=True),
        "statecode": ACTIVE["statecode"],
        **ALWAYS,
    },
    creates=True,
    updates=True,
    deletes=True,
    needed=("isocurrencycode", "currencyname"),
)

ORGANIZATIONS = Table(
    "organizations",
    "organization",
    "organizationid",
    "name",
    "Organization",
    {
        "organizationid": GUID,
        "name": text(160, writes=False),
        "issopintegrationenabled": SWITCH,
        "currencydecimalprecision": NUMBER,
        "basecurrencyprecision": of(Kind.INTEGER),
        "basecurrencysymbol": text(5, writes=False),
        "languagecode": of(Kind.INTEGER),
        "_basecurrencyid_value": GUID,
        **ALWAYS,
    },
    {"basecurrencyid": Lookup("_basecurrencyid_value", "transactioncurrencies")},
    updates=True,
)

SOLUTIONS = Table(
    "solutions",
    "solution",
    "solutionid",
    "uniquename",
    "Solution",
    {
        "solutionid": GUID,
        "uniquename": text(65, writes=False),
        "friendlyname": text(256),
        "version": text(256),
        "ismanaged": of(Kind.BOOLEAN),
        "isvisible": of(Kind.BOOLEAN),
        "installedon": TIME,
        "updatedon": TIME,
        "_publisherid_value": GUID,
        "_parentsolutionid_value": GUID,
        "solutiontype": of(Kind.INTEGER),
        "solutionpackageversion": text(256, writes=False),
        **ALWAYS,
    },
    deletes=True,
)

APPMODULES = Table(
    "appmodules",
    "appmodule",
    "appmoduleid",
    "name",
    "AppModule",
    {
        "appmoduleid": GUID,
        "name": text(100),
        "uniquename": text(100),
        "url": text(100),
        "appmoduleversion": text(48),
        "clienttype": of(Kind.INTEGER),
        "isdefault": of(Kind.BOOLEAN),
        "ismanaged": of(Kind.BOOLEAN),
        "publishedon": TIME,
        **ACTIVE,
        **ALWAYS,
    },
    updates=True,
)

MSDYN_POSTCONFIGS = Table(
    "msdyn_postconfigs",
    "msdyn_postconfig",
    "msdyn_postconfigid",
    "msdyn_entityname",
    "msdyn_PostConfig",
    {
        "msdyn_postconfigid": GUID,
        "msdyn_entityname": text(100),
        "msdyn_entitydisplayname": text(100),
        "msdyn_configurewall": SWITCH,
        "msdyn_stepscount": NUMBER,
        "msdyn_status": choice({1: "Active", 2: "Inactive"}),
        **ACTIVE,
        **ALWAYS,
    },
    creates=True,
    updates=True,
    deletes=True,
)
