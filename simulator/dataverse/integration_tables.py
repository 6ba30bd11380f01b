"""The tables that Business Central's integration solution brings (base application, "CRM NAV
Connection" and "CRM Account Statistics"); without the solution nobody knows them."""

from simulator.dataverse.columns import ACTIVE, ALWAYS, GUID, MONEY, TIME, text
from simulator.dataverse.shapes import Lookup, Table

SOLUTION = "MicrosoftDynamicsNavIntegration"

NAV_CONNECTIONS = Table(
    "nav_connections",
    "nav_connection",
    "nav_connectionid",
    "nav_name",
    "nav_connection",
    {
        "nav_connectionid": GUID,
        "nav_name": text(100),
        "nav_dynamicsnavurl": text(250),
        "nav_dynamicsnavodataurl": text(250),
        "nav_dynamicsnavodatausername": text(250),
        "nav_dynamicsnavodataaccesskey": text(250),
        **ACTIVE,
        **ALWAYS,
    },
    creates=True,
    updates=True,
    deletes=True,
    solution=SOLUTION,
)

NAV_DEFAULTCONNECTIONS = Table(
    "nav_defaultconnections",
    "nav_defaultconnection",
    "nav_defaultconnectionid",
    "nav_name",
    "nav_defaultconnection",
    {
        "nav_defaultconnectionid": GUID,
        "nav_name": text(100),
        "_nav_connectionid_value": GUID,
        "_ownerid_value": GUID,
        **ACTIVE,
        **ALWAYS,
    },
    {
        "nav_connectionid": Lookup("_nav_connectionid_value", "nav_connections", writes=True),
        "owninguser": Lookup("_ownerid_value", "systemusers"),
    },
    creates=True,
    updates=True,
    deletes=True,
    solution=SOLUTION,
)

AMOUNTS = (
    "nav_balancelcy",
    "nav_outstandingorderslcy",
    "nav_shippednotinvoicedlcy",
    "nav_outstandinginvoiceslcy",
    "nav_outstandingserviceorderslcy",
    "nav_servshippednotinvoicedlcy",
    "nav_outstandingservinvoiceslcy",
    "nav_totallcy",
    "nav_creditlimitlcy",
    "nav_overdueamountslcy",
    "nav_totalsaleslcy",
    "nav_invoicedprepaymentamountlcy",
)

NAV_ACCOUNTSTATISTICSES = Table(
    "nav_accountstatisticses",
    "nav_accountstatistics",
    "nav_accountstatisticsid",
    "nav_name",
    "nav_accountstatistics",
    {
        "nav_accountstatisticsid": GUID,
        "nav_name": text(100),
        "nav_customerno": text(100),
        **dict.fromkeys(AMOUNTS, MONEY),
        **dict.fromkeys((f"{name}_base" for name in AMOUNTS), MONEY),
        "nav_overdueamountsasof": TIME,
        "_nav_accountid_value": GUID,
        **ACTIVE,
        **ALWAYS,
    },
    {"nav_accountid": Lookup("_nav_accountid_value", "accounts", writes=True)},
    creates=True,
    updates=True,
    solution=SOLUTION,
)
