"""The setup fields: their rules, what a change unlinks, and how two edits are merged."""

import dataclasses
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connection.checked_setup import check_fields, fields_for
from connection.errors import WrongFields
from connection.merging import merge
from connection.origins import unlink_secrets
from connection.setup import (
    FIELDS,
    SECRET_FIELDS,
    TYPED_FIELDS,
    ConnectionSetup,
    changed_fields,
    secrets_of,
    values_of,
)
from connection.setup_fields import FieldKind, FormPart, SetupField
from connection.words import COMMAND_WORDS
from handlers.commands import COMMANDS

RIGHT = {
    "name": "adventure-prod",
    "hosting": "online",
    "sales_url": "https://adventure-example.crm4.dynamics.com",
    "tenant": "adventure-example.onmicrosoft.com",
    "bot_client_id": "{00000000-1111-2222-3333-444444444444}",
    "bot_credential": "client_secret",
    "integration_user_name": "integration@adventure-example.onmicrosoft.com",
    "bc_environment": "Production",
    "bc_company": "Adventure Example Ltd.",
}


def _wrong(**typed: str) -> dict[str, str]:
    with pytest.raises(WrongFields) as refused:
        check_fields({**RIGHT, **typed})
    return refused.value.fields


def test_right_fields_are_kept_in_one_form() -> None:
    setup = check_fields(RIGHT)
    assert setup.bot_client_id == "00000000-1111-2222-3333-444444444444"
    assert check_fields(values_of(setup)) == setup


def test_every_wrong_field_is_named_at_once_with_what_to_do() -> None:
    wrong = _wrong(name="Adventure Prod!", tenant="common", bot_client_id="x", sales_url="a b")
    assert set(wrong) == {"name", "tenant", "bot_client_id", "sales_url"}
    assert "Try adventure-prod." in wrong["name"]
    assert all(len(sentence) > 20 for sentence in wrong.values())


NEEDED = [one for one in TYPED_FIELDS if one.required and one.kind is not FieldKind.CHOICE]


@pytest.mark.parametrize("about", NEEDED, ids=lambda about: about.name)
def test_a_needed_field_may_not_be_blank(about: SetupField) -> None:
    choices = {name: allowed[0] for name, allowed in about.only_with}
    assert "is needed" in _wrong(**{**choices, about.name: "   "})[about.name]


CHOICES = [one for one in TYPED_FIELDS if one.kind is FieldKind.CHOICE]


@pytest.mark.parametrize("about", CHOICES, ids=lambda about: about.name)
def test_a_choice_that_was_not_made_has_its_first_value(about: SetupField) -> None:
    typed = {name: value for name, value in RIGHT.items() if name != about.name}
    assert getattr(check_fields(typed), about.name) == about.choices[0][0]
    assert "Choose one of" in _wrong(**{about.name: "something else"})[about.name]


def test_a_field_of_another_choice_is_left_empty() -> None:
    setup = check_fields({**RIGHT, "bc_url": "https://bc.example.com:7048/BC150"})
    assert setup.bc_url == ""
    assert setup.bc_environment == "Production"


def test_a_managed_identity_needs_no_client_id() -> None:
    typed = {**RIGHT, "bot_credential": "managed_identity", "bot_client_id": ""}
    assert check_fields(typed).bot_client_id == ""


def test_no_form_shows_more_than_twelve_inputs() -> None:
    values = [[value for value, _ in about.choices] for about in CHOICES]
    for chosen in itertools.product(*values):
        typed = dict(zip((about.name for about in CHOICES), chosen, strict=True))
        assert all(len(fields_for(typed, part)) <= 12 for part in FormPart), typed


@pytest.mark.parametrize("word", sorted(COMMAND_WORDS))
def test_no_connection_is_called_like_a_command_word(word: str) -> None:
    assert "word of the command" in _wrong(name=word)["name"]


def test_every_command_is_a_reserved_word() -> None:
    assert {command.word for command in COMMANDS} <= COMMAND_WORDS


@pytest.mark.parametrize(
    ("address", "hosting", "user", "right"),
    [
        ("https://somedomain.dynamics.com", "on-premises", "admin", False),
        ("https://somedomain.dynamics.com", "on-premises", "admin@domain.com", True),
        ("http://somedomain.com", "on-premises", "admin", False),
        ("http://somedomain.com", "on-premises", "domain\\admin", True),
        ("https://crm.example.test", "online", "admin@domain.com", True),
    ],
)
def test_the_user_name_follows_the_authentication_type(
    address: str, hosting: str, user: str, right: bool
) -> None:
    typed = {"sales_url": address, "hosting": hosting, "integration_user_name": user}
    if right:
        assert check_fields({**RIGHT, **typed}).integration_user_name == user
    else:
        assert set(_wrong(**typed)) == {"integration_user_name"}


SETUPS: dict[str, dict[str, str]] = {
    "integration_password": {"integration_auth": "password"},
    "integration_client_secret": {
        "integration_auth": "client_secret",
        "integration_client_id": "00000000-1111-2222-3333-666666666666",
    },
    "integration_certificate": {
        "integration_auth": "certificate",
        "integration_client_id": "00000000-1111-2222-3333-666666666666",
    },
    "bot_client_secret": {"bot_credential": "client_secret"},
    "bot_certificate": {"bot_credential": "certificate"},
    "odata_access_key": {"item_availability": "yes", "odata_user_name": "SALES"},
    "bc_access_key": {
        "hosting": "on-premises",
        "bc_url": "https://bc.example.com:7048/BC150",
        "bc_user_name": "SYNC",
    },
}
"""For each secret a setup that uses it."""

OTHERS = {
    "sales_url": "https://other.crm4.dynamics.com",
    "bc_url": "https://other.example.com:7048/BC150",
    "hosting": "online",
    "integration_auth": "client_secret",
    "bot_credential": "workload_identity",
}


def _parts(about: SetupField) -> set[str]:
    assert about.given_for is not None
    return {part for part in dataclasses.astuple(about.given_for)[:4] if part}


PARTS = [(about, part) for about in SECRET_FIELDS for part in sorted(_parts(about))]


def _setup_with(about: SetupField) -> ConnectionSetup:
    setup = check_fields({**RIGHT, **SETUPS[about.name]})
    return dataclasses.replace(setup, **{about.name: "the-id"})


def test_every_secret_has_a_setup_that_uses_it() -> None:
    for about in SECRET_FIELDS:
        assert about in secrets_of(_setup_with(about))


@pytest.mark.parametrize(
    ("about", "part"), PARTS, ids=[f"{about.name}-{part}" for about, part in PARTS]
)
def test_changing_what_a_secret_was_given_for_unlinks_it(about: SetupField, part: str) -> None:
    before = _setup_with(about)
    other = OTHERS.get(part, "other")
    if getattr(before, part) == other:
        other = "certificate"
    after, lost = unlink_secrets(before, dataclasses.replace(before, **{part: other}))
    assert lost == (about.name,)
    assert getattr(after, about.name) == ""


@pytest.mark.parametrize("about", SECRET_FIELDS, ids=lambda about: about.name)
def test_changing_anything_else_keeps_every_secret(about: SetupField) -> None:
    before = _setup_with(about)
    for other in TYPED_FIELDS:
        if other.name in _parts(about) | {name for name, _ in about.only_with}:
            continue
        new = "https://x.example.com" if other.name in ("sales_url", "bc_url") else "x"
        after, lost = unlink_secrets(before, dataclasses.replace(before, **{other.name: new}))
        assert lost == (), other.name
        assert getattr(after, about.name) == "the-id"


def test_a_certificate_prepared_before_its_type_is_chosen_stays_when_it_is() -> None:
    before = dataclasses.replace(
        check_fields(RIGHT), bot_client_secret="old", bot_certificate="prepared"
    )
    after, lost = unlink_secrets(before, dataclasses.replace(before, bot_credential="certificate"))
    assert lost == ("bot_client_secret",)
    assert after.bot_certificate == "prepared"


def test_another_spelling_of_the_same_host_keeps_the_secret() -> None:
    before = dataclasses.replace(check_fields(RIGHT), bot_client_secret="the-id")
    after = dataclasses.replace(before, sales_url="https://Adventure-Example.crm4.dynamics.com/x")
    assert unlink_secrets(before, after)[1] == ()


_VALUES = st.fixed_dictionaries({about.name: st.sampled_from(["a", "b", "c"]) for about in FIELDS})


@given(_VALUES, _VALUES, _VALUES)
def test_a_merge_loses_nobodys_change_without_naming_it(
    base: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    merged = merge(base, mine, theirs)
    for name, value in merged.values.items():
        if mine[name] != base[name]:
            assert value == mine[name]
        else:
            assert value == theirs[name]
        both = mine[name] != base[name] and theirs[name] != base[name]
        assert (name in merged.conflicts) == (both and mine[name] != theirs[name])


@given(_VALUES, _VALUES)
def test_changed_fields_are_exactly_those_that_differ(
    one: dict[str, str], other: dict[str, str]
) -> None:
    changed = changed_fields(ConnectionSetup(**one), ConnectionSetup(**other))
    assert set(changed) == {name for name in one if one[name] != other[name]}
