"""An organisation with two workspaces: one installation, one person in both."""

from typing import Any

import pytest

from tests.simulator_slack.playing import House, modal
from tests.simulator_slack.test_oauth import installed

# slack_sdk 3.47 sends the client's secret by a class of aiohttp that is going away.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}}


@pytest.fixture
async def granted(house: House) -> dict[str, Any]:
    house.site.patch({"manifest": {"settings": {"org_deploy_enabled": True}}})
    scopes = ("chat:write", "commands", "users:read", "channels:read")
    return await installed(house, *scopes, team="adatum-east", person="gus", enterprise=True)


def place(house: House, name: str) -> dict[str, Any]:
    workspaces: Any = house.site.facts()["workspaces"]
    found: dict[str, Any] = workspaces[name]
    return found


async def test_an_organisations_installation_names_no_workspace(
    house: House, granted: dict[str, Any]
) -> None:
    assert (granted["team"], granted["is_enterprise_install"]) == (None, True)
    assert granted["enterprise"]["id"] == place(house, "adatum-east")["enterprise_id"]
    who = await house.as_token(granted["access_token"], "auth.test")
    assert (who["is_enterprise_install"], who["enterprise_id"]) == (True, "E0ADATUM000")


async def test_a_list_needs_to_be_told_which_workspace(
    house: House, granted: dict[str, Any]
) -> None:
    token = granted["access_token"]
    assert (await house.as_token(token, "users.list"))["error"] == "missing_argument"
    for name, own in (("adatum-east", "eve"), ("adatum-west", "will")):
        team_id = place(house, name)["team_id"]
        listed = await house.as_token(token, "users.list", team_id=team_id)
        assert {user["name"] for user in listed["members"]} == {"gus", own, "d365bot"}
    stranger = await house.as_token(token, "users.list", team_id="T0MADEUP")
    assert stranger["error"] == "team_not_found"


async def test_one_person_has_one_id_in_both_workspaces(
    house: House, granted: dict[str, Any]
) -> None:
    east, west = place(house, "adatum-east"), place(house, "adatum-west")
    assert east["people"]["gus"]["id"] == west["people"]["gus"]["id"]
    for name in ("adatum-east", "adatum-west"):
        await house.act("command", team=name, person="gus", channel="dm", text="/d365 status")
        sent = house.bot.last
        assert sent["team_id"] == place(house, name)["team_id"]
        assert (sent["enterprise_id"], sent["is_enterprise_install"]) == ("E0ADATUM000", "true")
        opened = await house.as_token(
            granted["access_token"],
            "views.open",
            trigger_id=sent["trigger_id"],
            view=modal(SECTION),
        )
        assert opened["view"]["team_id"] == place(house, name)["team_id"]


async def test_a_person_of_an_organisation_says_so_and_in_which_workspaces(
    house: House, granted: dict[str, Any]
) -> None:
    token = granted["access_token"]
    teams = [place(house, name)["team_id"] for name in ("adatum-east", "adatum-west")]
    for name, where in (("gus", teams), ("will", teams[1:])):
        user = place(house, "adatum-west")["people"][name]["id"]
        told = await house.as_token(token, "users.info", user=user)
        found = told["user"]["enterprise_user"]
        assert (found["id"], found["enterprise_id"]) == (user, "E0ADATUM000")
        assert found["teams"] == where
    alone = await house.web.users_info(user=house.user("olga"))
    assert "enterprise_user" not in alone["user"]


async def test_an_event_says_that_the_organisation_let_the_app_in(
    house: House, granted: dict[str, Any]
) -> None:
    house.site.patch({"subscriptions": ["app_home_opened"]})
    await house.act("home", team="adatum-west", person="will")
    told = house.bot.last
    assert told["enterprise_id"] == "E0ADATUM000"
    assert told["team_id"] == place(house, "adatum-west")["team_id"]
    assert told["authorizations"][0]["is_enterprise_install"] is True
    assert told["authorizations"][0]["team_id"] is None


async def test_without_leave_in_the_manifest_no_organisation_is_offered(house: House) -> None:
    with pytest.raises(AssertionError, match="whole organisation"):
        await installed(house, team="adatum-east", person="gus", enterprise=True)
    with pytest.raises(AssertionError, match="no organisation"):
        await installed(house, team="fabrikam", person="nina", enterprise=True)


async def test_a_workspace_of_an_organisation_may_let_the_app_in_alone(house: House) -> None:
    granted = await installed(house, team="adatum-east", person="gus")
    assert (granted["is_enterprise_install"], granted["enterprise"]["id"]) == (
        False,
        "E0ADATUM000",
    )
    said = await house.refused("home", team="adatum-west", person="will")
    assert said == "the app is not installed in adatum-west"


async def test_a_message_to_a_person_reaches_them_in_their_workspace(
    house: House, granted: dict[str, Any]
) -> None:
    will = place(house, "adatum-west")["people"]["will"]["id"]
    sent = await house.as_token(
        granted["access_token"], "chat.postMessage", channel=will, text="For you"
    )
    assert sent["ok"]
    seen = await house.sees("will", team="adatum-west")
    assert [message["text"] for message in seen["messages"]] == ["For you"]


async def test_an_organisation_that_lets_the_app_go_says_so_of_itself(
    house: House, granted: dict[str, Any]
) -> None:
    before = len(house.bot.received)
    assert (await house.as_token(granted["access_token"], "auth.revoke"))["ok"]
    await house.bot.has_received(before + 4)
    for told in house.bot.received[before:]:
        (authorization,) = told["authorizations"]
        assert authorization["is_enterprise_install"] is True
        assert authorization["team_id"] is None


async def test_nothing_is_heard_of_a_workspace_without_the_app(house: House) -> None:
    house.site.patch({"subscriptions": ["message.im", "user_change", "app_home_opened"]})
    await house.act("say", team="fabrikam", person="nina", channel="dm", text="hello")
    assert not house.bot.received
    await house.act("say", person="olga", channel="dm", text="hello")
    assert len(house.bot.received) == 1
