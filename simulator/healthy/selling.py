"""A few accounts, contacts, products, quotes and orders of made-up companies."""

from typing import Any

from simulator.identifiers import Draw

CREATED = "2026-01-15T08:00:00Z"
Rows = dict[str, dict[str, Any]]
STAMPS = {"createdon": CREATED, "modifiedon": CREATED}
ACTIVE = {"statecode": 0, "statuscode": 1}


def selling_tables(draw: Draw, owner: str, currency: str) -> dict[str, Rows]:
    """`owner` and `currency` are ids of a user and of a currency."""
    shared = {"_ownerid_value": owner, "_transactioncurrencyid_value": currency}
    accounts = {
        key: _account(draw, number, name) | shared
        for number, (key, name) in enumerate(
            (("northwind", "Northwind Example"), ("tailspin", "Tailspin Example")), start=1
        )
    }
    account = accounts["northwind"]["accountid"]
    document = {"_customerid_value": account, "totalamount": 420.0, **shared}
    return {
        "accounts": accounts,
        "contacts": {"nina": _contact(draw, account) | shared},
        "products": {
            "bicycle": _product(draw, "1000", "Bicycle", currency),
            "service": _product(draw, "2000", "Service hour", currency) | {"producttypecode": 3},
        },
        "quotes": {
            "first": {"quoteid": draw.guid(), "name": "Spring offer", **document}
            | {"quotenumber": "QUO-01000-EXMPL", "revisionnumber": 0, **ACTIVE, **STAMPS}
        },
        "salesorders": {
            "first": {"salesorderid": draw.guid(), "name": "Spring order", **document}
            | {"ordernumber": "ORD-01000-EXMPL", "lastbackofficesubmit": None, **ACTIVE, **STAMPS}
        },
    }


def _account(draw: Draw, number: int, name: str) -> dict[str, Any]:
    return {
        "accountid": draw.guid(),
        "name": name,
        "accountnumber": f"C{number:05}",
        "customertypecode": 3,
        "emailaddress1": f"office@{name.split()[0].lower()}.example",
        "address1_city": "Exampleton",
        **ACTIVE,
        **STAMPS,
    }


def _contact(draw: Draw, account: str) -> dict[str, Any]:
    return {
        "contactid": draw.guid(),
        "firstname": "Nina",
        "lastname": "Buyer",
        "fullname": "Nina Buyer",
        "emailaddress1": "nina.buyer@northwind.example",
        "_parentcustomerid_value": account,
        **ACTIVE,
        **STAMPS,
    }


def _product(draw: Draw, number: str, name: str, currency: str) -> dict[str, Any]:
    return {
        "productid": draw.guid(),
        "productnumber": number,
        "name": name,
        "producttypecode": 1,
        "quantitydecimal": 2,
        "price": 210.0,
        "_transactioncurrencyid_value": currency,
        **ACTIVE,
        **STAMPS,
    }
