"""One-time tokens: proved, not stored; nobody without the key makes one."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.links import SignedLinks

KEY, OTHER = b"k" * 32, b"o" * 32
PUBLIC = "https://bot.example.com"
ids = st.uuids().map(str)


def token_of(key: bytes, handover_id: str) -> str:
    return SignedLinks(key, PUBLIC).address_of(handover_id).rpartition("/")[2]


@given(ids)
def test_a_token_leads_back_to_its_handover(handover_id: str) -> None:
    address = SignedLinks(KEY, f"{PUBLIC}/").address_of(handover_id)
    assert address.startswith(f"{PUBLIC}/secret/")
    assert SignedLinks(KEY, PUBLIC).handover_of(address.rpartition("/")[2]) == handover_id


@given(ids)
def test_a_token_of_another_key_leads_nowhere(handover_id: str) -> None:
    assert SignedLinks(KEY, PUBLIC).handover_of(token_of(OTHER, handover_id)) == ""


@given(ids, st.integers(0, 53), st.characters(min_codepoint=33, max_codepoint=126))
def test_a_changed_token_leads_nowhere(handover_id: str, place: int, sign: str) -> None:
    token = token_of(KEY, handover_id)
    changed = token[:place] + sign + token[place + 1 :]
    if changed != token:
        assert SignedLinks(KEY, PUBLIC).handover_of(changed) == ""


@given(st.text(max_size=80))
def test_any_text_is_answered(text: str) -> None:
    assert SignedLinks(KEY, PUBLIC).handover_of(text) == ""


def test_without_a_public_address_there_is_no_link() -> None:
    assert SignedLinks(KEY, "").address_of(str(uuid.uuid4())) == ""


@pytest.mark.parametrize("other", [OTHER, KEY])
def test_a_form_key_is_of_its_own_address(other: bytes) -> None:
    links = SignedLinks(KEY, PUBLIC)
    assert links.form_key("a") == links.form_key("a")
    assert links.form_key("a") != SignedLinks(other, PUBLIC).form_key("a" if other != KEY else "b")
