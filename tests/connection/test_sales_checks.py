"""The rules of the checks of Sales: where they pass, warn and fail."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connection.checks import (
    integration_user,
    privileges,
    sales_side,
    sign_ins,
    solution,
    tenant,
    timing,
    web_addresses,
)
from connection.checks.looking import Look
from connection.checks.reached import CERTIFICATE_WARNING, reached_in_words
from connection.errors import Forbidden, NotInOrganisation, RemoteFault
from connection.remote import NavConnection, Reached, SalesRole, Tenancy
from connection.report import Outcome
from tests.parity.fakes import CONNECTED, INSTALLED, LATER, PUBLIC, FakeSales, a_user
from tests.parity.looks import a_look

PASS, WARN, FAIL = Outcome.PASS, Outcome.WARN, Outcome.FAIL
_ALL_PRIVILEGES = frozenset(privileges.NEEDED_PRIVILEGES)
_GUID = "aaaaaaaa-1111-4222-8333-666666666666"
_OTHER = "bbbbbbbb-1111-4222-8333-666666666666"
UNTESTED, SKIPPED = Outcome.UNTESTED, Outcome.SKIPPED


def reached(clock_ahead: float | None = 0.0, tenancy: Tenancy | None = PUBLIC) -> Reached:
    return Reached("contoso.crm4.dynamics.com", (), "", LATER, clock_ahead, tenancy)


@pytest.mark.parametrize(
    ("ahead", "outcome"),
    [(0.4, PASS), (-59, PASS), (61, WARN), (-299, WARN), (300, FAIL), (-4000, FAIL)],
)
async def test_the_clock_warns_from_a_minute_and_fails_from_five(
    ahead: float, outcome: Outcome
) -> None:
    look = a_look(FakeSales())
    look.findings.reached = reached(ahead)
    found = await timing.clock(look)
    assert found.outcome is outcome
    if outcome is not PASS:
        assert ("behind" if ahead > 0 else "ahead of") in found.sentence


async def test_what_sales_does_not_say_is_not_tested() -> None:
    look = a_look(FakeSales())
    look.findings.reached = reached(None, None)
    assert (await timing.clock(look)).outcome is UNTESTED
    assert (await tenant.tenant(look)).outcome is UNTESTED


@pytest.mark.parametrize(
    ("days", "outcome"), [(CERTIFICATE_WARNING.days + 1, PASS), (13, WARN), (0, WARN)]
)
def test_a_certificate_warns_a_fortnight_before_its_end(days: int, outcome: Outcome) -> None:
    one = replace(reached(), certificate_expires=LATER + timedelta(days=days))
    assert reached_in_words(one, LATER).outcome is outcome


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        (replace(PUBLIC, tenant_id="another"), "belongs to tenant another"),
        (replace(PUBLIC, login_host="login.microsoftonline.us"), "the cloud of login"),
    ],
)
async def test_another_tenant_or_cloud_is_named(theirs: Tenancy, said: str) -> None:
    look = a_look(FakeSales())
    look.findings.reached = reached(tenancy=theirs)
    found = await tenant.tenant(look)
    assert found.outcome is FAIL
    assert said in found.sentence


async def test_who_is_refused_as_nobody_in_particular_meets_administration_mode() -> None:
    sales = FakeSales(fault=Forbidden("Sales denies access.", "Look.", code="0x80048405"))
    look = a_look(sales)
    found = await sales_side.dataverse(look)
    assert (found.outcome, found.sentence) == (SKIPPED, "Sales seems to be in administration mode")
    with pytest.raises(Forbidden):
        await sales_side.administration_mode(look)


@pytest.mark.parametrize(
    "fault",
    [
        Forbidden("Only a System Administrator may.", code="0x80048d2f"),
        NotInOrganisation("Who signed in is no user.", code="0x80072560"),
    ],
)
async def test_who_is_refused_for_a_reason_reads_that_reason(fault: RemoteFault) -> None:
    look = a_look(FakeSales(fault=fault))
    with pytest.raises(type(fault)):
        await sales_side.dataverse(look)
    assert (await sales_side.administration_mode(look)).outcome is SKIPPED


async def test_an_administrator_cannot_tell_administration_mode() -> None:
    template = integration_user.SYSTEM_ADMINISTRATOR_TEMPLATE.upper()
    sales = FakeSales(held=[SalesRole("r", "System Administrator", "r", template)])
    look = a_look(sales)
    look.findings.own_user_id = "bot"
    assert (await sales_side.administration_mode(look)).outcome is UNTESTED
    sales.fault = Forbidden("Not roles.")
    assert (await sales_side.administration_mode(look)).outcome is UNTESTED


@pytest.mark.parametrize(
    ("installed", "outcome"),
    [(INSTALLED, PASS), (replace(INSTALLED, managed=False), WARN), (None, WARN)],
)
async def test_a_missing_solution_is_a_warning(installed: None, outcome: Outcome) -> None:
    look = a_look(FakeSales(installed=installed))
    assert (await solution.solution(look)).outcome is outcome
    tables = await solution.solution_tables(look)
    assert tables.outcome is (SKIPPED if installed is None else PASS)


@pytest.mark.parametrize(("mode", "outcome"), [(4, PASS), (0, WARN), (2, FAIL), (9, FAIL)])
async def test_the_access_mode_counts_for_users_and_not_for_apps(
    mode: int, outcome: Outcome
) -> None:
    look = a_look(FakeSales(users=[a_user(access_mode=mode)]))
    assert (await integration_user.integration_user(look)).outcome is outcome
    look = a_look(FakeSales(users=[a_user(access_mode=mode, application_id="app")]))
    assert (await integration_user.integration_user(look)).outcome is PASS


async def _of_privileges(held: set[str], *, deployed: bool = True) -> tuple[Outcome, str]:
    look = a_look(FakeSales(privileges=frozenset(held)))
    look.findings.integration_user = a_user()
    look.findings.integration_roles_deployed = deployed
    found = await privileges.integration_privileges(look)
    return found.outcome, found.sentence


async def test_missing_privileges_are_named_the_first_ones_at_least() -> None:
    needed = set(_ALL_PRIVILEGES)
    assert (await _of_privileges(needed | {"prvReadLead"}))[0] is PASS
    assert await _of_privileges(needed - {"prvReadUser"}) == (FAIL, "It lacks prvReadUser.")
    outcome, said = await _of_privileges(set())
    assert outcome is FAIL
    assert f"and {len(needed) - privileges.SHOWN} more" in said
    assert (await _of_privileges(set(), deployed=False))[0] is SKIPPED


def _look(*rows: NavConnection, **typed: str) -> Look:
    look = a_look(FakeSales(), **typed)
    look.findings.nav_connections = rows
    look.findings.tenant_id = PUBLIC.tenant_id
    return look


BC = "https://businesscentral.dynamics.com"
COMPANY = "company=Adventure%20Example%20Ltd."


@pytest.mark.parametrize(
    ("url", "outcome"),
    [
        (f"{BC}/Production?{COMPANY}", PASS),
        (f"{BC}/production/?{COMPANY}&page=22", PASS),
        (f"{BC}/{PUBLIC.tenant_id.upper()}/Production", PASS),
        (f"{BC}/adventure-example.onmicrosoft.com/Production", PASS),
        (f"{BC}?{COMPANY}", PASS),
        (f"{BC}/another.example.com/Production", UNTESTED),
        (f"{BC}/another.example.com/Sandbox", FAIL),
        (f"{BC}/Sandbox?{COMPANY}", FAIL),
        (f"{BC}/Production?company=Another", FAIL),
        ("https://businesscentral.dynamics.com.example/Production", FAIL),
        ("nonsense", FAIL),
        ("", WARN),
    ],
)
async def test_the_web_client_url_leads_to_the_place_in_the_setup(
    url: str, outcome: Outcome
) -> None:
    look = _look(replace(CONNECTED, web_client_url=url))
    found = await web_addresses.web_client_url(look)
    assert found.outcome is outcome
    assert not url or url not in found.sentence


@pytest.mark.parametrize("hosting", ["online", "on-premises"])
async def test_links_are_held_against_the_web_client_url_of_the_setup(hosting: str) -> None:
    wanted = "https://bc.example.com/BC150/?company=Adventure"
    typed = {"web_client_url": wanted, "hosting": hosting}
    found = await web_addresses.web_client_url(_look(CONNECTED, **typed))
    assert found.outcome is FAIL
    assert "do not open the web client URL of the setup" in found.sentence
    assert str(CONNECTED.web_client_url) in found.private
    right = replace(CONNECTED, web_client_url=f"{wanted}/")
    assert (await web_addresses.web_client_url(_look(CONNECTED, right, **typed))).outcome is PASS


async def test_one_right_row_of_several_is_enough() -> None:
    elsewhere = replace(CONNECTED, web_client_url=f"{BC}/Sandbox")
    found = await web_addresses.web_client_url(_look(elsewhere, CONNECTED))
    assert found.outcome is PASS


async def test_before_business_central_wrote_anything_nothing_is_missed() -> None:
    for check in (web_addresses.web_client_url, web_addresses.item_availability):
        assert (await check(_look())).outcome is UNTESTED
    typed = {"bc_environment": "", "bc_company": ""}
    assert (await web_addresses.web_client_url(_look(CONNECTED, **typed))).outcome is UNTESTED
    unwanted = replace(CONNECTED, odata_url="")
    assert (await web_addresses.item_availability(_look(unwanted))).outcome is UNTESTED


ADDRESSES = st.text() | st.text().map(lambda text: f"{BC}/{text}") | st.just("https://[x")


@given(web=ADDRESSES, odata=ADDRESSES, user=st.text())
def test_whatever_stands_in_sales_is_judged(web: str, odata: str, user: str) -> None:
    look = _look(NavConnection("x", web, odata, user))
    for check in (web_addresses.web_client_url, web_addresses.item_availability):
        found = asyncio.run(check(look))
        assert bool(found.remedy) is (found.outcome in (WARN, FAIL))


async def test_throttling_counts_what_came_during_the_test() -> None:
    sales = FakeSales(refused=3)
    look = a_look(sales)
    await sales_side.dataverse(look)
    assert (await timing.throttling(look)).outcome is PASS
    sales.refused = 5
    found = await timing.throttling(look)
    assert found.outcome is WARN
    assert "wait 2 times" in found.sentence


async def test_a_backslash_is_no_active_directory_where_sales_is_online() -> None:
    """Business Central signs in by Office 365 there, and looks by email."""
    sales = FakeSales(users=[a_user("AZUREAD\\tester@domain.net")])
    look = a_look(sales, integration_user_name="AZUREAD\\tester@domain.net")
    assert (await integration_user.integration_user(look)).outcome is PASS
    assert sales.asked == ["users with email AZUREAD\\tester@domain.net"]
    assert "Active Directory" not in (await sign_ins.integration_sign_in(look)).sentence


async def test_sales_orders_need_privileges_of_their_own_once_they_are_integrated() -> None:
    look = a_look(FakeSales())
    look.findings.integration_user, look.findings.integration_roles_deployed = a_user(), True
    assert (await privileges.integration_privileges(look)).outcome is PASS
    assert look.findings.organisation is not None
    look.findings.organisation = replace(look.findings.organisation, sales_orders_integrated=True)
    found = await privileges.integration_privileges(look)
    assert found.outcome is FAIL
    assert "prvReadSalesOrder" in found.sentence


async def test_privileges_are_known_however_they_are_written() -> None:
    """Of a custom table they have its schema name, and solutions wrote that differently."""
    written = {name.replace("nav_connection", "nav_Connection") for name in _ALL_PRIVILEGES}
    assert (await _of_privileges(written))[0] is PASS


@pytest.mark.parametrize(
    ("setup", "known", "url", "outcome"),
    [
        ("adventure-example.onmicrosoft.com", "", _GUID, UNTESTED),
        ("adventure-example.onmicrosoft.com", "", "adventure.example", UNTESTED),
        (_GUID, "", "adventure.example", UNTESTED),
        (_GUID, "", _GUID.upper(), PASS),
        (_OTHER, "", _GUID, FAIL),
        ("adventure-example.onmicrosoft.com", _OTHER, _GUID, FAIL),
        ("adventure-example.onmicrosoft.com", _GUID, _GUID, PASS),
    ],
)
async def test_a_tenant_is_another_only_where_both_ids_are_known(
    setup: str, known: str, url: str, outcome: Outcome
) -> None:
    """A tenant has many domains, and only ids tell two apart."""
    look = _look(replace(CONNECTED, web_client_url=f"{BC}/{url}/Production"), tenant=setup)
    look.findings.tenant_id = known
    found = await web_addresses.web_client_url(look)
    assert found.outcome is outcome
    assert ("another tenant" in found.sentence) is (outcome is FAIL)
