"""Bodies of requests, read to a limit and within a time."""

import asyncio

from starlette.requests import Request

MOST_DISCARDED = 50_000_000
SLOWEST_BODY_SECONDS = 5.0


class TooLarge(Exception):
    """The body is over the limit."""


async def read_body(request: Request, largest: int) -> bytes:
    """Raises `TooLarge`, `TimeoutError` and starlette's `ClientDisconnect`.

    What is too large is read to its end, or to MOST_DISCARDED, and thrown away: a connection
    that is closed while its client still writes loses the answer as well.
    """
    body, size = bytearray(), 0
    async with asyncio.timeout(SLOWEST_BODY_SECONDS):
        async for chunk in request.stream():
            size += len(chunk)
            if size > MOST_DISCARDED:
                break
            if size > largest:
                body.clear()
            else:
                body += chunk
    if size > largest:
        raise TooLarge
    return bytes(body)
