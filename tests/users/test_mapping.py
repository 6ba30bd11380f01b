"""The mapping agrees with Business Central's rule, written down as naively as can be."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connection.remote import BcUser, SalesUser
from connection.setup import ConnectionSetup
from connection.users.findings import FINDINGS, LOSING, Finding
from connection.users.mapping import Mapping, Roles
from connection.users.rule import Rule, alike, rule_of
from tests.users.people import BC_USERS, SALES_USERS, TEXTS, a_bc_user, a_sales_user

GROUPS = ("Application", "AAD Group")


def same(one: str, other: str) -> bool:
    """Without case, without blanks at the end, however the letters are composed."""

    def plain(text: str) -> str:
        while text.endswith(" "):
            text = text[:-1]
        composed = unicodedata.normalize("NFC", text)
        return unicodedata.normalize("NFC", composed.casefold())

    return plain(one) == plain(other) != ""


def alike_users(rule: Rule, user: BcUser, other: SalesUser) -> bool:
    if rule is Rule.EMAIL:
        return same(user.email, other.email)
    return same(user.name, other.domain_name)


def like(rule: Rule, user: BcUser, other: BcUser) -> bool:
    return same(user.email, other.email) if rule is Rule.EMAIL else same(user.name, other.name)


def active(user: BcUser) -> bool:
    return user.enabled and user.licence not in GROUPS


def naive_bc(
    rule: Rule, user: BcUser, bc: list[BcUser], sales: list[SalesUser], roles: Roles
) -> tuple[set[Finding], str]:
    """Quadratic: everybody is compared with everybody."""
    if user.licence in GROUPS:
        return {Finding.BC_OTHER}, ""
    if not user.enabled:
        return {Finding.BC_DISABLED}, ""
    said = user.email if rule is Rule.EMAIL else user.name
    if not said.strip(" "):
        return {Finding.NO_EMAIL}, ""
    found = {Finding.BC_DUPLICATE} if _others(rule, user, bc) else set()
    matches = [other for other in sales if alike_users(rule, user, other)]
    on = [other for other in matches if not other.disabled]
    if not matches:
        return found | {Finding.UNMATCHED}, ""
    if not on:
        return found | {Finding.SALES_DISABLED}, matches[0].id
    found |= {Finding.MAPPED} | ({Finding.AMBIGUOUS} if len(on) > 1 else set())
    if not on[0].licensed:
        found.add(Finding.UNLICENSED)
    if roles.integration is not None and on[0].id not in roles.integration:
        found.add(Finding.NO_INTEGRATION_ROLE)
    if roles.availability is not None and on[0].id not in roles.availability:
        found.add(Finding.NO_AVAILABILITY_ROLE)
    return found, on[0].id


def _others(rule: Rule, user: BcUser, bc: list[BcUser]) -> list[BcUser]:
    return [
        other for other in bc if other is not user and active(other) and like(rule, user, other)
    ]


def naive_sales(
    rule: Rule, user: SalesUser, bc: list[BcUser], sales: list[SalesUser]
) -> set[Finding] | None:
    if user.disabled:
        return {Finding.SALES_OFF}
    seekers = [other for other in bc if alike_users(rule, other, user)]
    wanted = any(active(other) for other in seekers)
    for other in bc if wanted else []:
        if active(other) and naive_bc(rule, other, bc, sales, Roles())[1] == user.id:
            return None
    said = user.email if rule is Rule.EMAIL else user.domain_name
    if user.application_id or user.access_mode in (3, 4, 5):
        return {Finding.SALES_OTHER}
    if not said.strip(" "):
        return {Finding.SALES_NO_EMAIL}
    if wanted:
        return {Finding.SALES_DUPLICATE}
    off = any(not other.enabled for other in seekers)
    found = {Finding.SALES_OF_DISABLED if off else Finding.SALES_UNMATCHED}
    same_key = [
        other
        for other in sales
        if other is not user
        and not other.disabled
        and (same(said, other.email if rule is Rule.EMAIL else other.domain_name))
    ]
    return found | ({Finding.SALES_DUPLICATE} if same_key else set())


@given(
    st.sampled_from(Rule),
    st.lists(BC_USERS, max_size=12),
    st.lists(SALES_USERS, max_size=12),
    st.data(),
)
def test_the_mapping_agrees_with_a_naive_one(
    rule: Rule, bc: list[BcUser], sales: list[SalesUser], data: st.DataObject
) -> None:
    ids = st.none() | st.frozensets(st.sampled_from([user.id for user in sales] or ["none"]))
    roles = Roles(data.draw(ids), data.draw(ids))
    mapping = Mapping(rule, roles)
    mapping.add_sales(sales)
    mapping.add_bc(bc)
    judged = [
        (user, match.id if match else "", set(verdict.findings))
        for user, match, verdict in mapping.judged()
    ]
    on_bc = [(user, *naive_bc(rule, user, bc, sales, roles)[::-1]) for user in bc]
    left = [(None, other.id, naive_sales(rule, other, bc, sales)) for other in sales]
    assert judged == [*on_bc, *(one for one in left if one[2] is not None)]


@given(TEXTS, TEXTS)
def test_texts_are_alike_as_they_are_the_same(one: str, other: str) -> None:
    if alike(one) and alike(other):
        assert (alike(one) == alike(other)) == same(one, other)


@given(TEXTS)
def test_what_is_alike_stays_alike(text: str) -> None:
    assert alike(alike(text)) == alike(text)


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        ("Ada@X", "ada@x", True),
        ("ada@x  ", "ada@x", True),
        (" ada@x", "ada@x", False),
        ("zoë@x", "ZOE\u0308@X", True),
        ("zoë@x", "zoe@x", False),
        ("\u212aim@x", "kim@x", True),
    ],
)
def test_case_and_blanks_at_the_end_do_not_count(one: str, other: str, are: bool) -> None:
    assert (alike(one) == alike(other)) is are


def mapped(rule: Rule, user: BcUser, *sales: SalesUser) -> Finding:
    mapping = Mapping(rule)
    mapping.add_sales(sales)
    mapping.add_bc([user])
    _, _, verdict = next(mapping.judged())
    return verdict.findings[0]


def test_a_disabled_sales_user_is_nobodys_match() -> None:
    ada = a_bc_user("ada@x")
    assert mapped(Rule.EMAIL, ada, a_sales_user("ada@x")) is Finding.MAPPED
    off = a_sales_user("ada@x", disabled=True)
    assert mapped(Rule.EMAIL, ada, off) is Finding.SALES_DISABLED
    assert mapped(Rule.EMAIL, ada, off, a_sales_user("ada@x")) is Finding.MAPPED


def test_by_email_the_authentication_email_and_the_primary_email_are_compared() -> None:
    ten = a_bc_user("user10@domain.com", "TEN")
    sales = a_sales_user("user10@domain.com", "domain\\user1")
    assert mapped(Rule.EMAIL, ten, sales) is Finding.MAPPED


def test_by_domain_name_the_user_name_and_the_domain_name_are_compared() -> None:
    user = a_bc_user("", "DOMAIN\\ADA")
    sales = a_sales_user("admin@domain.com", "domain\\ada")
    assert mapped(Rule.DOMAIN_NAME, user, sales) is Finding.MAPPED
    assert mapped(Rule.EMAIL, user, sales) is Finding.NO_EMAIL


def test_ours_is_stricter_an_empty_email_is_nobodys() -> None:
    assert mapped(Rule.EMAIL, a_bc_user(""), a_sales_user("")) is Finding.NO_EMAIL


def test_licence_and_access_mode_hinder_no_match() -> None:
    sales = a_sales_user("ada@x", licensed=False, access_mode=4)
    assert mapped(Rule.EMAIL, a_bc_user("ada@x"), sales) is Finding.MAPPED


@pytest.mark.parametrize("licence", ["Application", "AGENT", "Windows Group", "AAD Group"])
def test_an_app_an_agent_and_a_group_have_nothing_to_lose(licence: str) -> None:
    user = a_bc_user("ada@x", licence=licence)
    assert mapped(Rule.EMAIL, user, a_sales_user("ada@x")) is Finding.BC_OTHER


@pytest.mark.parametrize(
    ("hosting", "sales_url", "user_name", "rule"),
    [
        ("on-premises", "https://crm.example.com", "ADVENTURE\\sync", Rule.DOMAIN_NAME),
        ("on-premises", "https://crm.example.com", "sync@adventure.example", Rule.EMAIL),
        ("on-premises", "https://x.crm4.dynamics.com", "ADVENTURE\\sync@x", Rule.EMAIL),
        ("online", "https://crm.example.com", "ADVENTURE\\sync@x", Rule.EMAIL),
        ("online", "", "", Rule.EMAIL),
    ],
)
def test_the_way_of_signing_in_says_which_rule_counts(
    hosting: str, sales_url: str, user_name: str, rule: Rule
) -> None:
    setup = ConnectionSetup(hosting=hosting, sales_url=sales_url, integration_user_name=user_name)
    assert rule_of(setup) is rule


def test_every_finding_has_its_words_once() -> None:
    assert [about.finding for about in FINDINGS] == list(dict.fromkeys(a.finding for a in FINDINGS))
    assert {about.finding for about in FINDINGS} == set(Finding)
    assert all(about.remedy for about in FINDINGS if about.finding in LOSING)
