"""The setup form in place of Business Central's page and assisted setup guide."""

import pytest

from connection.errors import EncryptionOff, WrongFields
from connection.setting_up import Questions
from tests.parity.room import NAME, Room


async def test_a_form_that_is_closed_saves_nothing(room: Room) -> None:
    await room.opens_form()
    assert await room.connections() == []


async def test_a_form_that_is_closed_at_the_question_saves_nothing(room: Room) -> None:
    asked = await room.submits(await room.opens_form(), sales_url="test.dynamics.com")
    assert isinstance(asked, Questions)
    assert await room.connections() == []


async def test_a_form_that_is_sent_is_a_connection(room: Room) -> None:
    saved = await room.saves()
    assert await room.connections() == [NAME]
    assert (await room.saved()) == saved.saved


@pytest.mark.parametrize("blank", ["sales_url", "integration_user_name"])
async def test_without_address_or_user_nothing_is_saved(room: Room, blank: str) -> None:
    with pytest.raises(WrongFields) as refused:
        await room.saves(**{blank: ""})
    assert set(refused.value.fields) == {blank}
    assert await room.connections() == []


async def test_the_form_of_a_connection_begins_with_what_was_saved(room: Room) -> None:
    draft = await room.opens_form()
    await room.submits(draft, sales_url="TEST")
    await room.answers(draft, yes=True)
    again = await room.opens_form()
    assert again.typed["sales_url"] == "https://test"
    assert again.base_revision == 1


async def test_the_form_of_a_new_connection_begins_with_its_name_alone(room: Room) -> None:
    draft = await room.opens_form("another")
    assert draft.typed == {"name": "another"}


async def test_a_secret_given_while_encryption_is_off_changes_nothing(room: Room) -> None:
    await room.saves()
    with pytest.raises(EncryptionOff) as refused:
        await room.gives_secret()
    assert "d365bot keys new" in refused.value.hint
    assert (await room.saved()).revision == 1
    room.turns_encryption_on()
    await room.gives_secret()
    assert (await room.saved()).setup.bot_client_secret


async def test_another_secret_changes_nothing_else(room: Room) -> None:
    room.turns_encryption_on()
    await room.saves()
    await room.gives_secret()
    before = (await room.saved()).setup
    await room.gives_secret()
    after = (await room.saved()).setup
    assert after.bot_client_secret != before.bot_client_secret
    assert (after.sales_url, after.integration_user_name) == (
        before.sales_url,
        before.integration_user_name,
    )
