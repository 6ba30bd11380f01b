"""`/d365 users` for 10,000 and 100,000 users a side, beside a bare script and Microsoft's client.

The bare script downloads and parses the same pages of both sides at once, and makes nothing of
them. Microsoft's client for Dataverse reads the Sales side while the other side is downloaded so.
Each way runs in a process of its own, through one proxy, in turns; the first round makes the pages.
"""

import asyncio
from itertools import permutations
from pathlib import Path

from bench.figure import Figure
from bench.served import folder
from bench.simulated import Simulated, simulated
from bench.users_bot import column, prepare, run

SIZES = (10_000, 100_000)
WAYS = ("ours", "bare", "official")
MEGABYTES = 250.0
Found = dict[str, list[dict[str, float]]]


async def users() -> list[Figure]:
    """For each size: to the result, to the file, and the most memory."""
    figures: list[Figure] = []
    for size in SIZES:
        with folder() as within:
            async with simulated(within) as one:
                crowd: dict[str, object] = {"sales_users": size, "business_central_users": size}
                await one.control("/_world/crowd", crowd)
                figures += _figures(size, await asyncio.to_thread(_rounds, one, within, size))
    return figures


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


def _figures(size: int, found: Found) -> list[Figure]:
    ours, bare = column(found["ours"], "seconds"), column(found["bare"], "seconds")
    official = column(found["official"], "seconds")
    file = column(found["ours"], "file_seconds")
    megabytes = column(found["ours"], "megabytes")
    return [
        Figure(f"users_{size}", "s", ours, bare, aim=1.25),
        Figure(f"users_{size}_official", "s", ours, official, aim=1),
        Figure(f"users_{size}_file", "s", file, bare),
        Figure(f"users_{size}_memory", "MB", megabytes, (MEGABYTES,), aim=1),
    ]
