"""Checks of time: do the clocks agree, how long does Sales take, did it ask the bot to wait."""

import time

from connection.checks.looking import Found, Look, failed, passed, untested, warned

CLOCK_WARNING, CLOCK_LIMIT = 60, 300
"""Seconds. Entra ID and Slack allow five minutes between a signature and its arrival."""
LATENCY_WARNING = 1_000
"""Milliseconds for the smallest question. Microsoft asks for a network below 150."""
TRIES = 2


async def clock(look: Look) -> Found:
    """The Date that Sales answers with, against the bot's clock."""
    ahead = look.findings.reached.clock_ahead if look.findings.reached else None
    if ahead is None:
        return untested("Sales does not say what time it is there.")
    apart = round(abs(ahead))
    if apart < CLOCK_WARNING:
        return passed(f"The bot's clock and that of Sales are {_seconds(apart)} apart.")
    said = f"The bot's clock is {_seconds(apart)} {'behind' if ahead > 0 else 'ahead of'} Sales."
    remedy = (
        "Set the clock of the bot's machine, best by NTP: from five minutes on Entra ID refuses "
        "its signatures, and it refuses Slack's."
    )
    return failed(said, remedy) if apart >= CLOCK_LIMIT else warned(said, remedy)


async def latency(look: Look) -> Found:
    """The quicker of two answers to WhoAmI, over a connection that stands."""
    took = LATENCY_WARNING
    for _ in range(TRIES):
        began = time.perf_counter()
        await look.sales.who_am_i(look.access)
        took = round((time.perf_counter() - began) * 1000)
        if took < LATENCY_WARNING:
            return passed(f"Sales answers the smallest question in {took} ms.")
    return warned(
        f"Sales takes {took:,} ms to answer the smallest question, which is more than "
        f"{LATENCY_WARNING:,}.",
        "Look at the network and the proxy between the bot and Sales, at the service health of "
        "the environment, and at how far its region is away.",
    )


async def throttling(look: Look) -> Found:
    """Whether Sales answered calls of this test with 429, which the bot waits out where it can."""
    refused = look.sales.throttled(look.access) - look.findings.throttled_before
    if not refused:
        return passed("Sales refused no call of this test for being one too many.")
    return warned(
        f"Sales asked the bot to wait {refused} {'time' if refused == 1 else 'times'} during this "
        "test, for too many calls within five minutes.",
        "Give the bot an app of its own, if other programs sign in with it; else test again in "
        "five minutes.",
    )


def _seconds(number: int) -> str:
    return "a second" if number == 1 else f"{number} seconds"
