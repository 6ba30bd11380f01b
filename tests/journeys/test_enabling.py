"""Enabling and disabling: a plan, an approval by somebody else, an apply that all can watch."""

from tests.journeys.changing import Sides, asked, card_says, enabled, ready_to_enable
from tests.stage import Actor, BotProcess, Stage, words_of


async def test_somebody_asks_somebody_else_approves_and_both_sides_are_enabled(
    olga: Actor, paul: Actor, bot: BotProcess, sides: Sides
) -> None:
    name = await ready_to_enable(olga, bot)
    await sides.without_roles()
    number = await asked(olga, f"/d365 enable {name} quarter begins")
    said = await card_says(olga, number, "waits for approval")
    assert "quarter begins" in said
    assert "Integration Administrator was not given, will be given" in said
    assert "Enabled was no, will be yes" in said
    assert "was off, will be on" in said
    await paul.presses("Approve")
    said = await card_says(olga, number, ": done")
    assert "Approved by" in said
    page = await sides.page()
    assert page["Is_Enabled"] is True
    assert page["Is_S_Order_Integration_Enabled"] is True
    assert await sides.sales_orders()
    assert {"bc-integration-administrator", "bc-integration-user"} <= await sides.roles()
    (row,) = await sides.nav_rows()
    assert row["nav_dynamicsnavurl"].endswith("/Production/")
    jobs = await sides.jobs()
    assert {one["Status"] for one in jobs.values()} <= {"Ready", "On Hold with Inactivity Timeout"}


async def test_requester_cannot_approve_own_request(
    olga: Actor, ada: Actor, bot: BotProcess, sides: Sides
) -> None:
    name = await ready_to_enable(olga, bot)
    number = await asked(ada, f"/d365 enable {name}")
    await ada.types(f"/d365 approve {number}")
    said = await ada.sees("You asked for this yourself")
    assert said["ephemeral"]
    await ada.presses("Approve")
    await ada.sees("You asked for this yourself")
    assert (await sides.page())["Is_Enabled"] is False
    await ada.types(f"/d365 withdraw {number}")
    await ada.sees(f"{number} is withdrawn")


async def test_one_reject_ends_it_and_a_later_click_is_answered(
    olga: Actor, paul: Actor, ada: Actor, bot: BotProcess
) -> None:
    name = await ready_to_enable(olga, bot)
    number = await asked(olga, f"/d365 enable {name}")
    await paul.types(f"/d365 reject {number} not before Monday")
    said = await card_says(olga, number, ": rejected")
    assert "not before Monday" in said
    assert "Approve\n" not in said
    await ada.types(f"/d365 approve {number}")
    await ada.sees(f"{number} is rejected already, by")


async def test_only_who_asked_withdraws(olga: Actor, paul: Actor, bot: BotProcess) -> None:
    name = await ready_to_enable(olga, bot)
    number = await asked(olga, f"/d365 enable {name}")
    await paul.types(f"/d365 withdraw {number}")
    await paul.sees("Somebody else asked for this")
    await olga.presses("Withdraw")
    await card_says(olga, number, ": withdrawn")


async def test_one_change_at_a_time(olga: Actor, bot: BotProcess) -> None:
    name = await ready_to_enable(olga, bot)
    number = await asked(olga, f"/d365 enable {name}")
    await olga.types(f"/d365 roles {name}")
    await olga.sees(f"{number} about {name} is pending already")
    await olga.types(f"/d365 withdraw {number}")
    await olga.sees(f"{number} is withdrawn")


async def test_viewers_and_strangers_neither_ask_nor_approve(
    olga: Actor, vera: Actor, sam: Actor, bot: BotProcess
) -> None:
    name = await ready_to_enable(olga, bot)
    await vera.types(f"/d365 enable {name}")
    await vera.sees("Sorry, enable needs the role operator")
    number = await asked(olga, f"/d365 enable {name}")
    await vera.presses("Approve")
    await vera.sees("Sorry, approve needs the role approver")
    await sam.types(f"/d365 approve {number}")
    await sam.sees("Sorry, approve needs the role approver")
    await olga.types(f"/d365 withdraw {number}")
    await olga.sees(f"{number} is withdrawn")


async def test_a_setup_changed_in_between_makes_it_void(
    olga: Actor, paul: Actor, bot: BotProcess, sides: Sides
) -> None:
    name = await ready_to_enable(olga, bot)
    number = await asked(olga, f"/d365 enable {name}")
    await olga.types(f"/d365 setup {name} features")
    await olga.sees_form("features")
    await olga.submits(auto_process_quotes="yes")
    await olga.sees(f"Setup of {name} saved")
    await paul.types(f"/d365 approve {number}")
    await paul.sees(f"{number} is void already")
    await card_says(olga, number, "The setup was changed after this was asked for")
    assert (await sides.page())["Is_Enabled"] is False


async def test_what_moved_in_between_is_told_and_nothing_is_done(
    olga: Actor, paul: Actor, bot: BotProcess, sides: Sides
) -> None:
    name = await ready_to_enable(olga, bot)
    number = await asked(olga, f"/d365 enable {name}")
    setup = {"setup": {"Server_Address": "https://elsewhere-example.crm4.dynamics.com"}}
    await sides.change_company({"crm_connection_setup": setup})
    await paul.types(f"/d365 approve {number}")
    said = await card_says(olga, number, "Somebody changed it after it was approved")
    assert "Sales URL" in said
    assert (await sides.page())["Is_Enabled"] is False
    assert not await sides.sales_orders()


async def test_disabling_leaves_sales_alone(
    olga: Actor, paul: Actor, bot: BotProcess, sides: Sides
) -> None:
    name = await ready_to_enable(olga, bot)
    await enabled(olga, paul, name)
    number = await asked(olga, f"/d365 disable {name} maintenance")
    await paul.types(f"/d365 approve {number}")
    await card_says(olga, number, ": done")
    assert (await sides.page())["Is_Enabled"] is False
    assert await sides.sales_orders()
    assert len(await sides.nav_rows()) == 1
    assert {one["Status"] for one in (await sides.jobs()).values()} <= {"On Hold", "Ready"}


async def test_the_row_in_sales_goes_where_that_is_asked_for(
    olga: Actor, paul: Actor, bot: BotProcess, sides: Sides
) -> None:
    name = await ready_to_enable(olga, bot)
    await enabled(olga, paul, name)
    number = await asked(olga, f"/d365 disable {name} remove-row we move")
    await paul.types(f"/d365 approve {number}")
    await card_says(olga, number, ": done")
    assert await sides.nav_rows() == []


async def test_nothing_to_change_is_said_and_asks_nobody(
    olga: Actor, paul: Actor, bot: BotProcess
) -> None:
    name = await ready_to_enable(olga, bot)
    await olga.types(f"/d365 disable {name}")
    await olga.sees("Nothing has to be changed")


async def test_what_fails_the_checks_cannot_be_asked_for(
    olga: Actor, bot: BotProcess, stage: Stage
) -> None:
    name = await ready_to_enable(olga, bot)
    await stage.scenario("currency-mismatch")
    await Sides(stage).stand()
    await olga.types(f"/d365 enable {name}")
    said = words_of(await olga.sees("not done"))
    assert "Base currency" in said
    assert "the base currency of Sales" in said
