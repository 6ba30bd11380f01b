"""Resident memory after the start, and after many commands were answered."""

from bench.driving import acknowledged, caller
from bench.fake_slack import fake_slack
from bench.figure import Figure
from bench.served import BARE, OURS, folder, serving

COMMANDS = 10_000
AT_ONCE = 16


async def memory() -> list[Figure]:
    """One run each: the bare app first."""
    sizes: list[tuple[float, float]] = []
    with folder() as within:
        for program in (BARE, OURS):
            async with (
                fake_slack() as slack,
                caller() as session,
                serving(program, within / program[-1], slack.url) as served,
            ):
                began = served.megabytes()
                await acknowledged(session, served.events, COMMANDS, AT_ONCE)
                await slack.received(COMMANDS)
                sizes.append((began, served.megabytes()))
    bare, ours = sizes
    return [
        Figure("memory_started", "MB", (ours[0],), (bare[0],)),
        Figure("memory_10000", "MB", (ours[1],), (bare[1],)),
    ]
