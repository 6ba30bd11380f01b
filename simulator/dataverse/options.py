"""The query options of a read: which are known, which are refused, what they say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from simulator.dataverse.errors import NotSimulatedError, bad_query
from simulator.odata.filters import FilterError, Node, parse

KNOWN = frozenset(
    {"$select", "$filter", "$orderby", "$top", "$expand", "$count", "$skiptoken", "$id"}
)
ELSEWHERE = frozenset(
    {"$apply", "fetchXml", "savedQuery", "userQuery", "$search", "$deltatoken", "sql"}
)
EXPANSION = re.compile(r"(?P<link>\w+)(?:\((?P<options>[^()]*)\))?")


@dataclass(frozen=True)
class Order:
    column: str
    descending: bool


@dataclass(frozen=True)
class Expansion:
    link: str
    select: tuple[str, ...]


@dataclass(frozen=True)
class Options:
    select: tuple[str, ...] = ()
    filter: Node | None = None
    order: tuple[Order, ...] = ()
    top: int | None = None
    expand: tuple[Expansion, ...] = ()
    count: bool = False
    skiptoken: str | None = None
    id: str | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)


def options_of(query: str) -> Options:
    """Reads a query string; `$` may be sent as %24."""
    given = dict(parse_qsl(query, keep_blank_values=True))
    aliases = {name: value for name, value in given.items() if name.startswith("@")}
    for name in given:
        if name in ELSEWHERE:
            raise NotSimulatedError(name)
        if name == "$skip":
            raise bad_query("The query parameter $skip is not supported.")
        if name not in KNOWN and name not in aliases:
            raise bad_query(f"The query parameter {name} is not supported.")
    return Options(
        select=_names(given.get("$select", "")),
        filter=_filter(given.get("$filter"), aliases),
        order=_order(given.get("$orderby", "")),
        top=_top(given.get("$top")),
        expand=_expansions(given.get("$expand", "")),
        count=given.get("$count", "false") == "true",
        skiptoken=given.get("$skiptoken"),
        id=given.get("$id"),
        aliases=aliases,
    )


def _filter(text: str | None, aliases: Mapping[str, str]) -> Node | None:
    try:
        return None if text is None else parse(text, aliases)
    except FilterError as error:
        raise bad_query(str(error)) from error


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _top(text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch("[0-9]{1,9}", text):
        raise bad_query(f"Invalid value '{text}' for $top query option found.")
    return int(text)


def _order(text: str) -> tuple[Order, ...]:
    orders = []
    for part in _names(text):
        name, _, direction = part.partition(" ")
        if direction.strip() not in ("", "asc", "desc"):
            raise bad_query(f"Syntax error in '{text}'.")
        orders.append(Order(name, direction.strip() == "desc"))
    return tuple(orders)


def _expansions(text: str) -> tuple[Expansion, ...]:
    """One level, with `$select` inside."""
    found: list[Expansion] = []
    at = 0
    while at < len(text):
        matched = EXPANSION.match(text, at)
        if matched is None or (matched.end() < len(text) and text[matched.end()] != ","):
            if matched is not None and text[matched.end()] == "(":
                raise NotSimulatedError("more than one level of $expand")
            raise bad_query(f"Syntax error at position {at} in '{text}'.")
        found.append(Expansion(matched["link"], _inner_select(matched["options"] or "")))
        at = matched.end() + 1
    return tuple(found)


def _inner_select(options: str) -> tuple[str, ...]:
    for option in filter(None, options.split(";")):
        name, _, value = option.partition("=")
        if name.strip() == "$select":
            return _names(value)
        raise NotSimulatedError(f"{name.strip()} inside $expand")
    return ()
