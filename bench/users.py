"""`/d365 users` for 10,000 and 100,000 users a side, beside a bare script and Microsoft's client.

The bare script downloads and parses the same pages of both sides at once, and makes nothing of
them. Microsoft's client for Dataverse reads the Sales side while the other side is downloaded so.
Each way runs in a process of its own, through one proxy, in turns; the first round makes the pages.
The aims are for 100,000: with few users, ours also signs in and asks for services and roles, and
that is most of it. `users_on_a_line` is the time for 100,000 beside ten times that for 10,000.
"""

import asyncio
from itertools import permutations
from pathlib import Path

from bench.figure import Figure
from bench.served import folder
from bench.simulated import Simulated, simulated
from bench.users_bot import column, prepare, run

FEW, MANY = 10_000, 100_000
WAYS = ("ours", "bare", "official")
MEGABYTES = 250.0
Found = dict[str, list[dict[str, float]]]


async def users() -> list[Figure]:
    """For each size: to the result, to the file, and the most memory."""
    few, many = await _found(FEW), await _found(MANY)
    tenfold = tuple(seconds * MANY / FEW for seconds in column(few["ours"], "seconds"))
    return [
        *_figures(FEW, few),
        *_figures(MANY, many, bare=1.25, official=1, memory=1),
        Figure("users_on_a_line", "s", column(many["ours"], "seconds"), tenfold, aim=1.1),
    ]


async def _found(size: int) -> Found:
    with folder() as within:
        async with simulated(within) as one:
            crowd: dict[str, object] = {"sales_users": size, "business_central_users": size}
            await one.control("/_world/crowd", crowd)
            return await asyncio.to_thread(_rounds, one, within, size)


def _rounds(one: Simulated, within: Path, size: int) -> Found:
    """Each of them first as often as the others."""
    prepare(one, within)
    ready = within / "ready.json"
    orders = list(permutations(WAYS))
    found: Found = {way: [] for way in WAYS}
    for number, order in enumerate((orders[0], *orders)):
        for way in order:
            took = run(way, one, ready, within)
            assert took["users"] >= size, took
            if number:
                found[way].append(took)
    return found


def _figures(size: int, found: Found, **aims: float) -> list[Figure]:
    ours, bare = column(found["ours"], "seconds"), column(found["bare"], "seconds")
    official = column(found["official"], "seconds")
    file = column(found["ours"], "file_seconds")
    megabytes = column(found["ours"], "megabytes")
    return [
        Figure(f"users_{size}", "s", ours, bare, aims.get("bare")),
        Figure(f"users_{size}_official", "s", ours, official, aims.get("official")),
        Figure(f"users_{size}_file", "s", file, bare),
        Figure(f"users_{size}_memory", "MB", megabytes, (MEGABYTES,), aims.get("memory")),
    ]
