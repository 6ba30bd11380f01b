"""Who people are and what channels allow: facts that change, and the app that hears of it."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.simulator_slack.playing import BOT_USER, House

# what is changed -> the event, and some of what it says
NEWS: dict[str, tuple[dict[str, Any], str, dict[str, Any]]] = {
    "somebody leaves the company": (
        {"people": {"olga": {"deactivated": True}}},
        "user_change",
        {"user": {"name": "olga", "deleted": True}},
    ),
    "somebody is a guest from now on": (
        {"people": {"sam": {"single_channel": True}}},
        "user_change",
        {"user": {"is_restricted": True, "is_ultra_restricted": True}},
    ),
    "somebody new": (
        {"people": {"nils": {"real_name": "Nils New"}}},
        "team_join",
        {"user": {"name": "nils", "real_name": "Nils New"}},
    ),
    "somebody comes into a channel": (
        {"channels": {"crm-admins": {"members": ["ada", "olga", "paul", "vera", "sam"]}}},
        "member_joined_channel",
        {"channel_type": "C"},
    ),
    "somebody goes out of a channel": (
        {"channels": {"crm-admins": {"members": ["ada", "olga", "paul"]}}},
        "member_left_channel",
        {},
    ),
    "the bot comes into a channel": (
        {"channels": {"random": {"bot": True}}},
        "member_joined_channel",
        {"user": BOT_USER},
    ),
    "a channel is archived": (
        {"channels": {"general": {"archived": True}}},
        "channel_archive",
        {},
    ),
    "a group gets another member": (
        {"usergroups": {"crm-approvers": {"members": ["paul", "vera"]}}},
        "subteam_members_changed",
        {"added_users_count": 1, "removed_users": [], "date_update": 1_800_000_000},
    ),
    "a group is disabled": (
        {"usergroups": {"crm-approvers": {"enabled": False}}},
        "subteam_updated",
        {"subteam": {"date_delete": 1_800_000_000}},
    ),
}


@pytest.mark.parametrize("news", NEWS)
async def test_the_app_hears_of_what_it_is_subscribed_to(house: House, news: str) -> None:
    patch, kind, says = NEWS[news]
    house.site.patch({"subscriptions": [kind]})
    house.site.patch(patch)
    await house.bot.has_received(1)
    event = house.bot.last["event"]
    assert event["type"] == kind
    assert float(event["event_ts"]) >= house.clock.now
    for key, value in says.items():
        found = {k: event[key][k] for k in value} if isinstance(value, dict) else event[key]
        assert found == value


@pytest.mark.parametrize("news", NEWS)
async def test_the_app_hears_nothing_else(house: House, news: str) -> None:
    house.site.patch({"subscriptions": ["app_home_opened"]})
    house.site.patch(NEWS[news][0])
    await house.act("home", person="ada")
    assert [sent["event"]["type"] for sent in house.bot.received] == ["app_home_opened"]


async def test_a_change_that_changes_nothing_is_no_news(house: House) -> None:
    house.site.patch({"subscriptions": ["user_change", "subteam_updated", "app_home_opened"]})
    house.site.patch({"people": {"olga": {"guest": False}}})
    house.site.patch({"usergroups": {"crm-approvers": {"members": ["paul"]}}})
    await house.act("home", person="ada")
    assert [sent["event"]["type"] for sent in house.bot.received] == ["app_home_opened"]


async def test_an_app_outside_a_channel_does_not_hear_who_comes(house: House) -> None:
    house.site.patch({"subscriptions": ["member_joined_channel", "app_home_opened"]})
    house.site.patch({"channels": {"random": {"members": ["ada", "gwen"]}}})
    await house.act("home", person="ada")
    assert [sent["event"]["type"] for sent in house.bot.received] == ["app_home_opened"]


# how the channel is -> (thread or not, the error word)
CLOSED: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "archived": ({"archived": True}, {}, "is_archived"),
    "for nobody": ({"posting": "nobody"}, {}, "restricted_action"),
    "read only": ({"posting": "read_only"}, {}, "restricted_action_read_only_channel"),
    "threads only": ({"posting": "thread_only"}, {}, "restricted_action_thread_only_channel"),
    "no threads": (
        {"posting": "no_threads"},
        {"thread_ts": "1.000001"},
        "restricted_action_non_threadable_channel",
    ),
}


@pytest.mark.parametrize("how", CLOSED)
async def test_a_channel_may_be_closed_to_the_bot(house: House, how: str) -> None:
    fact, more, error = CLOSED[how]
    house.site.patch({"channels": {"general": fact}})
    channel = house.channel("general")
    with pytest.raises(SlackApiError, match=error):
        await house.web.chat_postMessage(channel=channel, text="x", **more)
    with pytest.raises(SlackApiError, match=error):
        await house.web.chat_postEphemeral(
            channel=channel, user=house.user("olga"), text="x", **more
        )


async def test_a_message_in_an_archived_channel_stays_as_it_is(house: House) -> None:
    channel = house.channel("general")
    posted = await house.web.chat_postMessage(channel=channel, text="x")
    house.site.patch({"channels": {"general": {"archived": True}}})
    with pytest.raises(SlackApiError, match="is_inactive"):
        await house.web.chat_update(channel=channel, ts=posted["ts"], text="y")
    names = {c["name"] for c in (await house.web.conversations_list())["channels"]}
    without = await house.web.conversations_list(exclude_archived=True)
    assert names - {c["name"] for c in without["channels"]} == {"general"}


@pytest.mark.parametrize(
    ("shared", "flags"),
    [
        ("", (False, False, False)),
        ("external", (True, True, False)),
        ("organisation", (True, False, True)),
    ],
)
async def test_a_shared_channel_says_with_whom(
    house: House, shared: str, flags: tuple[bool, bool, bool]
) -> None:
    house.site.patch({"channels": {"general": {"shared": shared, "teams": ["T0OTHER"]}}})
    found = (await house.web.conversations_info(channel=house.channel("general")))["channel"]
    names = ("is_shared", "is_ext_shared", "is_org_shared")
    assert tuple(found[name] for name in names) == flags
    assert found.get("connected_team_ids") == (["T0OTHER"] if shared == "external" else None)


async def test_an_invitation_of_another_organisation_shows_before_it_is_taken(
    house: House,
) -> None:
    house.site.patch({"channels": {"general": {"pending": True}}})
    found = (await house.web.conversations_info(channel=house.channel("general")))["channel"]
    assert (found["is_pending_ext_shared"], found["is_ext_shared"]) == (True, False)
    assert found["pending_shared"]


SHARINGS: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"shared": "external"}, [("channel_shared", "T0ELSEWHERE")]),
    (
        {"shared": "external", "teams": ["T0ONE", "E0TWO"]},
        [("channel_shared", "E0TWO"), ("channel_shared", "T0ONE")],
    ),
    ({"shared": "organisation", "teams": ["T0ONE"]}, []),
    ({"pending": True}, []),
]


@pytest.mark.parametrize(("facts", "told"), SHARINGS, ids=str)
async def test_who_comes_into_a_channel_from_outside_is_told_and_who_goes(
    house: House, facts: dict[str, Any], told: list[tuple[str, str]]
) -> None:
    house.site.patch({"subscriptions": ["channel_shared", "channel_unshared"]})
    house.site.patch({"channels": {"general": facts}})
    await house.bot.has_received(len(told))
    events = [body["event"] for body in house.bot.received]
    assert sorted((event["type"], event["connected_team_id"]) for event in events) == told
    house.site.patch({"channels": {"general": {"shared": "", "pending": False}}})
    await house.bot.has_received(2 * len(told))
    gone = [body["event"] for body in house.bot.received[len(told) :]]
    teams = sorted(event["previously_connected_team_id"] for event in gone)
    assert teams == [team for _, team in told]
    assert not any(event["is_ext_shared"] for event in gone)


async def test_a_private_channel_without_the_app_is_shared_unheard(house: House) -> None:
    house.site.patch({"subscriptions": ["channel_shared"]})
    house.site.patch({"channels": {"crm-admins": {"bot": False}}})
    house.site.patch({"channels": {"crm-admins": {"shared": "external"}}})
    house.site.patch({"channels": {"general": {"shared": "external"}}})
    await house.bot.has_received(1)
    [told] = [body["event"]["channel"] for body in house.bot.received]
    assert told == house.channel("general")


async def test_a_disabled_group_is_listed_when_asked_for(house: House) -> None:
    house.site.patch({"usergroups": {"crm-approvers": {"enabled": False}}})
    assert (await house.web.usergroups_list())["usergroups"] == []
    [group] = (await house.web.usergroups_list(include_disabled=True))["usergroups"]
    with pytest.raises(SlackApiError, match="no_such_subteam"):
        await house.web.usergroups_users_list(usergroup=group["id"])
    found = await house.web.usergroups_users_list(usergroup=group["id"], include_disabled=True)
    assert found["users"] == [house.user("paul")]


async def test_a_free_plan_has_no_groups(house: House) -> None:
    house.site.patch({"plan": "free"})
    for call in (
        house.web.usergroups_list(),
        house.web.usergroups_users_list(usergroup="S0GROUP0001"),
    ):
        with pytest.raises(SlackApiError, match="plan_upgrade_required"):
            await call


async def test_the_bots_own_conversations_are_listed(house: House) -> None:
    types = "public_channel,private_channel"
    own = (await house.web.users_conversations(types=types))["channels"]
    assert {channel["name"] for channel in own} == {"crm-admins", "general"}
    sams = (await house.web.users_conversations(types=types, user=house.user("sam")))["channels"]
    assert {channel["name"] for channel in sams} == {"general", "random"}


async def test_the_team_is_described(house: House) -> None:
    team = (await house.web.team_info())["team"]
    assert (team["id"], team["domain"]) == ("T0MADEUP", "contoso-made-up")
    with pytest.raises(SlackApiError, match="team_not_found"):
        await house.web.team_info(team="T0OTHER")


WRONG_FACTS: list[dict[str, Any]] = [
    {"people": {"nobody": {"guest": True}}},
    {"people": {"olga": {"id": "U1"}}},
    {"channels": {"nowhere": {"bot": True}}},
    {"channels": {"general": {"kind": "private"}}},
    {"channels": {"general": {"posting": "cats"}}},
    {"channels": {"general": {"shared": "somehow"}}},
    {"channels": {"general": {"members": ["nobody"]}}},
    {"usergroups": {"nobodies": {"members": []}}},
    {"workspaces": {"nowhere": {}}},
    {"workspaces": {"fabrikam": {"scopes": []}}},
    {"plan": "golden"},
    {"ack_seconds": -1},
    {"retry_delays": ["soon"]},
    {"manifest": {"oauth_config": {"scopes": {"bot": ["x:y"]}}}},
    {"manifest": {"settings": []}},
]


def merged(good: dict[str, Any], wrong: dict[str, Any]) -> dict[str, Any]:
    """The wrong facts behind the good ones, in the same part where there is one."""
    both = [(key, good.get(key), value) for key, value in wrong.items()]
    return {
        key: {**known, **value} if isinstance(known, dict) and isinstance(value, dict) else value
        for key, known, value in both
    }


@pytest.mark.parametrize("patch", WRONG_FACTS, ids=str)
async def test_what_cannot_be_is_refused_and_nothing_with_it_is_done(
    house: House, patch: dict[str, Any]
) -> None:
    before = house.site.facts()
    good = {
        "people": {"olga": {"guest": True}, "nils": {"real_name": "Nils New"}},
        "channels": {"general": {"archived": True}},
        "usergroups": {"crm-approvers": {"members": []}},
        "limits": {"views.open": None},
        "scopes": [],
        "subscriptions": ["user_change"],
        "socket_mode": True,
        "home_tab": False,
    }
    with pytest.raises(ValueError, match=r"."):
        house.site.patch({**good, "workspaces": {}, **merged(good, patch)})
    assert house.site.facts() == before
    assert house.site.app.announced == []


async def test_a_new_channel_can_be_made(house: House) -> None:
    house.site.patch({"channels": {"ops": {"kind": "private", "members": ["ada"], "bot": True}}})
    await house.web.chat_postMessage(channel=house.channel("ops"), text="Hello")
    assert await house.texts("ada", channel="ops") == ["Hello"]


async def test_members_come_by_the_hundred_unless_asked_otherwise(house: House) -> None:
    names = [f"new{number}" for number in range(101)]
    house.site.patch({"people": {name: {"real_name": name.title()} for name in names}})
    house.site.patch({"channels": {"general": {"members": names, "bot": False}}})
    channel = house.channel("general")
    first = await house.web.conversations_members(channel=channel)
    assert len(first["members"]) == 100
    cursor = first["response_metadata"]["next_cursor"]
    rest = await house.web.conversations_members(channel=channel, cursor=cursor)
    assert (len(rest["members"]), rest["response_metadata"]["next_cursor"]) == (1, "")


async def test_a_group_message_has_at_most_eight_people(house: House) -> None:
    names = [f"new{number}" for number in range(9)]
    house.site.patch({"people": {name: {"real_name": name.title()} for name in names}})
    ids = [house.user(name) for name in names]
    assert (await house.web.conversations_open(users=ids[:8]))["ok"]
    with pytest.raises(SlackApiError, match="too_many_users"):
        await house.web.conversations_open(users=ids)


@pytest.mark.parametrize("shared", ["", "external", "organisation"])
async def test_an_event_says_whether_its_channel_is_shared_outside(
    house: House, shared: str
) -> None:
    house.site.patch({"channels": {"general": {"shared": shared}}})
    await house.act("say", person="olga", channel="general", text="@d365bot hello")
    assert house.bot.last["is_ext_shared_channel"] == (shared == "external")
