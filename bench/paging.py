"""100,000 Sales users paged from the simulator, beside a bare script and Microsoft's own client.

The first round makes the pages; afterwards the simulator only sends what is made. Its share of a
core stands beside the client's: a client that waits for the simulator would measure the simulator.
"""

import asyncio
import gc
import json
import os
import resource
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from itertools import permutations
from pathlib import Path
from unittest.mock import patch

import httpx
from azure.core.credentials import AccessToken
from PowerPlatform.Dataverse.client import DataverseClient

from bench.figure import Figure
from bench.served import folder
from bench.simulated import Simulated, simulated
from connection.identities import Access, Identity, SecretOrigin, SecretRef, origin_of
from dynamics.dataverse_api import API
from dynamics.gateway import Dynamics, DynamicsSettings

USERS = 100_000
COLUMNS = (
    "systemuserid,fullname,internalemailaddress,domainname,isdisabled,islicensed,accessmode,"
    "applicationid"
)


@dataclass(frozen=True, slots=True)
class Took:
    """Users a second, the longest time in milliseconds that the loop stood still meanwhile, and the
    shares of a core that the client and the simulator had."""

    rate: float
    gap: float
    client: float
    simulator: float


async def paging() -> list[Figure]:
    """In turns, each of them first as often as the others: the same columns, through one proxy."""
    with folder() as within:
        async with simulated(within) as one, _room(one) as room:
            await one.control("/_world/crowd", {"sales_users": USERS})
            token = await one.token()
            ways = {
                "ours": lambda: _ours(room, one),
                "bare": lambda: _bare(one, token),
                "official": lambda: _official(one, token),
            }
            gc.collect()
            gc.freeze()  # as the bot does once it has started
            orders = list(permutations(ways))
            rounds = [
                {name: await _taken(one, ways[name]) for name in order}
                for order in (orders[0], *orders)
            ][1:]
    found = {name: [round_[name] for round_ in rounds] for name in ways}
    ours = tuple(took.rate for took in found["ours"])
    bare = tuple(took.rate for took in found["bare"])
    official = tuple(took.rate for took in found["official"])
    simulator = tuple(took.simulator for took in found["ours"])
    client = tuple(took.client for took in found["ours"])
    gaps, bare_gaps = (tuple(took.gap for took in found[name]) for name in ("ours", "bare"))
    return [
        Figure("paging", "users/s", ours, bare, aim=2, more_is_better=True),
        Figure("paging_official", "users/s", ours, official, aim=1, more_is_better=True),
        Figure("paging_gap", "ms", gaps, bare_gaps, aim=1.5),
        Figure("paging_simulator_cpu", "cores", simulator, client, aim=0.5),
    ]


async def _taken(one: Simulated, read: Callable[[], Awaitable[int]]) -> Took:
    own, theirs, began = _own_seconds(), one.cpu_seconds(), time.perf_counter()
    async with _longest_gap() as gap:
        count = await read()
    seconds = time.perf_counter() - began
    assert count >= USERS, count
    return Took(
        count / seconds,
        gap.ms,
        (_own_seconds() - own) / seconds,
        (one.cpu_seconds() - theirs) / seconds,
    )


@dataclass(slots=True)
class _Gap:
    ms: float = 0


@asynccontextmanager
async def _longest_gap() -> AsyncGenerator[_Gap, None]:
    """How late a beat of one millisecond came: so long an ack would have waited."""
    gap = _Gap()

    async def beat() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            gap.ms = max(gap.ms, (time.perf_counter() - before) * 1_000 - 1)

    beating = asyncio.create_task(beat())
    try:
        yield gap
    finally:
        beating.cancel()


def _own_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def _ours(room: Dynamics, one: Simulated) -> int:
    count = 0
    async with aclosing(room.sales.all_users(_access(one))) as read:
        async for page in read:
            count += len(page.rows)
    return count


async def _bare(one: Simulated, token: str) -> int:
    """What a script of twenty lines does: nothing is checked, nothing is made of the rows."""
    headers = {"Authorization": f"Bearer {token}", "Prefer": "odata.maxpagesize=5000"}
    address = f"{one.ready['sales_url']}{API}systemusers?$select={COLUMNS}"
    count = 0
    async with httpx.AsyncClient(
        proxy=one.ready["proxy"], verify=one.trust(), trust_env=False, timeout=60
    ) as http:
        while address:
            body = json.loads((await http.get(address, headers=headers)).content)
            count += len(body["value"])
            address = body.get("@odata.nextLink", "")
    return count


async def _official(one: Simulated, token: str) -> int:
    class Credential:
        def get_token(self, *_: str, **__: object) -> AccessToken:
            return AccessToken(token, int(time.time()) + 3_000)

    def read() -> int:
        client = DataverseClient(one.ready["sales_url"], Credential())
        return len(client.records.list("systemuser", select=COLUMNS.split(",")))

    surroundings = {"HTTPS_PROXY": one.ready["proxy"], "REQUESTS_CA_BUNDLE": one.ready["ca_file"]}
    with patch.dict(os.environ, surroundings):
        return await asyncio.to_thread(read)


@asynccontextmanager
async def _room(one: Simulated) -> AsyncGenerator[Dynamics, None]:
    async def open_secret(_: SecretRef, __: SecretOrigin) -> str:
        secret: str = one.ready["apps"]["bot"]["client_secret"]
        return secret

    ca_file = Path(one.ready["ca_file"])
    room = Dynamics(DynamicsSettings(ca_file=ca_file, proxy=one.ready["proxy"]), open_secret)
    try:
        yield room
    finally:
        await room.aclose()


def _access(one: Simulated) -> Access:
    access = Access(
        identity=Identity.BOT,
        sales_url=one.ready["sales_url"],
        tenant=one.ready["tenant"],
        client_id=one.ready["apps"]["bot"]["client_id"],
        credential="client_secret",
        secret=None,
    )
    secret = SecretRef("s", "T", "c", "bot_client_secret", origin_of(access))
    return replace(access, secret=secret)
