"""The role of Business Central's base solution, which it wants from version 16 on."""

import pytest

from connection.checks.integration_user import (
    BASE_INTEGRATION,
    integration_roles,
    integration_user,
)
from connection.checks.looking import Found, Look
from connection.remote import SalesRole
from connection.report import Outcome
from tests.parity.fakes import FakeSales, a_user
from tests.parity.looks import a_look

SALESPERSON = SalesRole("r2", "Salesperson", "r2", "")
BASE = SalesRole(BASE_INTEGRATION, "Base Integration", BASE_INTEGRATION, "")


async def _both(look: Look) -> Found:
    assert (await integration_user(look)).outcome is Outcome.PASS
    return await integration_roles(look)


@pytest.mark.parametrize(
    ("auth", "outcome"), [("password", Outcome.WARN), ("client_secret", Outcome.FAIL)]
)
async def test_from_version_16_on_the_role_of_the_base_solution_is_required(
    auth: str, outcome: Outcome
) -> None:
    """An app signs in from version 16 on only, while a user may be of an earlier one."""
    app = "00000000-1111-2222-3333-777777777777"
    typed = {} if auth == "password" else {"integration_client_id": app}
    sales = FakeSales(users=[a_user(application_id=app)])
    sales.deployed += [BASE]
    look = a_look(sales, integration_auth=auth, **typed)
    found = await _both(look)
    assert found.outcome is outcome
    assert "It lacks the role Base Integration" in found.sentence
    assert look.findings.integration_roles_deployed
    sales.held += [SalesRole("copy", "Base Integration", BASE_INTEGRATION.upper(), "")]
    assert (await _both(look)).outcome is Outcome.PASS


async def test_what_fails_is_told_before_what_is_not_deployed() -> None:
    app = "00000000-1111-2222-3333-777777777777"
    sales = FakeSales(users=[a_user(application_id=app)], held=[SALESPERSON], deployed=[BASE])
    look = a_look(sales, integration_auth="client_secret", integration_client_id=app)
    found = await _both(look)
    assert found.outcome is Outcome.FAIL
    assert "It lacks the role Base Integration" in found.sentence
