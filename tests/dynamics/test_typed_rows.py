"""Typed rows are what the forgiving way makes of the same page, whatever the page holds."""

import json
from collections.abc import Mapping

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connection.errors import Unintelligible
from dynamics.calls import Answer, Service
from dynamics.odata import plain_page
from dynamics.sales_users import SALES_USERS, UserRow, sales_user
from dynamics.typed_rows import Typed

COLUMNS = SALES_USERS.columns.split(",")
USER = "44444444-4444-4444-8444-444444444444"
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(exclude_categories=())),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
)
ROWS = st.lists(st.dictionaries(st.sampled_from([*COLUMNS, "@odata.etag", "other"]), ODD))
LINKS = st.sampled_from([None, 7, "", "https://adventure.example/next", "\ud800"])


def answer(content: bytes) -> Answer:
    return Answer(200, httpx.Headers(), content)


def forgiving(content: bytes) -> tuple[list[UserRow], str] | None:
    """By mappings, one column after the other; None for what is no page."""
    try:
        rows, link = plain_page(Service.SALES, answer(content))
    except Unintelligible:
        return None
    return [SALES_USERS.row(row) for row in rows], link


def typed(content: bytes) -> tuple[list[UserRow], str] | None:
    try:
        rows, link = SALES_USERS.page(Service.SALES, answer(content))
    except Unintelligible:
        return None
    return list(rows), link


@given(ROWS, st.none() | LINKS, st.booleans(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_both_ways_come_to_the_same_rows(
    rows: list[dict[str, object]], link: object, plain: bool, encoding: str
) -> None:
    page = {"@odata.context": "c", "value": rows, "@odata.nextLink": link, "@odata.count": 1}
    content = json.dumps(page, ensure_ascii=plain).encode(encoding, "surrogatepass")
    assert typed(content) == forgiving(content)


@given(st.binary(max_size=40) | st.sampled_from([b'{"value":[1]}', b"{}", b"[]", b'{"value":{}}']))
def test_what_is_no_page_is_none_either_way(content: bytes) -> None:
    assert typed(content) == forgiving(content)


@pytest.mark.parametrize(
    ("said", "is_read_as"),
    [
        ({"fullname": None}, {"fullname": None}),
        ({"fullname": 7}, {"fullname": None}),
        ({"accessmode": "4"}, {"accessmode": None}),
        ({"accessmode": True}, {"accessmode": None}),
        ({"isdisabled": 1}, {"isdisabled": None}),
        ({"isdisabled": True, "accessmode": 4}, {"isdisabled": True, "accessmode": 4}),
        ({"fullname": "half \ud800 a pair"}, {"fullname": "half ? a pair"}),
        ({"other": "\udfff", "fullname": "Ada"}, {"fullname": "Ada"}),
    ],
)
def test_what_is_not_of_its_type_counts_as_missing(
    said: Mapping[str, object], is_read_as: Mapping[str, object]
) -> None:
    content = json.dumps({"value": [{"systemuserid": USER, **said}]}).encode()
    (row,), _ = SALES_USERS.page(Service.SALES, answer(content))
    wanted = UserRow(systemuserid=USER)
    for name, value in is_read_as.items():
        setattr(wanted, name, value)
    assert row == wanted


@pytest.mark.parametrize("told", [None, 7, "", "none", USER + "0", "{" * 38])
def test_a_user_without_an_id_is_refused(told: object) -> None:
    content = json.dumps({"value": [{"systemuserid": told}]}).encode()
    (row,), _ = SALES_USERS.page(Service.SALES, answer(content))
    with pytest.raises(Unintelligible):
        sales_user(row)


def test_a_page_nested_without_end_is_none() -> None:
    content = b'{"value":[{"other":' + b"[" * 100_000 + b"]" * 100_000 + b"}]}"
    assert typed(content) is None


def test_columns_are_asked_for_by_dataverses_names() -> None:
    assert Typed(UserRow).columns.startswith("systemuserid,fullname,internalemailaddress,")


def test_half_a_pair_in_three_bytes_is_a_question_mark_and_other_bytes_make_it_no_page() -> None:
    read = typed(b'{"value":[{"fullname":"\xed\xa0\x80"}]}')
    assert read == ([UserRow(fullname="?")], "")
    assert typed(b'{"value":[],"@odata.nextLink":"\xff"}') is None
