"""Business Central's default synchronisation setup (codeunit CRM Setup Defaults, version 15 on).

One row a mapping. A later version has its own: units and prices were made anew in version 26.
"""

from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    """As page 5335 shows it."""

    BOTH = "Bidirectional"
    TO_SALES = "To Integration Table"
    FROM_SALES = "From Integration Table"


@dataclass(frozen=True, slots=True)
class Default:
    """A mapping of versions `since` up to and without `until`. `job`: it has one of its own.
    `conditional`: it is only there with sales order integration."""

    name: str
    direction: Direction
    coupled: bool = True
    job: bool = True
    since: int = 0
    until: int = 9999
    conditional: bool = False


_BOTH, _TO, _FROM = Direction.BOTH, Direction.TO_SALES, Direction.FROM_SALES

DEFAULTS: tuple[Default, ...] = (
    Default("SALESPEOPLE", _FROM),
    Default("CUSTOMER", _BOTH),
    Default("VENDOR", _BOTH, since=16),
    Default("CONTACT", _BOTH),
    Default("CURRENCY", _TO),
    Default("UNIT OF MEASURE", _TO, until=26),
    Default("UNIT GROUP", _TO, since=26),
    Default("ITEM UOM", _TO, since=26),
    Default("RESOURCE UOM", _TO, since=26),
    Default("ITEM-PRODUCT", _BOTH),
    Default("RESOURCE-PRODUCT", _BOTH),
    Default("CUSTPRCGRP-PRICE", _TO, until=26),
    Default("SALESPRC-PRODPRICE", _TO, coupled=False, until=26),
    Default("PLHEADER-PRICE", _TO, since=26),
    Default("PLLINE-PRODPRICE", _TO, coupled=False, since=26),
    Default("POSTEDSALESINV-INV", _TO),
    Default("POSTEDSALESLINE-INV", _TO, coupled=False, job=False),
    Default("SHIPPING AGENT", _FROM, coupled=False, job=False),
    Default("SHIPMENT METHOD", _FROM, coupled=False, job=False),
    Default("PAYMENT TERMS", _FROM, coupled=False, job=False),
    Default("OPPORTUNITY", _BOTH, coupled=False, job=False),
    Default("SALESORDER-ORDER", _TO, conditional=True),
)

MAPPING_JOB = 5339
"""Codeunit Integration Synch. Job Runner: one job for each mapping that has one."""

OTHER_JOBS = {
    5350: "customer statistics",
    5352: "order status",
    5355: "order notes",
    5349: "sales orders, automatically",
    5354: "sales quotes, automatically",
    5356: "item availability",
}
"""Codeunits of the jobs that belong to no mapping."""

REFERENCE = 15
"""The version whose defaults count where Business Central does not tell its own."""


def defaults_of(version: int) -> tuple[Default, ...]:
    """In the order of the table."""
    return tuple(one for one in DEFAULTS if one.since <= version < one.until)
