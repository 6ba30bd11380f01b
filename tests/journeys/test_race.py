"""Fifty approvals at the same moment, through the front door: one wins, everybody is answered."""

import asyncio
from collections import Counter
from collections.abc import Callable

import pytest

from tests.journeys.changing import Sides, asked, card_says, ready_to_enable
from tests.stage import Actor, BotProcess, Json, Stage, words_of

pytestmark = pytest.mark.race

EACH = 25


async def test_fifty_approvals_make_one_apply_and_fifty_answers(
    olga: Actor, ada: Actor, bot: BotProcess, stage: Stage
) -> None:
    name = await ready_to_enable(olga, bot)
    number = await asked(olga, f"/d365 enable {name}")
    before = len(await stage.calls("dataverse"))
    marks = {who: stage.person(who) for who in ("ada", "paul")}
    for actor in marks.values():
        actor.marked = olga.marked
    said = {"channel": olga.channel, "text": f"/d365 approve {number}"}
    typed = [{"person": who, **said} for who in marks for _ in range(EACH)]
    await asyncio.gather(*(stage.post("/_slack/command", one) for one in typed))
    await card_says(olga, number, ": done")
    for actor in marks.values():
        await actor.until(_answered(number), f"{EACH} answers", oldest=actor.marked)
    calls = (await stage.calls("dataverse"))[before:]
    written = [one for one in calls if one["method"] == "PATCH" and "organizations" in one["path"]]
    assert len(written) == 1
    assert (await Sides(stage).page())["Is_Enabled"] is True


def _answered(number: str, times: int = EACH) -> Callable[[Json], Json | None]:
    def found(seen: Json) -> Json | None:
        told = [words_of(one) for one in seen["messages"] if one.get("ephemeral")]
        about = [one for one in told if number in one]
        return {"told": about} if len(about) == times else None

    return found


async def test_clicks_on_both_buttons_make_one_decision(
    olga: Actor, ada: Actor, bot: BotProcess, stage: Stage
) -> None:
    """Who is too late to find a button does not click."""
    name = await ready_to_enable(olga, bot)
    number = await asked(olga, f"/d365 enable {name}")
    card = await olga.sees(f"{number} Enable {name}")
    people = ("ada", "paul") * EACH
    labels = {"ada": "Approve", "paul": "Reject"}
    place = {"channel": olga.channel, "ts": card["ts"]}
    clicks = [{"person": who, "label": labels[who], **place} for who in people]
    tried = (stage.post("/_slack/press", one) for one in clicks)
    came = await asyncio.gather(*tried, return_exceptions=True)
    late = [one for one in came if isinstance(one, BaseException)]
    assert all("sees no such element" in str(one) for one in late)
    clicked = Counter(
        who for who, one in zip(people, came, strict=True) if not isinstance(one, BaseException)
    )
    assert len(clicked) == len(labels)
    told: list[str] = []
    for who, times in clicked.items():
        seen = await stage.person(who).until(
            _answered(number, times), f"{times} answers", oldest=olga.marked
        )
        told += seen["told"]
    assert sum("already" not in one for one in told) == 1
    applied = any("It is carried out now" in one for one in told)
    await card_says(olga, number, ": done" if applied else ": rejected")
    assert (await Sides(stage).page())["Is_Enabled"] is applied


async def test_two_who_ask_at_the_same_moment_make_one_request(
    olga: Actor, ada: Actor, bot: BotProcess, stage: Stage
) -> None:
    name = await ready_to_enable(olga, bot)
    typed = f"/d365 enable {name}"
    await asyncio.gather(olga.types(typed), ada.types(typed))
    await olga.sees("waits for approval", final=lambda one: name in words_of(one))
    seen = await stage.seen("olga", olga.channel, oldest=olga.marked)
    both = [one for one in seen["messages"] if f"Enable {name}" in words_of(one)]
    assert len(both) == 1
    number = words_of(both[0]).split(" ", 1)[0]
    for actor in (olga, ada):
        await actor.types(f"/d365 withdraw {number}")
    await card_says(olga, number, ": withdrawn")
