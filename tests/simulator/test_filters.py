"""A filter that is written out and read again chooses what its tree chooses."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from simulator.dataverse.matching import matcher
from simulator.dataverse.tables import TABLES
from simulator.odata.filters import (
    Both,
    Comparison,
    Either,
    FilterError,
    In,
    Literal,
    Node,
    Not,
    Some,
    TextFunction,
    parse,
)
from simulator.odata.kinds import Kind

USERS = TABLES["systemusers"]
WORDS = some.text("abÅ'\" ()%", max_size=4)
GUIDS = some.uuids().map(str)


def _comparison(column: str, kind: Kind, values: some.SearchStrategy[Any], *operators: str) -> Any:
    literal = some.builds(Literal, some.just(kind), values)
    return some.builds(Comparison, some.just(column), some.sampled_from(operators), literal)


NULL = some.just(Literal(None, None))
LEAVES: some.SearchStrategy[Node] = some.one_of(
    _comparison("jobtitle", Kind.STRING, WORDS, "eq", "ne", "gt", "le"),
    _comparison("isdisabled", Kind.BOOLEAN, some.booleans(), "eq", "ne"),
    _comparison("accessmode", Kind.DOUBLE, some.integers(-5, 5).map(float), "lt", "ge", "eq"),
    _comparison("applicationid", Kind.GUID, GUIDS, "eq", "ne"),
    some.builds(Comparison, some.just("jobtitle"), some.sampled_from(["eq", "ne"]), NULL),
    some.builds(
        TextFunction,
        some.sampled_from(["contains", "startswith", "endswith"]),
        some.just("jobtitle"),
        WORDS,
    ),
    some.builds(In, some.just("jobtitle"), some.lists(WORDS, min_size=1, max_size=3).map(tuple)),
)
ROLES = "systemuserroles_association"
SOME: some.SearchStrategy[Node] = some.builds(
    Some,
    some.just(ROLES),
    some.booleans(),
    some.just("r"),
    _comparison("r/name", Kind.STRING, WORDS, "eq", "ne", "gt"),
)
TREES = some.recursive(
    LEAVES | SOME,
    lambda inner: some.one_of(
        some.builds(Not, inner), some.builds(Both, inner, inner), some.builds(Either, inner, inner)
    ),
    max_leaves=8,
)
ROWS = some.fixed_dictionaries(
    {
        "jobtitle": some.none() | WORDS,
        "isdisabled": some.booleans(),
        "accessmode": some.none() | some.integers(-5, 5),
        "applicationid": some.none() | GUIDS,
        ROLES: some.lists(some.fixed_dictionaries({"name": WORDS}), max_size=2),
    }
)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _literal(literal: Literal) -> str:
    if literal.value is None:
        return "null"
    if isinstance(literal.value, bool):
        return str(literal.value).lower()
    if literal.kind == Kind.STRING:
        return _quoted(str(literal.value))
    return str(literal.value)


def _written(node: Node) -> str:
    match node:
        case Both(left, right):
            return f"({_written(left)}) and ({_written(right)})"
        case Either(left, right):
            return f"({_written(left)}) or ({_written(right)})"
        case Not(inner):
            return f"not ({_written(inner)})"
        case In(column, values):
            listed = ",".join(json.dumps(value) for value in values)
            name = f"PropertyName='{column}',PropertyValues=[{listed}]"
            return f"Microsoft.Dynamics.CRM.In({name})"
        case TextFunction(name, column, text):
            return f"{name}({column},{_quoted(text)})"
        case Comparison(column, operator, literal):
            return f"{column} {operator} {_literal(literal)}"
        case Some(link, every, variable, inner):
            within = "" if inner is None else f"{variable}:{_written(inner)}"
            return f"{link}/{'all' if every else 'any'}({within})"


def _means(node: Node, row: dict[str, Any]) -> bool:
    """The meaning, told a second time and plainly."""
    match node:
        case Both(left, right):
            return _means(left, row) and _means(right, row)
        case Either(left, right):
            return _means(left, row) or _means(right, row)
        case Not(inner):
            return not _means(inner, row)
        case In(column, values):
            there = row[column]
            return there is not None and there.casefold() in [v.casefold() for v in values]
        case TextFunction(name, column, text):
            there = row[column]
            if there is None:
                return False
            return _sits(name, there.casefold(), text.casefold())
        case Comparison(column, operator, literal):
            return _compares(row[column], operator, literal.value)
        case Some(link, every, _, inner):
            held = [{f"r/{name}": value for name, value in each.items()} for each in row[link]]
            met = [inner is None or _means(inner, each) for each in held]
            return False not in met if every else True in met


def _sits(name: str, there: str, text: str) -> bool:
    places = [at for at in range(len(there) + 1) if there[at : at + len(text)] == text]
    wanted = {"contains": places, "startswith": [0], "endswith": [len(there) - len(text)]}[name]
    return any(at in places for at in wanted)


def _compares(there: Any, operator: str, wanted: Any) -> bool:
    if isinstance(there, str):
        there = there.casefold()
    if isinstance(wanted, str):
        wanted = wanted.casefold()
    if operator == "eq":
        return bool(there == wanted)
    if operator == "ne":
        return bool(there != wanted)
    if there is None:
        return False
    return bool({"gt": there > wanted, "ge": there >= wanted}.get(operator)) or bool(
        {"lt": there < wanted, "le": there <= wanted}.get(operator)
    )


@given(TREES)
def test_filter_is_read_as_it_was_written(tree: Node) -> None:
    assert parse(_written(tree)) == tree


@given(TREES, ROWS)
def test_filter_chooses_what_it_means(tree: Node, row: dict[str, Any]) -> None:
    matches = matcher(parse(_written(tree)), USERS, dict.get)
    assert matches(row) == _means(tree, row)


@given(some.text(max_size=30))
def test_any_other_text_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(FilterError, match=r"."):
        parse(f"{text} ,")


def test_and_binds_before_or() -> None:
    a, b, c = (Comparison(x, "eq", Literal(Kind.BOOLEAN, True)) for x in "abc")
    assert parse("a eq true or b eq true and c eq true") == Either(a, Both(b, c))


@pytest.mark.parametrize("alias", ["'ada'", "null", "5"])
def test_alias_stands_for_its_parameter(alias: str) -> None:
    assert parse("x eq @p1", {"@p1": alias}) == parse(f"x eq {alias}")
