"""The facts of a healthy world, drawn anew at each start."""

from typing import Any

from simulator.healthy.business_central import business_central
from simulator.healthy.identity import accounts, apps, managed_identity, tenants
from simulator.healthy.on_premises import on_premises
from simulator.healthy.sales import sales
from simulator.identifiers import Draw


def healthy_facts(draw: Draw) -> dict[str, Any]:
    identity = {"tenants": tenants(draw), "apps": apps(draw), "accounts": accounts(draw)}
    return {
        **identity,
        "sales": sales(draw, identity),
        "business_central": business_central(draw, identity),
        "on_premises": on_premises(draw),
        "network": {"tls": {}, "proxy": {}},
        "managed_identity": managed_identity(draw, identity["apps"]),
    }
