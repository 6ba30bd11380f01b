"""A mistake of the bot in the middle: people are told, and no message stays as if it went on."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from connection.asks import Answer, Ask, Tone, What
from connection.checked_setup import check_fields
from connection.identities import Access
from connection.ports import Ports, Reading, Transaction
from connection.remote import Organisation, Page, SalesUser
from connection.report import Outcome
from connection.showing import reply
from connection.testing import test as carry_out_test
from connection.users.checking import users
from storage.database import Database
from tests.parity.fakes import FakeBusinessCentral, FakeSales, ports_on
from tests.parity.room import RIGHT
from tests.storage.conftest import database, original, stored
from tests.storage.samples import ANNA, NOW, a_connection, an_ask

__all__ = ["database", "original", "stored"]
SECRET = "canary-Bottle-7"


class BrokenSales(FakeSales):
    """As if a call had a mistake."""

    async def organisation(self, access: Access) -> Organisation:
        """See the class."""
        raise ZeroDivisionError(SECRET)

    async def all_users(
        self, access: Access, at: str = ""
    ) -> AsyncGenerator[Page[SalesUser], None]:
        """See the class."""
        yield Page((), "")
        raise ZeroDivisionError(SECRET)


async def _asked(database: Database, act: str) -> tuple[Ports, Ask]:
    ports = ports_on(database, sales=BrokenSales(), business_central=FakeBusinessCentral())
    connection = a_connection()
    ask = replace(an_ask(), act=act, rest="", subject=connection.id, person=ANNA)
    typed = {**RIGHT, "bot_credential": "workload_identity"}

    def work(tx: Transaction) -> None:
        tx.create_connection(connection)
        tx.save_setup(connection.id, check_fields(typed), ANNA, NOW)
        tx.accept(ask)

    await ports.ledger.run(work)
    return ports, ask


async def test_a_check_that_breaks_off_fails_alone(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    ports, ask = await _asked(database, "test")
    with caplog.at_level(logging.ERROR):
        await carry_out_test(ports, ask)
    report = await ports.ledger.read(lambda r: r.report(ask.id))
    assert report is not None
    assert report.finished_at is not None
    found = {result.check: result for result in report.results}
    broken = found["organisation"]
    assert broken.outcome is Outcome.FAIL
    assert "Something went wrong in the bot" in broken.sentence
    assert SECRET not in str(report)
    assert found["solution"].outcome is Outcome.PASS
    assert found["sales_orders"].outcome is Outcome.SKIPPED
    (record,) = caplog.records
    assert record.__dict__["reference"] in broken.sentence


async def test_a_check_of_users_that_breaks_off_is_over(database: Database) -> None:
    ports, ask = await _asked(database, "users")
    with pytest.raises(ZeroDivisionError):
        await users(ports, asyncio.Semaphore(1), ask)

    def kept(reading: Reading) -> tuple[bool, str]:
        check = reading.user_check(ask.id)
        assert check is not None
        return check.finished_at is not None, check.failed

    over, said = await ports.ledger.read(kept)
    assert over
    assert "Something went wrong in the bot" in said
    assert SECRET not in said


async def test_an_apology_is_a_message_beside_the_report(database: Database) -> None:
    """It comes after a test that broke off, whose message stands in the channel."""
    ports, ask = await _asked(database, "test")
    await carry_out_test(ports, ask)
    await ports.ledger.run(lambda tx: reply(tx, ask, Answer(Tone.BROKEN, "Sorry.", ""), NOW))
    shown = await ports.ledger.read(lambda r: r.showing(ask.id))
    assert shown is not None
    assert shown.what is What.ANSWER
