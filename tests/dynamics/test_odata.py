"""Quoting and encoding."""

from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connection.errors import Unintelligible
from dynamics.calls import Service
from dynamics.odata import encoded, guid, member_of, text_literal
from tests.dynamics.microsoft import SALES

FIRST = f"{SALES}/api/data/v9.2/systemusers"


@given(st.text())
def test_a_text_comes_back_from_its_literal(text: str) -> None:
    literal = text_literal(text)
    assert literal[1:-1].replace("''", "'") == text
    assert "'" not in literal[1:-1].replace("''", "")


@given(st.text(st.characters(codec="utf-8")))
def test_an_encoded_filter_arrives_as_it_was_meant(text: str) -> None:
    meant = f"domainname eq {text_literal(text)}"
    address = f"{FIRST}?$select=fullname&$filter={encoded(meant)}"
    sent = httpx.URL(address).raw_path.decode()
    assert parse_qs(urlsplit(sent).query, keep_blank_values=True)["$filter"] == [meant]


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_a_company_stays_one_segment_of_the_address(name: str) -> None:
    segment = f"Company({encoded(text_literal(name))})"
    path = httpx.URL(f"{SALES}/ODataV4/{segment}/Users").raw_path.decode()
    assert path.split("/")[2:] == [segment, "Users"]
    assert unquote(path.split("/")[2]) == f"Company({text_literal(name)})"


def test_membership_is_written_as_dataverse_documents_it() -> None:
    assert member_of("roleid", ["a", "b"]) == (
        'Microsoft.Dynamics.CRM.In(PropertyName=\'roleid\',PropertyValues=["a","b"])'
    )


@pytest.mark.parametrize("value", [None, "", "x", "1 or 1 eq 1", 5])
def test_what_is_no_id_is_never_put_into_an_address(value: object) -> None:
    with pytest.raises(Unintelligible):
        guid(Service.SALES, value)
