"""What Business Central locks while a connection is enabled is locked here, and nothing else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connection.checked_setup import check_fields
from connection.connection import Observed
from connection.errors import Mistake, WrongFields
from connection.locking import locked_in_form, locked_secret, refuse_locked, refuse_locked_secret
from connection.observing import same_company
from connection.setup import FIELDS, SECRET_FIELDS, TYPED_FIELDS, values_of
from tests.parity.room import RIGHT, a_connection

ENABLED = a_connection(Observed.ENABLED)
SAVED = check_fields(RIGHT)
LOCKED = {
    "sales_url",
    "integration_auth",
    "integration_user_name",
    "integration_client_id",
    "integration_password",
}
CLIENT_ID = "00000000-1111-2222-3333-777777777777"


def _wrong(**wanted: str) -> dict[str, str]:
    with pytest.raises(WrongFields) as refused:
        refuse_locked(ENABLED, SAVED, {**values_of(SAVED), **wanted})
    return refused.value.fields


def test_what_stands_in_business_centrals_record_is_locked() -> None:
    """Page 5330: address, user name, password, type and string. Page 7200: the client id."""
    assert {about.name for about in FIELDS if about.locked} == LOCKED


def test_a_locked_field_says_why_what_to_do_and_what_it_was() -> None:
    wrong = _wrong(sales_url="https://other.crm4.dynamics.com")
    assert wrong == {
        "sales_url": "Business Central locks this while the connection is enabled. Disable it "
        f"first with /d365 disable {ENABLED.name}. To save the rest, leave it at "
        f"“{SAVED.sales_url}”."
    }


def test_another_type_is_told_at_the_type_and_at_what_it_brings() -> None:
    """The user name is not in the form any more, so nothing is told of it."""
    wrong = _wrong(
        integration_auth="client_secret", integration_client_id=CLIENT_ID, integration_user_name=""
    )
    assert set(wrong) == {"integration_auth", "integration_client_id"}
    assert "leave it at “User name and password”." in wrong["integration_auth"]
    assert "leave it" not in wrong["integration_client_id"]


fields = st.sampled_from([about.name for about in TYPED_FIELDS])


@given(st.dictionaries(fields, st.sampled_from(["", "x", CLIENT_ID])), st.sampled_from(Observed))
def test_only_changed_locked_fields_of_an_enabled_connection_are_refused(
    typed: dict[str, str], observed: Observed
) -> None:
    before = values_of(SAVED)
    wanted = {**before, **typed}
    changed = {name for name in wanted if wanted[name] != before[name]}
    told: set[str] = set()
    try:
        refuse_locked(a_connection(observed), SAVED, wanted)
    except WrongFields as wrong:
        told = set(wrong.fields)
    assert told <= changed & LOCKED
    if observed is not Observed.ENABLED:
        assert told == set()
    elif changed & {"sales_url", "integration_auth"}:
        assert told


@pytest.mark.parametrize("observed", Observed)
def test_the_form_says_it_at_the_locked_fields(observed: Observed) -> None:
    said = locked_in_form(a_connection(observed))
    typed = {about.name for about in TYPED_FIELDS}
    assert set(said) == (LOCKED & typed if observed is Observed.ENABLED else set())


def test_the_users_password_is_locked_once_it_is_held_and_no_other_secret_is() -> None:
    held = replace(SAVED, **{about.name: "s1" for about in SECRET_FIELDS})
    locked = {one.name for one in SECRET_FIELDS if locked_secret(ENABLED, held, one)}
    assert locked == {"integration_password"}
    (password,) = [one for one in SECRET_FIELDS if one.name in locked]
    with pytest.raises(Mistake, match="locks this while the connection is enabled") as refused:
        refuse_locked_secret(ENABLED, held, password)
    assert refused.value.hint == f"Disable it first with /d365 disable {ENABLED.name}."
    assert locked_secret(ENABLED, SAVED, password) is None, "a first one replaces nothing"
    assert locked_secret(a_connection(Observed.DISABLED), held, password) is None


def test_a_company_is_the_same_by_the_fields_that_lead_to_it() -> None:
    other = {**RIGHT, "bc_company": "Another Example Ltd."}
    assert not same_company(SAVED, check_fields(other))
    assert same_company(SAVED, check_fields({**RIGHT, "users_must_map": "yes"}))
    server = {**RIGHT, "hosting": "on-premises", "bc_url": "https://bc.example.com:7048/BC150"}
    server |= {"bc_user_name": "SYNC"}
    assert not same_company(SAVED, check_fields(server))
    elsewhere = {**server, "tenant": "other-example.onmicrosoft.com"}
    assert same_company(check_fields(server), check_fields(elsewhere))
