"""The first visit, as the guide leads through it: from nothing to an enabled connection, a break
and its remedy. It makes the pictures of the tour."""

import re
import time

import pytest
from playwright.async_api import expect

from tests.browser.person import Person

pytestmark = pytest.mark.browser

PATIENCE_SECONDS = 300
"""What a newcomer is promised, and far more than a browser that does not read needs."""


async def test_from_nothing_to_an_approved_enable_and_a_break_with_its_remedy(
    olga: Person,
) -> None:
    began = time.monotonic()
    await olga.sees("Step 1 of 5")
    await olga.takes_picture("tour-1-start")
    await _set_up_with_an_error_corrected(olga)
    await _give_the_secret(olga)
    await _test(olga)
    paul = await _approve_in_a_second_window(olga)
    assert time.monotonic() - began < PATIENCE_SECONDS
    await _both_sides_changed(olga)
    await _break_and_mend(olga)
    assert paul.errors == []


async def _set_up_with_an_error_corrected(olga: Person) -> None:
    await olga.sends_what_the_guide_types("Type /d365 setup")
    await olga.presses("Save", within="dialog")
    await olga.sees("Please complete this required field.", within="dialog")
    await olga.fills_in_what_fits()
    tenant = olga.page.get_by_label("Microsoft Entra tenant", exact=True)
    await tenant.fill("Adventure Example")
    await olga.presses("Save", within="dialog")
    await olga.sees("That is neither a tenant id nor a domain", within="dialog")
    await expect(tenant).to_have_value("Adventure Example")
    await expect(tenant).to_be_focused()
    await expect(olga.page.get_by_label("Dynamics 365 Sales URL")).to_have_value(
        re.compile(r"^https://adventure-example\.")
    )
    await olga.takes_picture("tour-2-error")
    await olga.fills_in_what_fits()
    await olga.presses("Save", within="dialog")
    await olga.reads_title("Setup of adventure-prod saved")


async def _give_the_secret(olga: Person) -> None:
    await olga.sees("Step 2 of 5")
    await olga.presses("Run d365bot secret set")
    await olga.sees("secret set adventure-prod bot_client_secret", within="#terminal")
    await olga.takes_picture("tour-3-secret")
    await olga.presses("Close", within="#terminal")


async def _test(olga: Person) -> None:
    await olga.sees("Step 3 of 5")
    await olga.sends_what_the_guide_types("Type /d365 test")
    await olga.reads_title(re.compile("^Test of adventure-prod"))
    await olga.takes_picture("tour-4-test")


async def _approve_in_a_second_window(olga: Person) -> Person:
    await olga.sees("Step 4 of 5")
    await olga.sends_what_the_guide_types("Type /d365 enable")
    await olga.reads_title(re.compile("Enable adventure-prod: waits for approval"))
    await olga.presses("Approve")
    await olga.sees("approve needs the role approver")
    paul = await olga.second_window("Open Paul’s window")
    await paul.reads_title(re.compile("Enable adventure-prod: waits for approval"))
    await paul.takes_picture("tour-5-approve")
    await paul.presses("Approve")
    await paul.sees("You approved R1")
    await olga.reads_title(re.compile("Enable adventure-prod: done"))
    await paul.reads_title(re.compile("Enable adventure-prod: done"))
    await olga.takes_picture("tour-6-enabled")
    return paul


async def _both_sides_changed(olga: Person) -> None:
    await olga.page.get_by_text("Both sides: what changed").click()
    await olga.sees(re.compile("Is_Enabled"), within=".diff")
    await olga.sees(re.compile("issopintegrationenabled"), within=".diff")
    await olga.page.get_by_text("Calls that were made").click()
    await olga.sees(re.compile("PATCH .*organizations"), within=".calls")
    await olga.takes_picture("tour-7-world")


async def _break_and_mend(olga: Person) -> None:
    await olga.sees("Step 5 of 5")
    await olga.presses("Let the secret expire", within=".guide")
    await olga.sees("Broken now: The apps' client secrets are past their end.")
    await olga.sends_what_the_guide_types("Type /d365 test")
    await olga.reads_title(re.compile(r"^Test of adventure-prod: \d+ checks? failed"))
    remedy = await olga.sees("What to do:")
    await expect(remedy).to_be_in_viewport()
    await olga.takes_picture("tour-8-remedy")
    await olga.presses("Make everything healthy")
    await olga.sees("Everything is healthy.")
    await olga.says("/d365 test adventure-prod")
    await expect(
        olga.page.get_by_role("heading", level=3, name=re.compile("failed"))
    ).to_have_count(1)
    await olga.reads_title(re.compile(r"^Test of adventure-prod: (every|what|it)"))
