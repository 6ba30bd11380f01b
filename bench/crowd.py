"""A hundred people who type two commands a second for a minute, and one who floods the door.

Beside the bare Bolt app, which stores nothing, in the same run. Of ours Slack takes what its limits
for one workspace let it take (429 beyond), so a backlog of answers grows: it must not grow in
memory. The bare app would lose what is refused, so its Slack refuses nothing.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bench.driving import caller
from bench.fake_slack import fake_slack
from bench.figure import Figure, percentile
from bench.served import BARE, OURS, Served, folder, serving
from bench.slash_commands import CROWD, slash_command

EACH_A_SECOND = 2
SECONDS = 60
EARLY_SECONDS = 10
"""By then what a process makes once is made."""

FLOOD_SECONDS = 20
FLOOD_CONNECTIONS = 8
FLOODING = "U0FLOOD"
"""Not one of the admins; everybody may ask for help."""

SLACK_WAITS = 3000.0
"""Milliseconds; later, people read that the app did not answer."""

ANSWERS_A_MINUTE = 100
"""chat.postEphemeral, tier 4 (docs.slack.dev, Rate limits)."""

MEGABYTES_FLAT = 1.25
"""A process that has warmed up may grow by a quarter: pools, caches of who is who, and the pages
that an allocator does not give back. A backlog in memory would be thousands of answers more."""


@dataclass
class Acks:
    """Milliseconds to each ack of the crowd, and how many were no plain ack."""

    took: list[float] = field(default_factory=list)
    refused: int = 0

    def share(self, share: float) -> float:
        return percentile(self.took, share)

    @property
    def late(self) -> int:
        return sum(one > SLACK_WAITS for one in self.took)


@dataclass(frozen=True, slots=True)
class _Minute:
    acks: Acks
    megabytes: tuple[float, float, float]


async def crowd() -> list[Figure]:
    """The bare app first, then ours; then ours with and without the flood, in turns."""
    with folder() as within:
        bare, _ = await _measured(BARE, within / "bare")
        ours, (alone, flooded, flood) = await _measured(OURS, within / "ours", flood=True)
    _tell(bare, ours, flood)
    start, early, end = ours.megabytes
    return [
        Figure("crowd_ack_p50", "ms", (ours.acks.share(0.5),), (bare.acks.share(0.5),)),
        Figure("crowd_ack_p99", "ms", (ours.acks.share(0.99),), (bare.acks.share(0.99),)),
        Figure("crowd_ack_worst", "ms", (max(ours.acks.took),), (SLACK_WAITS,), 1),
        Figure("crowd_memory_bare", "MB", (ours.megabytes[2],), (bare.megabytes[2],)),
        Figure("crowd_memory_started", "MB", (end,), (start,)),
        Figure("crowd_memory_flat", "MB", (end,), (early,), MEGABYTES_FLAT),
        Figure(
            "flood_ack_p99",
            "ms",
            tuple(one.share(0.99) for one in flooded),
            tuple(one.share(0.99) for one in alone),
            2,
        ),
    ]


Rounds = tuple[list[Acks], list[Acks], Acks]


async def _measured(
    program: tuple[str, ...], within: Path, *, flood: bool = False
) -> tuple[_Minute, Rounds]:
    async with (
        fake_slack(0 if program == BARE else ANSWERS_A_MINUTE) as slack,
        caller() as session,
        serving(program, within, slack.url) as served,
    ):
        await _crowd(session, served.events, 1)
        minute = await _minute(session, served)
        rounds: Rounds = ([], [], Acks())
        for _ in range(3 if flood else 0):
            rounds[0].append(await _crowd(session, served.events, FLOOD_SECONDS))
            rounds[1].append(await _flooded(session, served.events, rounds[2]))
    return minute, rounds


async def _minute(session: aiohttp.ClientSession, served: Served) -> _Minute:
    started = served.megabytes()
    running = asyncio.create_task(_crowd(session, served.events, SECONDS))
    await asyncio.sleep(EARLY_SECONDS)
    early = served.megabytes()
    acks = await running
    return _Minute(acks, (started, early, served.megabytes()))


async def _crowd(session: aiohttp.ClientSession, events: str, seconds: int) -> Acks:
    """Evenly spaced, whatever the ones before are doing."""
    acks = Acks()
    loop = asyncio.get_running_loop()
    began, every = loop.time(), 1 / (EACH_A_SECOND * len(CROWD))
    async with asyncio.TaskGroup() as running:
        for number in range(EACH_A_SECOND * len(CROWD) * seconds):
            await asyncio.sleep(max(0.0, began + number * every - loop.time()))
            running.create_task(_typed(session, events, CROWD[number % len(CROWD)], acks))
    return acks


async def _typed(session: aiohttp.ClientSession, events: str, user: str, acks: Acks) -> None:
    command = slash_command("help" if user == FLOODING else "list", user)
    began = time.perf_counter()
    try:
        async with session.post(events, data=command.body, headers=command.headers) as answer:
            plain = answer.status == 200 and not await answer.text()
    except (aiohttp.ClientError, TimeoutError):  # no answer for half a minute: an ack far too late
        plain = False
    acks.took.append((time.perf_counter() - began) * 1000)
    acks.refused += not plain


async def _flooded(session: aiohttp.ClientSession, events: str, flood: Acks) -> Acks:
    """The flood comes from a process of its own, so that it does not hold up who measures."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.crowd", events, str(FLOOD_SECONDS)),
        stdout=subprocess.PIPE,
    )
    acks = await _crowd(session, events, FLOOD_SECONDS)
    told, _ = await process.communicate()
    sent, refused = json.loads(told)
    flood.took += [0.0] * sent
    flood.refused += refused
    return acks


async def _flood(events: str, seconds: float) -> Acks:
    """As fast as one person's programs can, over several connections."""
    acks = Acks()
    until = time.monotonic() + seconds

    async def connection(session: aiohttp.ClientSession) -> None:
        while time.monotonic() < until:
            await _typed(session, events, FLOODING, acks)

    async with caller() as session:
        await asyncio.gather(*(connection(session) for _ in range(FLOOD_CONNECTIONS)))
    return acks


def _tell(bare: _Minute, ours: _Minute, flood: Acks) -> None:
    """What is no ratio."""
    for name, minute in (("bare app", bare), ("d365bot", ours)):
        acks = minute.acks
        print(
            f"{name}: {len(acks.took)} commands, {acks.late} acks over 3 s, {acks.refused} refused"
        )
    print(f"flood: {len(flood.took)} commands of one person, {flood.refused} of them refused")
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    done = asyncio.run(_flood(sys.argv[1], float(sys.argv[2])))
    print(json.dumps([len(done.took), done.refused]))
