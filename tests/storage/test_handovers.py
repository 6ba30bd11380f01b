"""Secrets on their way and sign-ins, in the table and out of it; the upgrade that brings them."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from connection.asks import Place
from connection.handover import NEXT, Handover, HandoverState
from connection.people import Person
from connection.ports import Transaction
from connection.signing_in import OPEN, SignIn, SignInState
from storage.database import Database
from storage.engine import writer_engine
from storage.migrating import is_current, migrate
from storage.sqlite import create_file
from tests.storage.samples import ANNA, NOW, ORIGIN, StoredInFile, a_connection

LATER = NOW + timedelta(minutes=10)


def a_handover(state: HandoverState = HandoverState.OPEN, number: int = 1) -> Handover:
    return Handover(
        id=f"h{number}",
        workspace="T1",
        connection_id="T1-contoso",
        field="bot_client_secret",
        origin=ORIGIN,
        person=ANNA,
        place=Place("C1", "https://hooks.slack.com/x"),
        state=state,
        created_at=NOW + timedelta(seconds=number),
        ends_at=LATER,
    )


def a_sign_in(state: SignInState) -> SignIn:
    return SignIn(
        "s1", "T1", "T1-contoso", ANNA, Place("C1"), state, NOW, LATER, "a@b.example", "so"
    )


@pytest.fixture
async def known(database: Database) -> Database:
    """With the connection."""
    await database.ledger.run(lambda tx: tx.create_connection(a_connection()))
    return database


@pytest.mark.parametrize("state", HandoverState)
async def test_a_handover_comes_back_as_it_was_kept(known: Database, state: HandoverState) -> None:
    kept = replace(
        a_handover(state),
        secret_id="s",
        in_memory=True,
        fingerprint_end="00ff",
        secret_expires_at=LATER,
        person=Person("E1", "U9"),
    )

    def work(tx: Transaction) -> None:
        tx.keep_handover(a_handover())
        tx.keep_handover(kept)

    await known.ledger.run(work)
    assert await known.ledger.read(lambda r: r.handover("h1")) == kept
    waiting = await known.ledger.read(lambda r: r.waiting_handovers("T1-contoso"))
    assert (kept in waiting) == (state in NEXT)
    assert await known.ledger.read(lambda r: r.overdue_handovers(NOW)) == []
    overdue = await known.ledger.read(lambda r: r.overdue_handovers(LATER))
    assert (kept in overdue) == (state in NEXT)


async def test_the_newest_that_waits_comes_first(known: Database) -> None:
    def work(tx: Transaction) -> None:
        for number in (2, 3, 1):
            tx.keep_handover(a_handover(number=number))

    await known.ledger.run(work)
    waiting = await known.ledger.read(lambda r: r.waiting_handovers("T1-contoso"))
    assert [one.id for one in waiting] == ["h3", "h2", "h1"]


@pytest.mark.parametrize("state", SignInState)
async def test_a_sign_in_comes_back_as_it_was_kept(known: Database, state: SignInState) -> None:
    kept = a_sign_in(state)
    await known.ledger.run(lambda tx: tx.keep_sign_in(kept))
    assert await known.ledger.read(lambda r: r.sign_in("s1")) == kept
    still = await known.ledger.read(lambda r: r.open_sign_ins())
    assert (kept in still) == (state in OPEN)


async def test_what_ended_long_ago_is_forgotten_and_what_waits_is_not(known: Database) -> None:
    def work(tx: Transaction) -> None:
        tx.keep_handover(a_handover(HandoverState.KEPT, 1))
        tx.keep_handover(a_handover(HandoverState.MADE, 2))
        tx.keep_sign_in(a_sign_in(SignInState.FAILED))

    await known.ledger.run(work)
    assert await known.ledger.run(lambda tx: tx.forget(LATER + timedelta(days=1))) == 2
    assert await known.ledger.read(lambda r: r.handover("h1")) is None
    assert await known.ledger.read(lambda r: r.handover("h2")) is not None


def test_an_older_database_is_upgraded_with_everything_in_it(tmp_path: Path) -> None:
    stored = StoredInFile(tmp_path)
    create_file(stored.file)
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.set_main_option("path_separator", "os")
    with writer_engine(stored.url).connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql(
            "INSERT INTO connections VALUES ('c1','T1','old',1,'undecided','unknown',NULL,'none',"
            "'untested','','2026-11-23T12:00:00.000000+00:00')"
        )
        connection.exec_driver_sql(
            "INSERT INTO secrets VALUES ('s1','T1','c1','bot_client_secret','h','t',"
            "'client_secret','l',1,1,x'00',x'00','00ff','T1','U1',"
            "'2026-11-23T12:00:00.000000+00:00')"
        )
    assert not is_current(stored.url)
    migrate(stored.url, stored.keys, NOW)
    assert is_current(stored.url)
    with writer_engine(stored.url).connect() as connection, connection.begin():
        row = connection.exec_driver_sql("SELECT * FROM secrets").one()
        assert (row.id, row.fingerprint_end, row.expires_at, row.public_part) == (
            "s1",
            "00ff",
            None,
            None,
        )
