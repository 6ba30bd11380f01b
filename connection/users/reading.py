"""Both sides read at the same time, page by page; what was read outlives a crash.

A page is packed and kept before the next one is taken, with the address that follows it. Carried
out again, the reading takes up what is kept and goes on there.
"""

import asyncio
import json
import zlib
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any, TypeVar

from connection.asks import What
from connection.errors import Changed, NotFound, RequestRefused
from connection.identities import Access
from connection.ports import Ports, Transaction
from connection.remote import BcUser, Page, SalesUser
from connection.users.check import SpooledPage, UserCheck
from connection.users.findings import Side
from connection.users.mapping import Mapping
from connection.users.roles import roles_held
from connection.users.subject import users_service

AT_A_TIME = 500
"""Rows that are taken before others have their turn."""

QUICKLY = 1
"""How hard zlib tries: pages are read again only after a crash."""

_REFUSALS = (Changed, NotFound, RequestRefused)
User = TypeVar("User", bound=Sequence[object])


class StaleLink(Exception):
    """Where a side was left is not known any more to the service, or what was kept is damaged."""

    def __init__(self, side: Side) -> None:
        super().__init__(side)
        self.side = side


class BothSides:
    """One reading of both; `check` grows while it goes on."""

    def __init__(self, ports: Ports, check: UserCheck) -> None:
        self._ports = ports
        self.check = check
        self.mapping = Mapping(check.rule)

    async def read(self, access: Access, bc_access: Access) -> None:
        """Raises `RemoteFault`, `NotReady` where page 9800 is not published, and `StaleLink` before
        anything new was read of that side."""
        ports, mapping = self._ports, self.mapping
        _, _, mapping.roles = await _together(
            self._side(
                Side.SALES,
                lambda at: ports.sales.all_users(access, at),
                SalesUser._make,
                mapping.add_sales,
            ),
            self._business_central(bc_access),
            roles_held(ports.sales, access),
        )

    async def _business_central(self, access: Access) -> None:
        side = self._ports.business_central
        service = await users_service(side, access)
        await self._side(
            Side.BC,
            lambda at: side.users(access, service, at),
            BcUser._make,
            self.mapping.add_bc,
        )

    async def _side(
        self,
        side: Side,
        pages: Callable[[str], AsyncGenerator[Page[User], None]],
        made: Callable[[Iterable[Any]], User],
        take: Callable[[Sequence[User]], None],
    ) -> None:
        kept = await self._ports.ledger.read(lambda r: r.user_pages(self.check.id, side))
        for page in kept:
            for rows in _unpacked(side, page.packed, made):
                take(rows)
                self._count(side, len(rows))
                await asyncio.sleep(0)
        if kept and not kept[-1].following:
            return
        number = len(kept)
        try:
            async with aclosing(pages(kept[-1].following if kept else "")) as read:
                async for fresh in read:
                    await self._keep(side, number, fresh, await self._taken(fresh.rows, take))
                    number += 1
        except _REFUSALS as refusal:
            if kept and number == len(kept):
                raise StaleLink(side) from refusal
            raise

    async def _taken(self, rows: Sequence[User], take: Callable[[Sequence[User]], None]) -> bytes:
        """The rows packed: lines of JSON, each of so many rows."""
        lines: list[str] = []
        for start in range(0, len(rows), AT_A_TIME):
            some = rows[start : start + AT_A_TIME]
            take(some)
            lines.append(json.dumps(some))
            await asyncio.sleep(0)
        return await asyncio.to_thread(zlib.compress, "\n".join(lines).encode(), QUICKLY)

    async def _keep(self, side: Side, number: int, page: Page[User], packed: bytes) -> None:
        self._count(side, len(page.rows))
        check, now = self.check, self._ports.clock.now()
        spooled = SpooledPage(number, page.following, packed)

        def work(tx: Transaction) -> None:
            tx.keep_user_page(check.id, side, spooled, now)
            tx.keep_user_progress(check)
            tx.touch(What.USERS, check.id, final=False)

        await self._ports.ledger.run(work)
        self._ports.messenger.nudge()

    def _count(self, side: Side, rows: int) -> None:
        before = self.check.read.get(side, 0)
        self.check = replace(self.check, read={**self.check.read, side: before + rows})


def _unpacked(
    side: Side, packed: bytes, made: Callable[[Iterable[Any]], User]
) -> Iterator[list[User]]:
    """Raises `StaleLink` for what is damaged, or has the columns of an earlier version."""
    try:
        lines = zlib.decompress(packed).decode().split("\n")
        for line in lines:
            yield [made(row) for row in json.loads(line)] if line else []
    except (zlib.error, ValueError, TypeError) as damage:
        raise StaleLink(side) from damage


async def _together(*acts: Coroutine[Any, Any, Any]) -> list[Any]:
    """What each brings; the first that fails stops the others, and it alone is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(act) for act in acts]
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None
    return [task.result() for task in tasks]
