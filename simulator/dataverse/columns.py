"""Columns as the tables write them down."""

from collections.abc import Mapping

from simulator.dataverse.shapes import Column
from simulator.odata.kinds import Kind


def text(limit: int, *, writes: bool = True) -> Column:
    return Column(Kind.STRING, writes, limit)


def of(kind: Kind, *, writes: bool = False) -> Column:
    return Column(kind, writes)


def choice(options: Mapping[int, str], *, writes: bool = True) -> Column:
    return Column(Kind.INTEGER, writes, options=options)


GUID, TIME = of(Kind.GUID), of(Kind.TIME)
SWITCH, NUMBER = of(Kind.BOOLEAN, writes=True), of(Kind.INTEGER, writes=True)
MONEY = of(Kind.DECIMAL, writes=True)
ALWAYS = {"createdon": TIME, "modifiedon": TIME, "versionnumber": of(Kind.LONG)}
ACTIVE = {
    "statecode": choice({0: "Active", 1: "Inactive"}),
    "statuscode": choice({1: "Active", 2: "Inactive"}),
}
"""State and reason of most tables."""
