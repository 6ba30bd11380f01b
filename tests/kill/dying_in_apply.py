"""`python -m tests.kill.dying_in_apply before|after N`: the bot, killed at its N-th remote write.

Before the write leaves, or once its answer is there and nothing of it is kept. See
`tests.kill.dying` for why this is done in a process of its own.
"""

import itertools
import os
import signal
import sys

from bot.serving import serve_forever
from dynamics.calls import Answer, Call, Service
from dynamics.http import Http

WHENS = ("before", "after")
_CHANGED = (Service.SALES, Service.BUSINESS_CENTRAL)


def main() -> None:
    """Change one method, then serve."""
    when, last = sys.argv[1], int(sys.argv[2])
    writes = itertools.count(1)
    send = Http.send

    async def send_or_die(self: Http, call: Call) -> Answer:
        if call.method == "GET" or call.service not in _CHANGED or next(writes) != last:
            return await send(self, call)
        if when == "after":
            await send(self, call)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("a killed process does nothing more")

    setattr(Http, "send", send_or_die)  # noqa: B010 - mypy takes no assignment to a method
    serve_forever()


if __name__ == "__main__":
    main()
