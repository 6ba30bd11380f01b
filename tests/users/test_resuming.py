"""A reading that is cut off goes on at the page that was reached, and comes to the same result."""

import asyncio
import json
import zlib
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace

import pytest

from connection.asks import Ask
from connection.errors import NotFound
from connection.identities import Access
from connection.ports import Ports, Transaction
from connection.remote import BcUser, Page, SalesUser
from connection.users.check import SpooledPage, UserCheck
from connection.users.checking import users
from connection.users.findings import Finding, Side
from storage.database import Database
from tests.parity.fakes import FakeBusinessCentral, FakeSales, ports_on
from tests.parity.room import RIGHT
from tests.storage.conftest import database, original, stored
from tests.storage.samples import ANNA, NOW, a_connection, an_ask
from tests.users.people import a_bc_user, a_sales_user

__all__ = ["database", "original", "stored"]

PAGES = 4
IN_SALES = [a_sales_user(f"user{n}@x") for n in range(7)]
IN_BC = [a_bc_user(f"user{n}@x", f"USER{n}") for n in range(8)]
"""Two a page; the last of Business Central has nobody in Sales."""


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Paged:
    """Two rows a page; `asked` are the addresses in order. It dies where it is asked for `dies_at`,
    and does not know `forgotten` any more."""

    rows: Sequence[object]
    dies_at: str | None = None
    forgotten: str | None = None
    forgets_once: bool = False
    asked: list[str] = field(default_factory=list)

    async def pages(self, at: str) -> AsyncGenerator[Page[object], None]:
        """From that address on."""
        if self.forgets_once and not at:
            self.forgotten = None
        first = int(at.removeprefix("next/")) if at else 0
        for start in range(first, len(self.rows), 2):
            address = f"next/{start}" if start else ""
            self.asked.append(address)
            if address == self.dies_at:
                raise Killed
            if address and address == self.forgotten:
                raise NotFound("The link is too old.", "Read again.")
            following = f"next/{start + 2}" if start + 2 < len(self.rows) else ""
            yield Page(self.rows[start : start + 2], following)
            await asyncio.sleep(0)


class PagedSales(FakeSales):
    """Sales by pages."""

    paged: Paged

    async def all_users(
        self, access: Access, at: str = ""
    ) -> AsyncGenerator[Page[SalesUser], None]:
        """See `Paged`."""
        async for page in self.paged.pages(at):
            yield page  # type: ignore[misc]


class PagedBusinessCentral(FakeBusinessCentral):
    """Business Central by pages."""

    paged: Paged

    async def users(
        self, access: Access, service: str, at: str = ""
    ) -> AsyncGenerator[Page[BcUser], None]:
        """See `Paged`."""
        async for page in self.paged.pages(at):
            yield page  # type: ignore[misc]


@dataclass
class World:
    """Both sides, and an accepted ask for a check of users."""

    ports: Ports
    sales: Paged
    bc: Paged
    ask: Ask

    async def carry_out(self) -> None:
        """As the job does."""
        await users(self.ports, asyncio.Semaphore(1), self.ask)

    async def result(self) -> UserCheck:
        """The finished check."""
        found = await self.ports.ledger.read(lambda r: r.user_check(self.ask.id))
        assert found is not None
        assert found.finished_at is not None
        return found


@pytest.fixture
async def world(database: Database) -> World:
    from connection.checked_setup import check_fields

    sales, bc = PagedSales(), PagedBusinessCentral()
    sales.paged, bc.paged = Paged(IN_SALES), Paged(IN_BC)
    ports = ports_on(database, sales=sales, business_central=bc)
    connection = a_connection()
    ask = replace(an_ask(), act="users", rest="", subject=connection.id, person=ANNA)

    def work(tx: Transaction) -> None:
        tx.create_connection(connection)
        tx.save_setup(connection.id, check_fields(RIGHT), ANNA, NOW)
        tx.accept(ask)

    await ports.ledger.run(work)
    return World(ports, sales.paged, bc.paged, ask)


ADDRESSES = ["", *(f"next/{2 * n}" for n in range(1, PAGES))]


async def test_undisturbed_each_page_is_asked_for_once(world: World) -> None:
    await world.carry_out()
    assert world.sales.asked == ADDRESSES
    assert world.bc.asked == ADDRESSES
    counts = (await world.result()).counts
    assert counts[Finding.MAPPED] == len(IN_SALES)
    assert counts[Finding.UNMATCHED] == 1


@pytest.mark.parametrize("side", ["sales", "bc"])
@pytest.mark.parametrize("dies_at", ADDRESSES)
async def test_a_crash_goes_on_at_the_page_that_was_reached(
    world: World, side: str, dies_at: str
) -> None:
    paged: Paged = getattr(world, side)
    paged.dies_at = dies_at
    with pytest.raises(Killed):
        await world.carry_out()
    paged.dies_at = None
    kept = [one for one in paged.asked if one != dies_at]
    await world.carry_out()
    assert paged.asked == [*kept, dies_at, *ADDRESSES[len(kept) :]]
    counts = (await world.result()).counts
    assert (counts[Finding.MAPPED], counts[Finding.UNMATCHED]) == (len(IN_SALES), 1)
    assert (await world.result()).read == {"sales": len(IN_SALES), "bc": len(IN_BC)}


@pytest.mark.parametrize("side", ["sales", "bc"])
async def test_a_link_that_is_not_known_any_more_begins_that_side_anew(
    world: World, side: str
) -> None:
    paged: Paged = getattr(world, side)
    other: Paged = world.bc if side == "sales" else world.sales
    paged.dies_at = "next/4"
    with pytest.raises(Killed):
        await world.carry_out()
    paged.dies_at, paged.forgotten = None, "next/4"
    asked_before = len(paged.asked)

    def remembered() -> None:
        paged.forgotten = None

    paged.asked = _Watched(paged.asked, asked_before + 1, remembered)
    await world.carry_out()
    assert paged.asked[asked_before:] == ["next/4", *ADDRESSES]
    assert sorted(set(other.asked)) == sorted(ADDRESSES)
    assert (await world.result()).counts[Finding.MAPPED] == len(IN_SALES)


@pytest.mark.parametrize("side", ["sales", "bc"])
@pytest.mark.parametrize("damage", [b"", b"no zlib", zlib.compress(b"[["), zlib.compress(b"[[1]]")])
async def test_a_kept_page_that_is_damaged_begins_that_side_anew(
    world: World, side: str, damage: bytes
) -> None:
    paged: Paged = getattr(world, side)
    other: Paged = world.bc if side == "sales" else world.sales
    paged.dies_at = "next/4"
    with pytest.raises(Killed):
        await world.carry_out()
    paged.dies_at = None
    asked_before = len(paged.asked)
    page = SpooledPage(1, "next/4", damage)
    await world.ports.ledger.run(
        lambda tx: tx.keep_user_page(world.ask.id, Side(side), page, NOW),
    )
    await world.carry_out()
    assert paged.asked[asked_before:] == ADDRESSES
    assert sorted(set(other.asked)) == sorted(ADDRESSES)
    assert (await world.result()).counts[Finding.MAPPED] == len(IN_SALES)


async def test_both_links_may_be_forgotten_at_once(world: World) -> None:
    """A bot that was down for a night comes back to two links that nobody knows."""

    def work(tx: Transaction) -> None:
        for side, rows in ((Side.SALES, IN_SALES), (Side.BC, IN_BC)):
            packed = zlib.compress(json.dumps(rows[:2]).encode())
            tx.keep_user_page(world.ask.id, side, SpooledPage(0, "next/2", packed), NOW)

    await world.ports.ledger.run(work)
    for paged in (world.sales, world.bc):
        paged.forgotten, paged.forgets_once = "next/2", True
    await world.carry_out()
    counts = (await world.result()).counts
    assert (counts[Finding.MAPPED], counts[Finding.UNMATCHED]) == (len(IN_SALES), 1)
    assert (await world.result()).read == {"sales": len(IN_SALES), "bc": len(IN_BC)}


class _Watched(list[str]):
    """Does something once it is so long, before the next one is asked for."""

    def __init__(self, before: Sequence[str], at: int, then: object) -> None:
        super().__init__(before)
        self._at = at
        self._then = then

    def append(self, item: str, /) -> None:
        if len(self) == self._at:
            assert callable(self._then)
            self._then()
        super().append(item)
