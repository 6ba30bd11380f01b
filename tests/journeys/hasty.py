"""`python -m tests.journeys.hasty`: the bot, which waits two seconds for an answer and not thirty.

The product has no switch for it, and a story about a slow service should not take half a minute.
"""

from functools import partial

from bot import wiring
from bot.serving import serve_forever
from dynamics.gateway import DynamicsSettings
from dynamics.http import Limits

READ = 2.0


def main() -> None:
    """Shorten the limit, then serve."""
    hasty = partial(DynamicsSettings, limits=Limits(read=READ))
    vars(wiring)["DynamicsSettings"] = hasty
    serve_forever()


if __name__ == "__main__":
    main()
