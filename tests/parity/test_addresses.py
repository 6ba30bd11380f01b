"""The Dynamics 365 Sales URL, from what is entered to what is saved."""

import pytest

from connection.saving import Saved
from connection.setting_up import Questions
from tests.parity.room import Room


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        ("test.dynamics.com", "https://test.dynamics.com"),
        ("http://test3.com/myOrg", "http://test3.com"),
        ("https://test3.com/myOrg", "https://test3.com"),
        ("company.crm4.dynamics.com", "https://company.crm4.dynamics.com"),
    ],
)
async def test_a_corrected_address_is_saved_after_yes_and_the_entered_one_after_no(
    room: Room, entered: str, kept: str
) -> None:
    for name, yes, expected in (("yes", True, kept), ("no", False, entered)):
        draft = await room.opens_form(name)
        asked = await room.submits(draft, name=name, sales_url=entered)
        assert isinstance(asked, Questions)
        assert (asked.entered_url, asked.proposed_url) == (entered, kept)
        assert await room.connections() == ([] if name == "yes" else ["yes"])
        assert isinstance(await room.answers(draft, yes=yes), Saved)
        assert (await room.saved(name)).setup.sales_url == expected


@pytest.mark.parametrize(
    "entered",
    [
        "http://test1.com",
        "http://test2.com:555/myOrg",
        "https://test2.com:555/myOrg",
        "https://CamelCaseUrl.crm4.dynamics.com",
        "https://crm.abc.com",
    ],
)
async def test_an_address_that_needs_no_correction_is_saved_as_it_is(
    room: Room, entered: str
) -> None:
    assert (await room.saves(sales_url=entered)).saved.setup.sales_url == entered


async def test_any_address_and_login_may_replace_those_of_an_on_premises_setup(room: Room) -> None:
    typed = {"hosting": "on-premises", "integration_user_name": "abc\\abc"}
    await room.saves(sales_url="http://crm.local", **typed)
    saved = await room.saves(
        hosting="online", sales_url="https://crm.abc.com", integration_user_name="abc@abc.com"
    )
    assert saved.saved.revision == 2
    assert saved.saved.setup.sales_url == "https://crm.abc.com"
    assert saved.saved.setup.integration_user_name == "abc@abc.com"
