"""Applying an approved plan, beside a bare script that makes the same calls in the same order.

Both meet the same simulated world, made anew before each round, in one process and in turns; the
script is given the tokens, checks nothing, keeps nothing and shows nothing. What is left between
the two is the apply's own: reading and comparing, the rows of request and record before and after
each step (SQLite, synchronous=FULL), and what its checks do beside HTTP (DNS, TLS, a fresh
sign-in through msal).
"""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from bench.figure import Figure
from bench.served import folder
from bench.simulated import simulated
from bench.users_bot import environment, prepare

ROUNDS = 9


async def apply() -> list[Figure]:
    """Milliseconds a step of enabling, and what of them is the apply's own."""
    with folder() as within:
        async with simulated(within) as one:
            await asyncio.to_thread(prepare, one, within)
            line = [sys.executable, "-m", "bench.apply_run", str(within), str(ROUNDS)]
            done = await asyncio.to_thread(
                subprocess.run,
                line,
                env=environment(one, within),
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr[-3_000:]
            found: dict[str, list[float]] = json.loads(done.stdout)
    ours, bare = tuple(found["ours"]), tuple(found["bare"])
    own = tuple(one - other for one, other in zip(ours, bare, strict=True))
    return [
        Figure("apply_step", "ms", ours, bare, aim=2),
        Figure("apply_step_own", "ms", own, bare),
    ]


def ready_file(within: Path) -> Path:
    """Where the simulators said what they are."""
    return within / "ready.json"
