"""What becomes of requests beside a plain approval: signing in, undoing, policies, break-glass."""

import re

from tests.journeys.changing import (
    BOT_ROLE,
    Sides,
    asked,
    card_says,
    enabled,
    ready_to_enable,
)
from tests.setups import give_password, set_up
from tests.stage import Actor, BotProcess, Stage, words_of


async def test_an_administrator_signs_in_where_the_bot_lacks_a_right(
    olga: Actor, paul: Actor, bot: BotProcess, stage: Stage, sides: Sides
) -> None:
    name = await set_up(olga, bot)
    await give_password(olga, bot, name)
    number = await asked(olga, f"/d365 enable {name}")
    assert "an administrator of Sales signs in" in await card_says(olga, number, "waits for")
    await olga.types(f"/d365 status {name}")
    assert f"{number}, to enable: pending" in words_of(await olga.sees("Open request"))
    await paul.types(f"/d365 approve {number}")
    await card_says(olga, number, "waits for an administrator")
    assert not await sides.sales_orders(), "nothing was done before"
    await olga.presses("Sign in and apply")
    shown = words_of(await olga.sees("enter the code"))
    code = re.search(r"code \*?([A-Z0-9]{6,})", shown)
    assert code
    admin = next(upn for upn in (await stage.world())["accounts"] if upn.startswith("ada"))
    await stage.enters_code(code[1], admin)
    await card_says(olga, number, ": done")
    assert (await sides.page())["Is_Enabled"] is True
    assert len(await sides.nav_rows()) == 1


async def test_undo_is_approved_as_well_and_brings_back_what_was(
    olga: Actor, paul: Actor, bot: BotProcess, sides: Sides
) -> None:
    name = await ready_to_enable(olga, bot)
    await sides.change_sales({"privileges": {BOT_ROLE: {"prvReadSalesOrder": True}}})
    number = await enabled(olga, paul, name)
    assert await sides.sales_orders()
    undo = await asked(olga, f"/d365 request {number} undo")
    await paul.types(f"/d365 approve {undo}")
    await card_says(olga, undo, ": done")
    await card_says(olga, number, ": taken back")
    assert (await sides.page())["Is_Enabled"] is False
    assert not await sides.sales_orders()


async def test_a_policy_asks_for_two_approvals_and_a_reason(
    olga: Actor, ada: Actor, paul: Actor, bot: BotProcess
) -> None:
    name = await ready_to_enable(olga, bot)
    await ada.types(f"/d365 access policy {name} approvals 2 reason yes")
    await ada.sees(f"Who decides about {name}: done")
    await olga.types(f"/d365 enable {name}")
    await olga.sees("needs a reason")
    number = await asked(olga, f"/d365 enable {name} quarter begins")
    await paul.types(f"/d365 approve {number}")
    await paul.sees("It needs 1 more")
    await paul.types(f"/d365 approve {number}")
    await paul.sees(f"You approved {number} already")
    await ada.types(f"/d365 approve {number}")
    await card_says(olga, number, ": done")


async def test_an_admin_applies_alone_and_somebody_else_reviews_it(
    olga: Actor, ada: Actor, paul: Actor, bot: BotProcess, sides: Sides, stage: Stage
) -> None:
    name = await ready_to_enable(olga, bot)
    number = await asked(ada, f"/d365 enable {name}")
    await paul.types(f"/d365 request {number} alone because")
    await paul.sees("Only an admin may apply it alone")
    await ada.types(f"/d365 request {number} alone")
    await ada.sees("needs a reason")
    await ada.types(f"/d365 request {number} alone the shop is closed")
    await ada.sees(f"Apply {number} alone?")
    await ada.presses("Apply alone")
    said = await card_says(olga, number, ": done")
    assert "the shop is closed" in said
    assert "Its review is open" in said
    own = Actor(stage, "paul", "dm")
    note = await own.sees("applies it without the approvers")
    (card,) = [
        one
        for one in (await stage.seen("paul", "dm"))["messages"]
        if f"{number} Enable {name}" in words_of(one) and not one["thread_ts"]
    ]
    assert note["thread_ts"] == card["ts"]
    assert (await sides.page())["Is_Enabled"] is True
    await ada.types(f"/d365 request {number} reviewed")
    await ada.sees("somebody else reviews it")
    await paul.types(f"/d365 request {number} reviewed it was right")
    await paul.sees(f"The review of {number} is closed")
    assert "Reviewed afterwards" in await card_says(olga, number, "it was right")


async def test_sales_order_integration_stays_on_while_an_order_is_submitted(
    olga: Actor, paul: Actor, bot: BotProcess, sides: Sides
) -> None:
    name = await ready_to_enable(olga, bot)
    await sides.change_sales({"privileges": {BOT_ROLE: {"prvReadSalesOrder": True}}})
    await enabled(olga, paul, name)
    orders = (await sides.sales())["tables"]["salesorders"]
    key = next(iter(orders))
    await sides.change_sales({"tables": {"salesorders": {key: {"statecode": 1}}}})
    number = await asked(olga, f"/d365 sales-orders {name} off")
    await paul.types(f"/d365 approve {number}")
    said = await card_says(olga, number, ": stopped")
    assert "cannot be turned off while an order" in said
    await sides.change_sales({"tables": {"salesorders": {key: {"statecode": 2}}}})
    await olga.types(f"/d365 request {number} resume")
    await card_says(olga, number, ": done")
    assert not await sides.sales_orders()


async def test_what_stopped_is_left_and_something_else_asked_for(
    olga: Actor, paul: Actor, bot: BotProcess, sides: Sides, stage: Stage
) -> None:
    name = await ready_to_enable(olga, bot)
    number = await asked(olga, f"/d365 enable {name}")
    await stage.fault(
        site="dataverse", method="PATCH", path="*/organizations*", times=9, status=500
    )
    await paul.types(f"/d365 approve {number}")
    await card_says(olga, number, ": stopped")
    await stage.mend()
    await olga.types(f"/d365 request {number} leave")
    await olga.sees(f"{number} is left as it is")
    other = await asked(olga, f"/d365 enable {name}")
    await paul.types(f"/d365 approve {other}")
    await card_says(olga, other, ": done")


async def test_defaults_are_asked_about_and_a_button_goes_on_with_the_same_reason(
    olga: Actor, paul: Actor, bot: BotProcess, sides: Sides
) -> None:
    name = await ready_to_enable(olga, bot)
    await sides.change_company({"integration_table_mappings": None})
    await olga.types(f"/d365 enable {name} the quarter begins")
    asked_back = words_of(await olga.sees("has no integration table mapping"))
    assert "Is that meant so?" in asked_back
    await olga.presses("Ask with the defaults")
    card = words_of(await olga.sees(": waits for approval"))
    assert "the quarter begins" in card
    assert "Integration table mappings was none, will be there" in card
    await paul.presses("Approve")
    number = card.split(" ", 1)[0]
    await olga.sees(f"{number} Enable {name}: done")
    assert "CUSTOMER" in await sides.mappings()


async def test_who_may_not_ask_may_not_undo_either(
    olga: Actor, vera: Actor, paul: Actor, bot: BotProcess, sides: Sides
) -> None:
    name = await ready_to_enable(olga, bot)
    number = await enabled(olga, paul, name)
    for actor in (vera, paul):
        await actor.types(f"/d365 request {number} undo")
        await actor.sees("are asked for by people with the role operator")
    assert (await sides.page())["Is_Enabled"] is True


async def test_the_policy_is_not_changed_by_one_admin_alone_once_there_are_two(
    olga: Actor, ada: Actor, bot: BotProcess, stage: Stage
) -> None:
    name = await ready_to_enable(olga, bot)
    await ada.types("/d365 access add @vera admin")
    await ada.sees("now has the role admin")
    await ada.types(f"/d365 access policy {name} approvals 3")
    number = words_of(await ada.sees(f"Who decides about {name}: waits")).split(" ", 1)[0]
    await ada.types(f"/d365 request {number} alone because I can")
    await ada.sees("is not changed by one admin alone")
    vera = stage.person("vera")
    await vera.types(f"/d365 approve {number}")
    await vera.sees(f"You approved {number}")
    await vera.types(f"/d365 access policy {name}")
    assert "*approvals* 3" in words_of(await vera.sees("Who decides about"))
    await ada.types("/d365 access remove @vera admin")
    await ada.sees("no longer has the role admin")
