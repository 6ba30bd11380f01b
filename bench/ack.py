"""From a request at our door to `ack()`, beside one bare group-committed insert."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.fake_slack import fake_slack
from bench.figure import Figure, percentile
from bench.served import environment, folder

LONGEST = 120.0


async def ack() -> list[Figure]:
    """p99 has the aim; p50 is reported."""
    with folder() as within:
        async with fake_slack() as slack:
            told = await asyncio.to_thread(_measured, within, slack.url)
    measured: dict[str, list[Sequence[float]]] = json.loads(told)
    return [
        _figure("ack", 0.99, 3, measured),
        _figure("ack_p50", 0.5, None, measured),
    ]


def _figure(
    name: str, share: float, aim: float | None, measured: dict[str, list[Sequence[float]]]
) -> Figure:
    ours, reference = (
        tuple(percentile(one, share) for one in measured[side]) for side in ("ours", "reference")
    )
    return Figure(name, "ms", ours, reference, aim)


def _measured(within: Path, slack_url: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bench.ack_process"],
        env=environment(within, slack_url),
        cwd=within,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return done.stdout
