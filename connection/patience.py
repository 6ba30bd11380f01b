"""Asking Slack again, by its Retry-After, for a while."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from connection.errors import DirectoryAway

PATIENCE = 45.0
"""Seconds that a job lets Slack take to say who somebody is."""


async def wait(seconds: float) -> None:
    """Before Slack is asked again."""
    await asyncio.sleep(seconds)


async def patiently(
    act: Callable[[], Awaitable[None]],
    patience: float,
    sleep: Callable[[float], Awaitable[None]] | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> None:
    """For so many seconds in all, the calls among them; without any it is asked once, however
    long that takes.

    Raises `DirectoryAway`, at once where asking again mends nothing.
    """
    ends = monotonic() + patience
    while True:
        try:
            async with asyncio.timeout(ends - monotonic() if patience else None):
                await act()
        except TimeoutError as error:
            raise DirectoryAway(
                "Slack takes too long to tell who is who. Nothing was done.",
                "Try again in a moment.",
            ) from error
        except DirectoryAway as away:
            pause = max(away.retry_after, 1.0)
            if not away.passes or monotonic() + pause > ends:
                raise
            await (sleep or wait)(pause)
        else:
            return
