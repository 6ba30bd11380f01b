"""What the integration user must be: Business Central's requirements, in its order."""

import pytest

from connection.checks.integration_user import (
    SYSTEM_ADMINISTRATOR_TEMPLATE,
    integration_roles,
    integration_user,
)
from connection.checks.looking import Found, Look
from connection.remote import SalesRole, SalesUser
from connection.report import Outcome
from tests.parity.fakes import (
    ADMINISTRATOR_ROLE,
    INTEGRATION_LOGIN,
    USER_ROLE,
    FakeSales,
    a_user,
)
from tests.parity.looks import a_look

SYSTEM_ADMINISTRATOR = SalesRole(
    "r1", "System Administrator", "r1", SYSTEM_ADMINISTRATOR_TEMPLATE.upper()
)
SALESPERSON = SalesRole("r2", "Salesperson", "r2", "")
COPIES = [
    SalesRole(f"copy-{role.id}", role.name, role.id.upper(), "")
    for role in (ADMINISTRATOR_ROLE, USER_ROLE)
]


async def _both(look: Look) -> Found:
    """What the two checks come to, one after the other: the worse of what they found."""
    found = await integration_user(look)
    return found if found.outcome is Outcome.FAIL else await integration_roles(look)


async def _sentence(sales: FakeSales, **typed: str) -> str:
    found = await _both(a_look(sales, **typed))
    assert found.outcome is Outcome.FAIL
    assert found.remedy
    return found.sentence


@pytest.mark.parametrize(
    ("user", "held", "said"),
    [
        (a_user(disabled=True, licensed=False), [], "disabled"),
        (a_user(licensed=False), [], "no licence"),
        (a_user(), [], "no security role"),
        (a_user(), [SYSTEM_ADMINISTRATOR], "must not have"),
        (a_user(), [*COPIES, SYSTEM_ADMINISTRATOR], "must not have"),
        (a_user(), [SALESPERSON], "lacks the roles Integration Administrator and Integration User"),
        (a_user(), [USER_ROLE], "lacks the role Integration Administrator"),
        (a_user(), [ADMINISTRATOR_ROLE], "lacks the role Integration User"),
    ],
)
async def test_the_first_requirement_that_is_not_met_is_the_one_that_is_told(
    user: SalesUser, held: list[SalesRole], said: str
) -> None:
    assert said in await _sentence(FakeSales(users=[user], held=held))


@pytest.mark.parametrize("held", [[ADMINISTRATOR_ROLE, USER_ROLE], [*COPIES, SALESPERSON]])
async def test_both_integration_roles_are_enough_in_any_business_unit(
    held: list[SalesRole],
) -> None:
    found = await _both(a_look(FakeSales(held=held)))
    assert found.outcome is Outcome.PASS


@pytest.mark.parametrize("deployed", [[], [ADMINISTRATOR_ROLE], [USER_ROLE]])
async def test_integration_roles_are_asked_for_only_where_both_are_deployed(
    deployed: list[SalesRole],
) -> None:
    sales = FakeSales(held=[SALESPERSON], deployed=deployed)
    assert (await _both(a_look(sales))).outcome is Outcome.WARN


@pytest.mark.parametrize("login", ["tester@domain.net", "TESTER@Domain.NET"])
async def test_the_email_is_compared_without_case(login: str) -> None:
    look = a_look(FakeSales(), integration_user_name=login)
    assert (await _both(look)).outcome is Outcome.PASS


async def test_the_first_of_several_users_with_the_same_email_counts() -> None:
    users = [a_user(), a_user(disabled=True)]
    assert (await _both(a_look(FakeSales(users=users)))).outcome is Outcome.PASS
    assert "disabled" in await _sentence(FakeSales(users=users[::-1]))


async def test_a_user_that_sales_does_not_have_fails() -> None:
    assert "does not have the integration user" in await _sentence(FakeSales(users=[]))


async def test_on_premises_the_user_is_found_by_the_domain_name_and_never_by_email() -> None:
    typed = {
        "hosting": "on-premises",
        "sales_url": "http://somedomain.com",
        "integration_user_name": "domain\\sync",
    }
    sales = FakeSales(users=[a_user(INTEGRATION_LOGIN, "DOMAIN\\Sync")])
    assert (await _both(a_look(sales, **typed))).outcome is Outcome.PASS
    assert sales.asked[0] == "users with domain name domain\\sync"
    sales.users = [a_user("domain\\sync", "domain\\somebody")]
    await _sentence(sales, **typed)
