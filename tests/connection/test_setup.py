"""The setup fields: their rules, what a change unlinks, and how two edits are merged."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connection.checked_setup import check_fields
from connection.errors import WrongFields
from connection.merging import merge
from connection.origins import unlink_secrets
from connection.setup import FIELDS, ConnectionSetup, changed_fields, values_of
from connection.setup_fields import FieldKind
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


@pytest.mark.parametrize("name", [about.name for about in FIELDS if about.required])
def test_a_needed_field_may_not_be_blank(name: str) -> None:
    assert "is needed" in _wrong(**{name: "   "})[name]


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


SECRETS = [about for about in FIELDS if about.kind is FieldKind.SECRET]


@pytest.mark.parametrize(
    ("secret", "part"), [(about.name, part) for about in SECRETS for part in about.given_for]
)
def test_changing_what_a_secret_was_given_for_unlinks_it(secret: str, part: str) -> None:
    before = dataclasses.replace(check_fields(RIGHT), **{secret: "the-id"})
    other = "https://other.crm4.dynamics.com" if part == "sales_url" else "other"
    after, lost = unlink_secrets(before, dataclasses.replace(before, **{part: other}))
    assert lost == (secret,)
    assert getattr(after, secret) == ""


def test_changing_anything_else_keeps_every_secret() -> None:
    before = dataclasses.replace(check_fields(RIGHT), bot_client_secret="the-id")
    for about in FIELDS:
        if about.kind is FieldKind.SECRET or about.name in SECRETS[0].given_for:
            continue
        after, lost = unlink_secrets(before, dataclasses.replace(before, **{about.name: "x"}))
        assert lost == ()
        assert after.bot_client_secret == "the-id"


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
