"""The features: defaults and dependencies are Business Central's, version 15."""

from collections.abc import Mapping

import pytest

from connection.checked_setup import check_fields, fields_for, not_to_be_chosen
from connection.errors import WrongFields
from connection.origins import unlink_secrets
from connection.setup import ConnectionSetup, secrets_of
from connection.setup_features import followed
from connection.setup_fields import FormPart
from tests.connection.test_setup import RIGHT

AVAILABLE = {"item_availability": "yes", "odata_user_name": "SALES"}
NEED_SOLUTION = {"item_availability", "sales_orders", "web_client_url"}


def checked(**typed: str) -> ConnectionSetup:
    return check_fields({**RIGHT, **typed})


def shown(**typed: str) -> set[str]:
    return {about.name for about in fields_for({**RIGHT, **typed}, FormPart.FEATURES)}


def closed(**typed: str) -> Mapping[str, str]:
    found = not_to_be_chosen({**RIGHT, **typed}, FormPart.FEATURES)
    return {about.name: about.otherwise for about in found}


def test_what_was_never_touched_has_business_centrals_defaults() -> None:
    setup = checked()
    assert (setup.import_solution, setup.sales_orders, setup.sales_hub) == ("yes", "yes", "yes")
    assert (setup.item_availability, setup.users_must_map) == ("no", "no")
    assert (setup.auto_create_orders, setup.auto_process_quotes) == ("no", "no")
    assert (setup.web_client_url, setup.odata_url) == ("", "")
    assert setup == checked(**dict.fromkeys(shown(), ""))


def test_a_setup_of_before_there_were_features_is_none_that_was_changed() -> None:
    before = ConnectionSetup(name="adventure-prod")
    assert before.import_solution == checked().import_solution
    assert before.auto_create_orders == checked().auto_create_orders


def test_without_the_solution_what_needs_it_is_empty_and_says_why() -> None:
    typed = {"import_solution": "no", "sales_orders": "yes", "auto_create_orders": "yes"}
    typed |= {**AVAILABLE, "web_client_url": "https://bc.example.com/"}
    setup = checked(**typed)
    for name in (*NEED_SOLUTION, "auto_create_orders", "odata_url", "odata_user_name"):
        assert getattr(setup, name) == "", name
    why = closed(**typed)
    assert set(why) == {*NEED_SOLUTION, "auto_create_orders"}
    assert all("needs" in said for said in why.values())


@pytest.mark.parametrize("solution", ["yes", "installed"])
def test_with_the_solution_everything_can_be_chosen(solution: str) -> None:
    assert shown(import_solution=solution) > NEED_SOLUTION
    assert set(closed(import_solution=solution)) == set()


def test_orders_are_created_automatically_only_with_sales_order_integration() -> None:
    setup = checked(sales_orders="no", auto_create_orders="yes", auto_process_quotes="yes")
    assert setup.auto_create_orders == ""
    assert setup.auto_process_quotes == "yes"
    assert closed(sales_orders="no") == {"auto_create_orders": "needs sales order integration."}


def test_item_availability_brings_its_url_user_and_key_and_takes_them_along() -> None:
    setup = checked(**AVAILABLE)
    assert setup.odata_user_name == "SALES"
    assert "odata_access_key" in {about.name for about in secrets_of(setup)}
    off = checked(item_availability="no", odata_user_name="SALES")
    assert off.odata_user_name == ""
    assert "odata_access_key" not in {about.name for about in secrets_of(off)}


@pytest.mark.parametrize(
    "other",
    [
        {"item_availability": "no"},
        {"import_solution": "no"},
        {"odata_user_name": "OTHER"},
        {"sales_url": "https://other.crm4.dynamics.com"},
    ],
)
def test_the_key_is_unlinked_with_what_it_was_given_for(other: dict[str, str]) -> None:
    held = ConnectionSetup(**{**_values(checked(**AVAILABLE)), "odata_access_key": "the-id"})
    _, lost = unlink_secrets(held, checked(**{**AVAILABLE, **other}))
    assert lost == ("odata_access_key",)


def _values(setup: ConnectionSetup) -> dict[str, str]:
    return {name: getattr(setup, name) for name in setup.__dataclass_fields__}


@pytest.mark.parametrize(
    ("before", "now", "availability"),
    [
        ("yes", "no", "no"),
        ("no", "yes", "yes"),
        ("no", "installed", "no"),
        ("yes", "installed", "as it was"),
        ("installed", "yes", "as it was"),
        ("yes", "yes", "as it was"),
    ],
)
def test_item_availability_follows_the_solution(before: str, now: str, availability: str) -> None:
    typed = {"import_solution": now, "item_availability": "as it was"}
    assert followed(before, typed)["item_availability"] == availability
    assert followed(before, {"name": "x"}) == {"name": "x"}


@pytest.mark.parametrize(
    "address",
    [
        "https://businesscentral.dynamics.com/tenant/Production",
        "http://bc.example.com:8080/BC150/?company=Adventure%20Example",
        "https://bc.example.com:7048/BC150/OData/ProductItemAvailability",
    ],
)
def test_a_web_address_is_kept_as_it_is_typed(address: str) -> None:
    setup = checked(web_client_url=address, **AVAILABLE, odata_url=address)
    assert (setup.web_client_url, setup.odata_url) == (address, address)


@pytest.mark.parametrize(
    "address",
    [
        "bc.example.com",
        "ftp://bc.example.com",
        "javascript:alert(1)",
        "https://",
        "https://[broken",
        "https://bc.example.com:0/",
        "https://bc.example.com:99999/",
        "https://ada:secret@bc.example.com/",
        "https://bc.example.com/a b",
        "https://bc.example.com/\nX",
        "https://bc.example.com/" + "x" * 250,
    ],
)
def test_what_is_no_web_address_is_told_at_its_field(address: str) -> None:
    with pytest.raises(WrongFields) as refused:
        checked(web_client_url=address)
    assert set(refused.value.fields) == {"web_client_url"}
