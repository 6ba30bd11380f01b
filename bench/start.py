"""From the start of the process until it works: ours to /readyz, the bare app to its first ack."""

import asyncio
import signal
from pathlib import Path

from bench.fake_slack import fake_slack
from bench.figure import Figure
from bench.served import BARE, OURS, Served, folder

ROUNDS = 5


async def start() -> list[Figure]:
    """Interleaved; a first start also creates the database and the audit key."""
    bare: list[float] = []
    ours: list[float] = []
    first: list[float] = []
    with folder() as within:
        async with fake_slack() as slack:
            for number in range(-1, ROUNDS):
                seconds = [
                    await _seconds(BARE, within / "bare", slack.url, signal.SIGKILL),
                    await _seconds(OURS, within / f"first{number}", slack.url, signal.SIGKILL),
                    await _seconds(OURS, within / "again", slack.url, signal.SIGTERM),
                ]
                if number < 0:  # the first round fills the caches of the disk
                    continue
                for rounds, taken in zip((bare, first, ours), seconds, strict=True):
                    rounds.append(taken)
    beside = tuple(bare)
    return [
        Figure("start", "s", tuple(ours), beside, aim=5),
        Figure("start_first", "s", tuple(first), beside),
    ]


async def _seconds(program: tuple[str, ...], within: Path, slack_url: str, end: int) -> float:
    served = Served(program, within, slack_url)
    try:
        return await asyncio.to_thread(served.start)
    finally:
        await asyncio.to_thread(served.stop, end)
