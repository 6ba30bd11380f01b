"""The default synchronisation setup as data: mappings and jobs (CRM Setup Defaults, 15.17 on)."""

from dataclasses import dataclass

FROM, BOTH, TO = "From Integration Table", "Bidirectional", "To Integration Table"
MAPPING_JOB, STATISTICS, ORDERS, QUOTES = 5339, 5350, 5349, 5354
ORDER_STATUS, NOTES, AVAILABILITY = 5352, 5355, 5356
ORDER_MAPPING = "SALESORDER-ORDER"
NEVER = 9999


@dataclass(frozen=True)
class DefaultMapping:
    """`minutes` between runs and `inactivity` in minutes, 0 without a job of its own.

    In versions `since` up to and without `until`. `of_dataverse` are installed by page 7200 from
    version 16 on, by page 5330 before.
    """

    name: str
    table: str
    entity: str
    direction: str
    inactivity: int = 0
    only_coupled: bool = True
    table_filter: str = ""
    entity_filter: str = ""
    depends_on: str = ""
    of_dataverse: bool = False
    since: int = 15
    until: int = NEVER

    @property
    def minutes(self) -> int:
        return 30 if self.inactivity else 0


@dataclass(frozen=True)
class DefaultJob:
    codeunit: int
    key: str
    description: str
    minutes: int


_ACCOUNT_ACTIVE = "customertypecode=3, statecode=0"
_OF_PARTNERS = (
    DefaultMapping(
        "SALESPEOPLE",
        "Salesperson/Purchaser",
        "CRM Systemuser",
        FROM,
        1440,
        entity_filter="isdisabled=0, islicensed=1, isintegrationuser=0",
        of_dataverse=True,
    ),
    DefaultMapping(
        "CUSTOMER",
        "Customer",
        "CRM Account",
        BOTH,
        720,
        table_filter="Blocked=' '",
        entity_filter=_ACCOUNT_ACTIVE,
        depends_on="SALESPEOPLE|CURRENCY",
        of_dataverse=True,
    ),
    DefaultMapping(
        "VENDOR",
        "Vendor",
        "CRM Account",
        BOTH,
        720,
        table_filter="Blocked=' '",
        depends_on="SALESPEOPLE|CURRENCY",
        of_dataverse=True,
        since=16,
    ),
    DefaultMapping(
        "CONTACT",
        "Contact",
        "CRM Contact",
        BOTH,
        720,
        table_filter="Type=Person, Company No.<>''",
        entity_filter="parentcustomerid<>null, parentcustomeridtype='account'",
        depends_on="CUSTOMER",
        of_dataverse=True,
    ),
    DefaultMapping("CURRENCY", "Currency", "CRM Transactioncurrency", TO, 720, of_dataverse=True),
)
_OF_ITEMS = (
    DefaultMapping("UNIT OF MEASURE", "Unit of Measure", "CRM Uomschedule", TO, 720, until=26),
    DefaultMapping("UNIT GROUP", "Unit Group", "CRM Uomschedule", TO, 720, since=26),
    DefaultMapping("ITEM UOM", "Item Unit of Measure", "CRM Uom", TO, 720, since=26),
    DefaultMapping("RESOURCE UOM", "Resource Unit of Measure", "CRM Uom", TO, 720, since=26),
    DefaultMapping(
        "ITEM-PRODUCT",
        "Item",
        "CRM Product",
        BOTH,
        1440,
        entity_filter="producttypecode=1",
        depends_on="UNIT OF MEASURE",
    ),
    DefaultMapping(
        "RESOURCE-PRODUCT",
        "Resource",
        "CRM Product",
        BOTH,
        720,
        entity_filter="producttypecode=3",
        depends_on="UNIT OF MEASURE",
    ),
)
_OF_PRICES = (
    DefaultMapping(
        "CUSTPRCGRP-PRICE",
        "Customer Price Group",
        "CRM Pricelevel",
        TO,
        1440,
        depends_on="CURRENCY",
        until=26,
    ),
    DefaultMapping(
        "SALESPRC-PRODPRICE",
        "Sales Price",
        "CRM Productpricelevel",
        TO,
        1440,
        only_coupled=False,
        table_filter="Sales Type=Customer Price Group, Sales Code<>''",
        depends_on="CUSTPRCGRP-PRICE|ITEM-PRODUCT",
        until=26,
    ),
    DefaultMapping(
        "PLHEADER-PRICE",
        "Price List Header",
        "CRM Pricelevel",
        TO,
        1440,
        depends_on="CURRENCY",
        since=26,
    ),
    DefaultMapping(
        "PLLINE-PRODPRICE",
        "Price List Line",
        "CRM Productpricelevel",
        TO,
        1440,
        only_coupled=False,
        depends_on="PLHEADER-PRICE|ITEM-PRODUCT",
        since=26,
    ),
)
_OF_DOCUMENTS = (
    DefaultMapping(
        "POSTEDSALESINV-INV",
        "Sales Invoice Header",
        "CRM Invoice",
        TO,
        1440,
        depends_on="OPPORTUNITY",
    ),
    DefaultMapping(
        "POSTEDSALESLINE-INV",
        "Sales Invoice Line",
        "CRM Invoicedetail",
        TO,
        only_coupled=False,
        depends_on="POSTEDSALESINV-INV",
    ),
)


def _option(name: str, table: str) -> DefaultMapping:
    return DefaultMapping(name, table, "CRM Account", FROM, only_coupled=False, of_dataverse=True)


MAPPINGS = (
    *_OF_PARTNERS,
    *_OF_ITEMS,
    *_OF_PRICES,
    *_OF_DOCUMENTS,
    _option("SHIPPING AGENT", "Shipping Agent"),
    _option("SHIPMENT METHOD", "Shipment Method"),
    _option("PAYMENT TERMS", "Payment Terms"),
    DefaultMapping(
        "OPPORTUNITY",
        "Opportunity",
        "CRM Opportunity",
        BOTH,
        only_coupled=False,
        depends_on="CONTACT",
    ),
)
ORDERS_MAPPING = DefaultMapping(
    ORDER_MAPPING,
    "Sales Header",
    "CRM Salesorder",
    TO,
    720,
    table_filter="Document Type=Order, Status=Released",
    depends_on="OPPORTUNITY",
)

JOBS = {
    job.codeunit: job
    for job in (
        DefaultJob(STATISTICS, "STATISTICS", "Customer Statistics - CRM synchronization job", 30),
        DefaultJob(
            ORDER_STATUS,
            "ORDER STATUS",
            "Sales Order Status - Dynamics 365 Sales synchronization job",
            7,
        ),
        DefaultJob(NOTES, "NOTES", "Sales Order Notes - Dynamics 365 Sales synchronization job", 5),
        DefaultJob(
            ORDERS,
            "AUTO ORDERS",
            "Automatically create sales orders from sales orders that are submitted in CRM.",
            30,
        ),
        DefaultJob(
            QUOTES,
            "AUTO QUOTES",
            "Automatically process sales quotes from sales quotes that are activated in CRM.",
            30,
        ),
        DefaultJob(
            AVAILABILITY,
            "AVAILABILITY",
            "Item Availability - Dynamics 365 Sales synchronization job",
            30,
        ),
    )
}
"""Those that belong to no mapping. Key -> in the world; minutes are also the inactivity time."""


def mappings_of(major: int, *, of_dataverse: bool | None = None) -> tuple[DefaultMapping, ...]:
    """The default mappings of a version; from 16 on each page installs its own part."""
    return tuple(
        each
        for each in MAPPINGS
        if each.since <= major < each.until
        and (major < 16 or of_dataverse is None or each.of_dataverse is of_dataverse)
    )
