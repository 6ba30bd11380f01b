"""Checks of users: what is kept for good, what is dropped, and what is forgotten."""

from datetime import timedelta
from typing import Any

from connection.ports import Reading, Transaction
from connection.users.check import SpooledPage, UserCheck, UserList
from connection.users.findings import Finding, Side
from connection.users.rule import Rule
from storage.database import Database
from tests.storage.samples import ANNA, NOW

LATER = NOW + timedelta(minutes=5)


def a_check(number: int = 1, **changes: Any) -> UserCheck:
    """Running unless it has `finished_at`."""
    values: dict[str, Any] = {
        "id": f"check-{number}",
        "workspace": "T1",
        "connection_id": "T1-contoso",
        "name": "contoso",
        "revision": 2,
        "asked_by": ANNA,
        "started_at": NOW,
        "finished_at": None,
        "rule": Rule.EMAIL,
        "read": {Side.BC: 5, Side.SALES: 7},
    }
    return UserCheck(**values | changes)


DONE = a_check(
    finished_at=LATER,
    counts={Finding.MAPPED: 3, Finding.UNMATCHED: 2},
    rows={Finding.UNMATCHED: [4, 5]},
    no_role=("Integration User",),
)


def a_page(number: int) -> SpooledPage:
    return SpooledPage(number, f"https://next/{number}", bytes([number, 0, 255]))


async def test_progress_is_replaced_and_ends_with_the_finished_check(database: Database) -> None:
    running = a_check()
    await database.ledger.run(lambda tx: tx.keep_user_progress(a_check(read={})))
    await database.ledger.run(lambda tx: tx.keep_user_progress(running))
    assert await database.ledger.read(lambda r: r.user_check("check-1")) == running
    assert await database.ledger.read(lambda r: r.last_user_check("T1-contoso")) is None
    for _ in range(2):
        await database.ledger.run(lambda tx: tx.keep_user_check(DONE))
    assert await database.ledger.read(lambda r: r.user_check("check-1")) == DONE
    assert await database.ledger.read(lambda r: r.last_user_check("T1-contoso")) == DONE


async def test_pages_come_back_in_order_and_go_by_side(database: Database) -> None:
    def work(tx: Transaction) -> None:
        for number in (1, 0, 2):
            tx.keep_user_page("check-1", Side.BC, a_page(number), NOW)
        tx.keep_user_page("check-1", Side.SALES, a_page(0), NOW)
        tx.keep_user_page("check-2", Side.BC, a_page(0), NOW)
        tx.keep_user_page("check-2", Side.BC, a_page(0), LATER)

    await database.ledger.run(work)

    def left(reading: Reading) -> list[int]:
        places = [("check-1", Side.BC), ("check-1", Side.SALES), ("check-2", Side.BC)]
        return [len(reading.user_pages(*place)) for place in places]

    found = await database.ledger.read(lambda r: r.user_pages("check-1", Side.BC))
    assert found == [a_page(0), a_page(1), a_page(2)]
    assert await database.ledger.read(left) == [3, 1, 1]
    await database.ledger.run(lambda tx: tx.drop_user_pages("check-1", Side.BC))
    assert await database.ledger.read(left) == [0, 1, 1]
    await database.ledger.run(lambda tx: tx.drop_user_pages("check-1"))
    assert await database.ledger.read(left) == [0, 0, 1]


async def test_names_pages_and_progress_are_forgotten_and_the_check_stays(
    database: Database,
) -> None:
    found = UserList("check-1", {Finding.UNMATCHED: ["Zoë (ZOË)"]}, b"\x00\xff", NOW)

    def work(tx: Transaction) -> None:
        tx.keep_user_check(DONE)
        tx.keep_user_list(found)
        tx.keep_user_page("check-2", Side.BC, a_page(0), NOW)
        tx.keep_user_progress(a_check(2))

    await database.ledger.run(work)
    assert await database.ledger.read(lambda r: r.user_list("check-1")) == found
    assert await database.ledger.run(lambda tx: tx.forget(NOW)) == 0
    assert await database.ledger.run(lambda tx: tx.forget(LATER)) == 3

    def left(reading: Reading) -> tuple[object, ...]:
        check, running = reading.user_check("check-1"), reading.user_check("check-2")
        return check, running, reading.user_list("check-1"), reading.user_pages("check-2", Side.BC)

    assert await database.ledger.read(left) == (DONE, None, None, [])
