"""Accounts, contacts, products, quotes and orders (reference/entities/<name>.md).

Numbers of states and reasons: Business Central's base application, tables "CRM Account" and on.
"""

from simulator.dataverse.columns import ACTIVE, ALWAYS, GUID, MONEY, NUMBER, choice, of, text
from simulator.dataverse.shapes import Column, Lookup, Table
from simulator.odata.kinds import Kind

ORDER_STATES = {0: "Active", 1: "Submitted", 2: "Canceled", 3: "Fulfilled", 4: "Invoiced"}
ORDER_REASONS = {
    1: "New",
    2: "Pending",
    3: "In Progress",
    4: "No Money",
    100001: "Complete",
    100002: "Partial",
    100003: "Invoiced",
}
QUOTE_STATES = {0: "Draft", 1: "Active", 2: "Won", 3: "Closed"}
PRODUCT_STATES = {0: "Active", 1: "Retired", 2: "Draft", 3: "Under Revision"}
PRODUCT_TYPES = {
    1: "Sales Inventory",
    2: "Miscellaneous Charges",
    3: "Services",
    4: "Flat Fees",
}
CURRENCY = Lookup("_transactioncurrencyid_value", "transactioncurrencies", writes=True)
OWNER = Lookup("_ownerid_value", "systemusers", writes=True)

ACCOUNTS = Table(
    "accounts",
    "account",
    "accountid",
    "name",
    "Account",
    {
        "accountid": GUID,
        "name": text(160),
        "accountnumber": text(20),
        "customertypecode": choice({3: "Customer"}),
        "emailaddress1": text(100),
        "telephone1": text(50),
        "address1_line1": text(250),
        "address1_city": text(80),
        "address1_postalcode": text(20),
        "address1_country": text(80),
        "_ownerid_value": GUID,
        "_parentaccountid_value": GUID,
        "_primarycontactid_value": GUID,
        "_transactioncurrencyid_value": GUID,
        **ACTIVE,
        **ALWAYS,
    },
    {
        "ownerid": OWNER,
        "parentaccountid": Lookup("_parentaccountid_value", "accounts", writes=True),
        "primarycontactid": Lookup("_primarycontactid_value", "contacts", writes=True),
        "transactioncurrencyid": CURRENCY,
    },
    creates=True,
    updates=True,
    deletes=True,
    keys=(("accountnumber",),),
)

CONTACTS = Table(
    "contacts",
    "contact",
    "contactid",
    "fullname",
    "Contact",
    {
        "contactid": GUID,
        "fullname": text(160, writes=False),
        "firstname": text(50),
        "lastname": text(50),
        "jobtitle": text(100),
        "emailaddress1": text(100),
        "telephone1": text(50),
        "_ownerid_value": GUID,
        "_parentcustomerid_value": GUID,
        "_transactioncurrencyid_value": GUID,
        **ACTIVE,
        **ALWAYS,
    },
    {
        "ownerid": OWNER,
        "parentcustomerid_account": Lookup("_parentcustomerid_value", "accounts", writes=True),
        "transactioncurrencyid": CURRENCY,
    },
    creates=True,
    updates=True,
    deletes=True,
)

PRODUCTS = Table(
    "products",
    "product",
    "productid",
    "name",
    "Product",
    {
        "productid": GUID,
        "name": text(100),
        "productnumber": text(100),
        "producttypecode": choice(PRODUCT_TYPES),
        "quantitydecimal": NUMBER,
        "price": MONEY,
        "currentcost": MONEY,
        "standardcost": MONEY,
        "_transactioncurrencyid_value": GUID,
        "statecode": choice(PRODUCT_STATES),
        "statuscode": NUMBER,
        **ALWAYS,
    },
    {"transactioncurrencyid": CURRENCY},
    creates=True,
    updates=True,
    deletes=True,
    keys=(("productnumber",),),
)


def _document(entity: str, privilege: str, columns: dict[str, Column]) -> Table:
    """Quotes and orders have most columns in common."""
    return Table(
        f"{entity}s",
        entity,
        f"{entity}id",
        "name",
        privilege,
        {
            f"{entity}id": GUID,
            "name": text(300),
            "totalamount": MONEY,
            "freightamount": MONEY,
            "_customerid_value": GUID,
            "_ownerid_value": GUID,
            "_transactioncurrencyid_value": GUID,
            **columns,
            **ALWAYS,
        },
        {
            "customerid_account": Lookup("_customerid_value", "accounts", writes=True),
            "ownerid": OWNER,
            "transactioncurrencyid": CURRENCY,
        },
        creates=True,
        updates=True,
        deletes=True,
    )


SALESORDERS = _document(
    "salesorder",
    "SalesOrder",
    {
        "ordernumber": text(100),
        "statecode": choice(ORDER_STATES),
        "statuscode": choice(ORDER_REASONS),
        "submitdate": of(Kind.TIME, writes=True),
        "lastbackofficesubmit": of(Kind.TIME, writes=True),
    },
)
QUOTES = _document(
    "quote",
    "Quote",
    {
        "quotenumber": text(100),
        "revisionnumber": of(Kind.INTEGER),
        "statecode": choice(QUOTE_STATES),
        "statuscode": NUMBER,
    },
)
