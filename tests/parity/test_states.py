"""What the bot saw of a connection: whether it is enabled, and why Business Central disabled it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from connection.checked_setup import check_fields
from connection.checks.looking import Findings
from connection.connection import Observed, state_word
from connection.errors import Mistake, RequestRefused, WrongFields
from connection.observing import observe
from connection.pictures import StatusPicture
from connection.ports import Transaction
from connection.report import Outcome
from connection.revisions import SavedSetup
from connection.saving import Saved
from handlers.views.status import status_message
from tests.parity.fakes import FakeBusinessCentral
from tests.parity.room import OPERATOR, RIGHT, Room, a_connection, result_of

DISABLING = "The connection to Dynamics 365 Sales is disabled due to the following error"


def test_the_reason_why_a_connection_was_disabled_is_shown_with_its_state() -> None:
    connection = a_connection(Observed.DISABLED, disable_reason="ABC")
    saved = SavedSetup("c1", 1, check_fields(RIGHT), OPERATOR, connection.created_at)
    message = status_message(StatusPicture(connection, saved, {}, None))
    assert state_word(connection) == "disabled by Business Central"
    assert "disabled by Business Central" in message.text
    assert "Disabled because: ABC" in message.text


def test_without_a_reason_a_disabled_connection_is_just_disabled() -> None:
    assert state_word(a_connection(Observed.DISABLED)) == "disabled"
    assert state_word(a_connection(Observed.ENABLED)) == "enabled"


def _refused(said: str) -> RequestRefused:
    return RequestRefused(f"It answered with an error: {said}", status=400).quoting(said)


async def _seen(room: Room) -> tuple[Observed, str]:
    one = await room.connection()
    return one.observed, one.disable_reason


async def test_what_business_central_says_while_it_disables_stays_until_it_is_seen_enabled(
    room: Room, business_central: FakeBusinessCentral
) -> None:
    await room.finds(a_connection(Observed.ENABLED))
    await room.holds_every_secret()
    business_central.refused = _refused(f"{DISABLING}: ABC")
    found = result_of(await room.tests(), "setup_page")
    assert found.outcome is Outcome.FAIL
    assert "disabled the connection" in found.sentence
    assert "ABC" not in found.sentence
    assert found.private.endswith(f"{DISABLING}: ABC")
    assert await _seen(room) == (Observed.DISABLED, "ABC")
    business_central.refused = None
    await room.tests()
    assert await _seen(room) == (Observed.DISABLED, "ABC")
    business_central.page = replace(business_central.page, enabled=True)
    await room.tests()
    assert await _seen(room) == (Observed.ENABLED, "")
    business_central.page = replace(business_central.page, enabled=False)
    await room.tests()
    assert await _seen(room) == (Observed.DISABLED, "")


async def test_a_page_that_was_not_read_leaves_what_was_seen_before(
    room: Room, business_central: FakeBusinessCentral
) -> None:
    await room.finds(a_connection(Observed.ENABLED))
    room.turns_encryption_on()
    await room.gives_secret()
    await room.tests()
    assert business_central.opened == 0
    assert await _seen(room) == (Observed.ENABLED, "")
    await room.gives_password()
    business_central.refused = _refused("User SYNC is disabled on server X.")
    await room.tests()
    assert business_central.opened == 1
    assert await _seen(room) == (Observed.ENABLED, "")


async def test_another_company_is_another_record_of_which_nothing_was_seen(
    room: Room, business_central: FakeBusinessCentral
) -> None:
    business_central.page = replace(business_central.page, enabled=True)
    await room.saves()
    await room.holds_every_secret()
    report = await room.tests()
    assert await _seen(room) == (Observed.ENABLED, "")
    await room.saves(bc_company="Another Example Ltd.")
    assert await _seen(room) == (Observed.UNKNOWN, "")
    late = Findings(connection_enabled=True, enabled_at=report.finished_at)
    await room.ports.ledger.run(lambda tx: observe(tx, report, late))
    assert await _seen(room) == (Observed.UNKNOWN, "")


async def test_a_test_that_looked_earlier_does_not_undo_what_was_seen_later(
    room: Room, business_central: FakeBusinessCentral
) -> None:
    await room.saves()
    await room.holds_every_secret()
    report = await room.tests()
    seen_at = (await room.connection()).observed_at
    assert seen_at is not None
    for earlier, after in ((True, Observed.DISABLED), (False, Observed.ENABLED)):
        at = seen_at + timedelta(seconds=-1 if earlier else 1)
        looked = Findings(connection_enabled=True, enabled_at=at)

        def work(tx: Transaction, looked: Findings = looked) -> None:
            observe(tx, report, looked)

        await room.ports.ledger.run(work)
        assert (await _seen(room))[0] is after


LOCKED = {
    "sales_url": "https://other-example.crm4.dynamics.com",
    "integration_user_name": "somebody.else@domain.net",
}


@pytest.mark.parametrize("field", LOCKED)
async def test_what_the_connection_stands_on_is_changed_here_only_while_it_is_disabled(
    room: Room, business_central: FakeBusinessCentral, field: str
) -> None:
    business_central.page = replace(business_central.page, enabled=True)
    await room.saves()
    await room.holds_every_secret()
    await room.tests()
    draft = await room.opens_form()
    with pytest.raises(WrongFields) as refused:
        await room.submits(draft, **{field: LOCKED[field]})
    assert set(refused.value.fields) == {field}
    assert "Business Central locks this" in refused.value.fields[field]
    assert isinstance(await room.submits(draft, users_must_map="yes"), Saved)
    business_central.page = replace(business_central.page, enabled=False)
    await room.tests()
    assert isinstance(await room.submits(await room.opens_form(), **{field: LOCKED[field]}), Saved)


async def test_the_password_is_replaced_here_only_while_it_is_disabled(
    room: Room, business_central: FakeBusinessCentral
) -> None:
    business_central.page = replace(business_central.page, enabled=True)
    await room.saves()
    await room.holds_every_secret()
    await room.tests()
    before = await room.saved()
    with pytest.raises(Mistake, match="Business Central locks this"):
        await room.gives_password()
    await room.gives_secret()
    after = await room.saved()
    assert after.setup.integration_password == before.setup.integration_password
    assert after.setup.bot_client_secret != before.setup.bot_client_secret
    business_central.page = replace(business_central.page, enabled=False)
    await room.tests()
    await room.gives_password()
    assert (await room.saved()).setup.integration_password != before.setup.integration_password
