"""Test Connection: what is needed before, when it can be run, and what it answers."""

import pytest

from connection.connection import Observed
from connection.errors import NameUnknown, UnknownConnection
from connection.report import Outcome
from tests.parity.fakes import FakeSales
from tests.parity.room import Room, a_connection, result_of


@pytest.mark.parametrize("observed", [Observed.DISABLED, Observed.ENABLED, Observed.UNKNOWN])
async def test_a_connection_is_tested_whether_it_is_enabled_or_not(
    room: Room, observed: Observed
) -> None:
    room.turns_encryption_on()
    await room.finds(a_connection(observed))
    await room.gives_secret()
    await room.gives_password()
    report = await room.tests()
    assert report.outcome is Outcome.PASS
    assert {result.outcome for result in report.results} == {Outcome.PASS}


async def test_what_is_not_set_up_cannot_be_tested(room: Room) -> None:
    with pytest.raises(UnknownConnection, match="No connection is set up yet"):
        await room.tests()


async def test_without_the_secret_nobody_is_asked_anything(room: Room, sales: FakeSales) -> None:
    await room.saves()
    report = await room.tests()
    assert report.outcome is Outcome.FAIL
    sign_in = result_of(report, "bot_sign_in")
    assert "does not hold the client secret" in sign_in.sentence
    assert "d365bot secret set" in sign_in.remedy
    assert sales.asked == []


async def test_an_organisation_that_does_not_answer_fails_the_test_and_changes_nothing(
    room: Room, sales: FakeSales
) -> None:
    room.turns_encryption_on()
    await room.finds(a_connection(Observed.DISABLED))
    await room.gives_secret()
    before = await room.saved()
    sales.fault = NameUnknown("DNS does not know nocrmhere.gov.", "Check the address.")
    report = await room.tests()
    failed = result_of(report, "dataverse")
    assert (report.outcome, failed.outcome) == (Outcome.FAIL, Outcome.FAIL)
    assert (failed.sentence, failed.remedy) == (sales.fault.message, sales.fault.hint)
    assert sales.asked == ["who am I"]
    assert await room.saved() == before


async def test_the_integration_user_is_looked_at_only_once_sales_answered(
    room: Room, sales: FakeSales
) -> None:
    room.turns_encryption_on()
    await room.finds(a_connection())
    await room.gives_secret()
    await room.tests()
    user = sales.asked.index("users with email tester@domain.net")
    assert sales.asked.index("who am I") < user
    assert user < sales.asked.index("currency")
