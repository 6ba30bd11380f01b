"""What Slack's answers mean for rights; whatever is odd gives nobody anything."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SystemClock
from connection.directory import Channel, Standing
from connection.errors import DirectoryAway
from connection.people import Person
from handlers.directory import MOST_PAGES, SlackDirectory
from handlers.news import changed_in
from handlers.payloads import sender_of
from handlers.standing import is_shared, standing_of
from tests.handlers.outbox import refusal

MEMBER = {"id": "U1", "team_id": "T1"}
OF_GRID = {
    "id": "U1",
    "team_id": "T2",
    "enterprise_user": {"id": "U1", "enterprise_id": "E1", "teams": ["T1", "T2"]},
}
GROUP = {"id": "S1", "handle": "crm-approvers", "date_delete": 0}
PRIVATE = {
    "id": "C1",
    "name": "crm",
    "is_private": True,
    "is_member": True,
    "is_ext_shared": False,
}

Told = dict[str, Any] | Exception | Callable[[dict[str, Any]], dict[str, Any]]


class ToldSlack(AsyncWebClient):
    """Says what it is told to, by method; `calls` are its methods in order."""

    def __init__(self, **told: Told) -> None:
        super().__init__()
        self.told: dict[str, Told] = {"auth_test": {"ok": True, "team_id": "T1"}, **told}
        self.calls: list[str] = []
        self.gate: asyncio.Event | None = None

    async def api_call(self, api_method: str, **more: Any) -> Any:
        self.calls.append(api_method)
        if self.gate is not None:
            await self.gate.wait()
        told = self.told[api_method.replace(".", "_")]
        if isinstance(told, Exception):
            raise told
        return told(more.get("params") or more.get("json") or {}) if callable(told) else told


def directory(slack: ToldSlack, monotonic: Callable[[], float] = lambda: 0.0) -> SlackDirectory:
    return SlackDirectory(slack, SystemClock(), monotonic)


@pytest.mark.parametrize(
    ("flags", "standing"),
    [
        ({}, Standing.MEMBER),
        ({"deleted": True}, Standing.DEACTIVATED),
        ({"is_bot": True}, Standing.BOT),
        ({"is_workflow_bot": True}, Standing.BOT),
        ({"id": "USLACKBOT"}, Standing.BOT),
        ({"is_restricted": True}, Standing.GUEST),
        ({"is_ultra_restricted": True}, Standing.GUEST),
        ({"is_invited_user": True}, Standing.GUEST),
        ({"is_stranger": True}, Standing.EXTERNAL),
        ({"is_stranger": True, "deleted": True}, Standing.EXTERNAL),
        ({"team_id": "T9"}, Standing.EXTERNAL),
        ({"team_id": ""}, Standing.EXTERNAL),
        ({"team_id": None}, Standing.EXTERNAL),
    ],
)
def test_the_flags_of_a_user(flags: dict[str, Any], standing: Standing) -> None:
    assert standing_of({**MEMBER, **flags}, "T1", "") is standing


@pytest.mark.parametrize(
    ("user", "workspace", "enterprise", "standing"),
    [
        (OF_GRID, "T1", "E1", Standing.MEMBER),
        (OF_GRID, "T3", "E1", Standing.MEMBER),
        (OF_GRID, "E1", "E1", Standing.MEMBER),
        (OF_GRID, "T1", "E2", Standing.EXTERNAL),
        (OF_GRID, "T3", "", Standing.EXTERNAL),
        ({"id": "U1", "team_id": "E1"}, "T1", "E1", Standing.MEMBER),
        ({"id": "U1", "team_id": "T1"}, "T1", "E1", Standing.MEMBER),
        ({"id": "U1", "team_id": "T8"}, "T1", "E1", Standing.EXTERNAL),
        ({**OF_GRID, "is_stranger": True}, "T1", "E1", Standing.EXTERNAL),
        ({**OF_GRID, "enterprise_user": "E1"}, "T1", "E1", Standing.EXTERNAL),
    ],
)
def test_a_person_of_the_same_organisation_is_no_stranger_in_its_workspaces(
    user: dict[str, Any], workspace: str, enterprise: str, standing: Standing
) -> None:
    assert standing_of(user, workspace, enterprise) is standing


def test_one_person_in_two_workspaces_of_an_organisation_is_one() -> None:
    def press(team: str) -> Any:
        return sender_of(
            {
                "type": "block_actions",
                "team": {"id": team, "enterprise_id": "E1"},
                "enterprise": {"id": "E1"},
                "user": {"id": "W1", "team_id": team},
            }
        )

    typed = sender_of({"team_id": "T3", "enterprise_id": "E1", "user_id": "W1"})
    people = {press("T1").person, press("T2").person, typed.person}
    assert len(people) == 1
    assert {press("T1").workspace, press("T2").workspace, typed.workspace} == {"T1", "T2", "T3"}


@pytest.mark.parametrize(
    ("body", "workspace"),
    [
        ({"team": None, "view": {"team_id": "T2"}, "user": {"id": "W1", "team_id": "T1"}}, "T2"),
        ({"team": None, "view": {}, "user": {"id": "W1", "team_id": "T1"}}, "T1"),
        ({"team": None, "view": None, "user": {"id": "W1"}}, "E1"),
    ],
)
def test_a_payload_without_a_team_is_of_the_forms_or_the_persons_workspace(
    body: dict[str, Any], workspace: str
) -> None:
    """As where the app is installed for a whole organisation."""
    sender = sender_of({"enterprise": {"id": "E1"}, **body})
    assert (sender.workspace, sender.person) == (workspace, Person("E1", "W1"))


@pytest.mark.parametrize(
    ("channel", "shared"),
    [
        (PRIVATE, False),
        ({**PRIVATE, "is_ext_shared": True}, True),
        ({**PRIVATE, "is_pending_ext_shared": True}, True),
        ({**PRIVATE, "pending_shared": ["T9"]}, True),
        ({**PRIVATE, "is_org_shared": True, "is_shared": True}, False),
        ({**PRIVATE, "pending_connected_team_ids": ["T9"]}, True),
        ({"id": "C1"}, False),
        ({"id": "D1", "is_im": True}, False),
    ],
)
def test_a_channel_is_shared_by_any_of_slacks_flags(channel: dict[str, Any], shared: bool) -> None:
    assert is_shared(channel) is shared


async def test_a_group_has_a_handle_and_members() -> None:
    slack = ToldSlack(
        usergroups_list={"usergroups": [GROUP]}, usergroups_users_list={"users": ["U1", "U2"]}
    )
    roster = await directory(slack).group("T1", "S1")
    assert (roster.name, roster.usable, roster.members) == (
        "crm-approvers",
        True,
        frozenset({"U1", "U2"}),
    )


@pytest.mark.parametrize(
    "told",
    [
        {"usergroups_list": {"usergroups": []}},
        {"usergroups_list": {"usergroups": [{**GROUP, "date_delete": 7}]}},
        {"usergroups_list": {"usergroups": [{**GROUP, "is_external": True}]}},
        {"usergroups_list": refusal("plan_upgrade_required")},
        {
            "usergroups_list": {"usergroups": [GROUP]},
            "usergroups_users_list": refusal("no_such_subteam"),
        },
    ],
)
async def test_a_group_that_is_gone_or_disabled_has_nobody(told: dict[str, Told]) -> None:
    roster = await directory(ToldSlack(**told)).group("T1", "S1")
    assert (roster.usable, roster.members) == (False, frozenset())


@pytest.mark.parametrize("groups", [None, {}, "S1", [GROUP, "S1"]])
async def test_an_odd_list_of_groups_does_not_say_that_one_is_gone(groups: object) -> None:
    """Or all its members would have lost what it holds."""
    told: dict[str, Any] = {"ok": True} | ({} if groups is None else {"usergroups": groups})
    with pytest.raises(DirectoryAway, match="makes no sense"):
        await directory(ToldSlack(usergroups_list=told)).group("T1", "S0OTHER")


async def test_members_come_page_by_page() -> None:
    def page(asked: dict[str, Any]) -> dict[str, Any]:
        cursor = int(asked.get("cursor") or 0)
        following = str(cursor + 1) if cursor < 3 else ""
        return {"members": [f"U{cursor}"], "response_metadata": {"next_cursor": following}}

    slack = ToldSlack(conversations_info={"channel": PRIVATE}, conversations_members=page)
    asked = directory(slack)
    channel = await asked.channel("T1", "C1")
    assert channel is not None
    assert channel.usable
    roster = await asked.channel_members(channel)
    assert roster.members == {"U0", "U1", "U2", "U3"}


async def test_pages_without_end_are_not_believed() -> None:
    told = {"members": ["U1"], "response_metadata": {"next_cursor": "again"}}
    slack = ToldSlack(conversations_members=told)
    channel = Channel("T1", "C1", "crm", True, False, False, True, datetime.now(UTC))
    with pytest.raises(DirectoryAway):
        await directory(slack).channel_members(channel)
    assert len(slack.calls) == MOST_PAGES


async def test_a_channel_that_the_bot_cannot_see_is_none() -> None:
    slack = ToldSlack(conversations_info=refusal("channel_not_found"))
    assert await directory(slack).channel("T1", "C1") is None


@pytest.mark.parametrize(
    ("homes", "seen"),
    [
        ({}, True),
        ({"context_team_id": "T1"}, True),
        ({"context_team_id": "T2"}, False),
        ({"context_team_id": "T2", "shared_team_ids": ["T2", "T1"]}, True),
        ({"context_team_id": "T2", "internal_team_ids": ["T1"]}, True),
        ({"context_team_id": "T2", "shared_team_ids": "T1"}, False),
        ({"context_team_id": "E1", "shared_team_ids": ["E1"]}, True),
    ],
)
async def test_a_channel_of_another_workspace_is_not_seen_in_this_one(
    homes: dict[str, Any], seen: bool
) -> None:
    found = {"ok": True, "channel": {"id": "C1", "is_ext_shared": False, **homes}}
    channel = await directory(ToldSlack(conversations_info=found)).channel("T1", "C1")
    assert (channel is not None) == seen


async def test_a_person_whom_slack_does_not_know_is_nobody() -> None:
    slack = ToldSlack(users_info=refusal("user_not_found"))
    assert (await directory(slack).profile("T1", "U1")).standing is Standing.NOBODY


@pytest.mark.parametrize(
    "word", ["missing_scope", "fatal_error", "invalid_auth", "", "token_expired"]
)
async def test_any_other_refusal_tells_nothing(word: str) -> None:
    with pytest.raises(DirectoryAway) as raised:
        await directory(ToldSlack(users_info=refusal(word))).profile("T1", "U1")
    assert raised.value.hint


async def test_while_slack_wants_no_calls_of_a_method_none_is_sent() -> None:
    now = 0.0
    slack = ToldSlack(
        users_info=refusal("ratelimited", 429, 30), conversations_info={"channel": PRIVATE}
    )
    asked = directory(slack, lambda: now)
    for _ in range(3):
        with pytest.raises(DirectoryAway) as raised:
            await asked.profile("T1", "U1")
    assert raised.value.retry_after == 30
    assert slack.calls.count("users.info") == 1
    assert await asked.channel("T1", "C1") is not None
    now = 31.0
    slack.told["users_info"] = {"user": MEMBER}
    assert (await asked.profile("T1", "U1")).standing is Standing.MEMBER


async def test_many_who_ask_the_same_at_once_ask_slack_once() -> None:
    slack = ToldSlack(users_info={"user": MEMBER})
    slack.gate = asyncio.Event()
    asked = directory(slack)
    first = asyncio.create_task(asked.profile("T1", "U1"))
    others = [asyncio.create_task(asked.profile("T1", "U1")) for _ in range(20)]
    await asyncio.wait({first}, timeout=0)
    first.cancel()
    slack.gate.set()
    found = await asyncio.gather(*others)
    assert {one.standing for one in found} == {Standing.MEMBER}
    assert slack.calls.count("users.info") == 1


LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=6)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["user", "id", "team_id", "channel", "usergroups", "users", "members", "is_im"]
            )
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@given(JSON)
def test_whatever_slack_answers_nobody_becomes_a_member_by_it(answer: object) -> None:
    names = ("users_info", "usergroups_list", "usergroups_users_list")
    more = ("conversations_info", "conversations_members", "auth_test")
    slack = ToldSlack(**dict.fromkeys((*names, *more), answer))  # type: ignore[arg-type]

    async def ask() -> None:
        asked = directory(slack)
        for call in (
            lambda: asked.profile("T1", "U1"),
            lambda: asked.group("T1", "S1"),
            lambda: asked.channel("T1", "C1"),
        ):
            try:
                found: Any = await call()
            except DirectoryAway:
                continue
            standing = getattr(found, "standing", None)
            assert standing is not Standing.MEMBER or _names_member(answer)

    asyncio.run(ask())


def _names_member(answer: object) -> bool:
    user = answer.get("user") if isinstance(answer, dict) else None
    return isinstance(user, dict) and user.get("id") == "U1" and user.get("team_id") == "T1"


@given(JSON)
def test_an_event_of_any_shape_names_ids_or_nothing(body: object) -> None:
    whole = body if isinstance(body, dict) else {"event": body}
    names, _ = changed_in(whole)
    assert all(isinstance(name, str) and name for name in names)


@pytest.mark.parametrize(
    ("event", "name", "members"),
    [
        ({"type": "user_change", "user": {"id": "U1"}}, "U1", False),
        ({"type": "subteam_updated", "subteam": {"id": "S1"}}, "S1", False),
        ({"type": "subteam_members_changed", "subteam_id": "S1"}, "S1", False),
        ({"type": "member_left_channel", "channel": "C1", "user": "U1"}, "C1", True),
        ({"type": "channel_shared", "channel": "C1"}, "C1", False),
        ({"type": "channel_left", "channel": "C1"}, "C1", False),
        ({"type": "group_left", "channel": "G1"}, "G1", False),
        ({"type": "group_archive", "channel": "C1"}, "C1", False),
    ],
)
def test_an_event_names_what_changed(event: dict[str, Any], name: str, members: bool) -> None:
    assert changed_in({"team_id": "T1", "event": event}) == ([name], members)
