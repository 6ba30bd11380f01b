"""The whole answer: from sending a command until Slack has received the answering message."""

from collections.abc import Callable, Sequence

import aiohttp

from bench.driving import Timed, answered, caller
from bench.fake_slack import FakeSlack, fake_slack
from bench.figure import Figure, percentile
from bench.served import BARE, OURS, folder, serving

ROUNDS = 5
CROWDS = ((1, 60), (8, 160))
"""How many people at once, and how many commands a round."""

_P50_P99 = (("p50", 0.5), ("p99", 0.99))


async def answer() -> list[Figure]:
    """Beside a bare Bolt app that acks and then posts the same message."""
    with folder() as within:
        async with (
            fake_slack() as slack,
            caller() as session,
            serving(OURS, within / "ours", slack.url) as ours,
        ):
            await answered(session, ours.events, slack, 40, 8)
            says = {name: slack.last[name] for name in ("text", "blocks")}
            async with serving(BARE, within / "bare", slack.url, says) as bare:
                await answered(session, bare.events, slack, 40, 8)
                sides = (bare.events, ours.events)
                figures: list[Figure] = []
                for at_once, count in CROWDS:
                    figures += await _figures(session, slack, sides, at_once, count)
                return figures


async def _figures(
    session: aiohttp.ClientSession,
    slack: FakeSlack,
    sides: tuple[str, str],
    at_once: int,
    count: int,
) -> list[Figure]:
    rounds: list[list[Sequence[Timed]]] = [[], []]
    for _ in range(ROUNDS):
        for side, events in enumerate(sides):
            rounds[side].append(await answered(session, events, slack, count, at_once))
    crowd = f"_{at_once}_at_once" if at_once > 1 else ""

    def figure(kind: str, percent: str, share: float, of: Callable[[Timed], float]) -> Figure:
        bare, ours = (
            tuple(percentile([of(one) for one in timed], share) for timed in side)
            for side in rounds
        )
        return Figure(f"{kind}_{percent}{crowd}", "ms", ours, bare)

    return [
        *(
            figure("response", percent, share, lambda one: one.response)
            for percent, share in _P50_P99
        ),
        *(figure("answer", percent, share, lambda one: one.answer) for percent, share in _P50_P99),
    ]
