"""A token does what its scopes allow, and the refusal says which scope is missing."""

import pytest
from slack_sdk.errors import SlackApiError

from simulator.slack.methods import METHODS
from simulator.slack.real_methods import REAL
from simulator.slack.scopes import APP_LEVEL_SCOPE, SCOPES
from tests.simulator_slack.playing import House

ASKING = [name for name, needed in SCOPES.items() if needed and APP_LEVEL_SCOPE not in needed]


def test_every_simulated_method_is_real_and_says_what_it_needs() -> None:
    assert set(SCOPES) == set(METHODS)
    assert set(METHODS) <= REAL


@pytest.mark.parametrize("method", ASKING)
async def test_without_its_scope_a_method_refuses(house: House, method: str) -> None:
    house.site.patch({"scopes": ["commands"]})
    refused = await house.api(method)
    assert refused["error"] == "missing_scope"
    assert refused["needed"] == ",".join(SCOPES[method])
    assert refused["provided"] == "commands"


@pytest.mark.parametrize("method", [name for name in SCOPES if not SCOPES[name]])
async def test_what_needs_no_scope_asks_for_none(house: House, method: str) -> None:
    house.site.patch({"scopes": ["commands"]})
    assert (await house.api(method)).get("error") != "missing_scope"


@pytest.mark.parametrize(
    ("types", "needed"),
    [
        ("public_channel,private_channel", "channels:read,groups:read"),
        ("im", "im:read"),
        ("mpim", "mpim:read"),
    ],
)
async def test_each_kind_of_conversation_has_its_scope(
    house: House, types: str, needed: str
) -> None:
    house.site.patch({"scopes": ["channels:read"]})
    for method in ("conversations.list", "users.conversations"):
        refused = await house.api(method, types=types)
        assert (refused["error"], refused["needed"]) == ("missing_scope", needed)
    private = await house.api("conversations.info", channel=house.channel("crm-admins"))
    assert private["needed"] == "groups:read"


async def test_a_group_message_needs_another_scope_than_a_direct_one(house: House) -> None:
    house.site.patch({"scopes": ["im:write"]})
    assert (await house.api("conversations.open", users=house.user("olga")))["ok"]
    several = ",".join(map(house.user, ("olga", "paul")))
    assert (await house.api("conversations.open", users=several))["needed"] == "mpim:write"


async def test_with_its_scope_the_bot_posts_in_public_channels_it_is_not_in(house: House) -> None:
    house.site.patch({"scopes": ["chat:write", "chat:write.public"]})
    await house.web.chat_postMessage(channel=house.channel("random"), text="x")
    house.site.patch({"channels": {"crm-admins": {"bot": False}}})
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await house.web.chat_postMessage(channel=house.channel("crm-admins"), text="x")


async def test_an_address_is_shown_to_those_who_may_see_it(house: House) -> None:
    house.site.patch({"scopes": ["users:read"]})
    olga = (await house.web.users_info(user=house.user("olga")))["user"]
    assert "email" not in olga["profile"]
    house.site.patch({"scopes": ["users:read", "users:read.email"]})
    olga = (await house.web.users_info(user=house.user("olga")))["user"]
    assert olga["profile"]["email"] == "olga@contoso.example"


async def test_the_headers_tell_the_scopes(house: House) -> None:
    house.site.patch({"scopes": ["chat:write", "users:read"]})
    answer = await house.web.users_list()
    assert answer.headers["X-OAuth-Scopes"] == "chat:write,users:read"
    assert answer.headers["X-Accepted-OAuth-Scopes"] == "users:read"


async def test_a_scope_nobody_knows_cannot_be_given(house: House) -> None:
    with pytest.raises(ValueError, match="no scope 'x:y'"):
        house.site.patch({"scopes": ["x:y"]})


@pytest.mark.parametrize("method", sorted(REAL - set(METHODS))[::40])
async def test_a_real_method_that_is_not_simulated_says_so(house: House, method: str) -> None:
    answer = await house.http.post(f"/api/{method}")
    assert (answer.status_code, method in answer.text) == (501, True)
