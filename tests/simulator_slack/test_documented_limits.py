"""At a documented limit Slack accepts, one beyond it Slack refuses and points at the place."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block as SdkBlock
from slack_sdk.models.views import View

from simulator.slack.blockkit import faults_in_blocks, faults_in_view
from simulator.slack.blockkit.blocks import BLOCKS
from simulator.slack.limits import LIMITS
from simulator.slack.methods import METHODS
from tests.simulator_slack.documented_limits import IN_MESSAGES, IN_VIEWS, Limit, every, rated
from tests.simulator_slack.playing import House, asking, button, plain
from tests.simulator_slack.shapes import (
    Block,
    actions,
    card,
    container,
    data_table,
    image,
    markdown,
    mrkdwn,
    rich,
    section,
    table,
    task,
)

BY_NAME = {limit.name: limit for limit in every()}


def faults(limit: Limit, size: int) -> list[str]:
    made = limit.make(size)
    return faults_in_blocks(made, "message") if limit in IN_MESSAGES else faults_in_view(made)


@pytest.mark.parametrize("name", BY_NAME)
def test_the_limit_is_accepted_and_one_more_refused(name: str) -> None:
    limit = BY_NAME[name]
    assert faults(limit, limit.most) == []
    assert any(f"[json-pointer:{limit.pointer}]" in said for said in faults(limit, limit.most + 1))


@given(st.sampled_from(sorted(BY_NAME)), st.floats(0, 3))
def test_below_a_limit_all_is_well_and_above_it_nothing(name: str, share: float) -> None:
    limit = BY_NAME[name]
    size = max(2 if "data table" in name or "together" in name else 1, int(limit.most * share))
    assert (faults(limit, size) == []) == (size <= limit.most)


# one of each block -> where it may stand (docs.slack.dev/blocks.json)
M, V, H = "message", "modal", "home"
SURFACES: dict[str, tuple[Block, set[str]]] = {
    "section": (section(), {M, V, H}),
    "header": ({"type": "header", "text": plain("x")}, {M, V, H}),
    "divider": ({"type": "divider"}, {M, V, H}),
    "image": (image(), {M, V, H}),
    "context": ({"type": "context", "elements": [mrkdwn("x")]}, {M, V, H}),
    "actions": (actions(button("x", "a")), {M, V, H}),
    "input": (asking("a"), {V, H}),
    "rich_text": (rich({"type": "text", "text": "x"}), {M, V, H}),
    "video": (
        {
            "type": "video",
            "alt_text": "x",
            "title": plain("x"),
            "thumbnail_url": "https://x",
            "video_url": "https://x",
        },
        {M, V, H},
    ),
    "file": ({"type": "file", "external_id": "x", "source": "remote"}, {M}),
    "markdown": (markdown("x"), {M, H}),
    "table": (table(), {M, H}),
    "context_actions": (rated()[0], {M}),
    "alert": ({"type": "alert", "text": plain("x")}, {V}),
    "card": (card(), {M, V, H}),
    "carousel": ({"type": "carousel", "elements": [card()]}, {M, H}),
    "container": (container(), {M}),
    "task_card": (task(), {M}),
    "plan": ({"type": "plan", "title": "x", "tasks": [task()]}, {M}),
    "data_table": (data_table(), {M}),
    "data_visualization": ({"type": "data_visualization"}, {M}),
}


def test_the_surfaces_of_every_block_are_told() -> None:
    assert set(SURFACES) == set(BLOCKS)


@pytest.mark.parametrize("surface", [M, V, H])
@pytest.mark.parametrize("kind", SURFACES)
def test_a_block_stands_only_where_it_may(kind: str, surface: str) -> None:
    block, surfaces = SURFACES[kind]
    said = faults_in_blocks([block], surface)
    refused = [f"[ERROR] unsupported type: {kind} [json-pointer:/blocks/0/type]"]
    assert said == ([] if surface in surfaces else refused)


# What slack_sdk's own objects let through though Slack documents a limit: know it, do not trust it.
LET_THROUGH = {
    "blocks",
    "characters of a table",
    "checkboxes",
    "external id",
    "field text",
    "files",
    "focused elements",
    "initial value",
    "markdown together",
    "max length",
    "option description",
    "option group label",
    "option text",
    "option value",
    "people who see an icon",
    "radio buttons",
    "table columns",
    "table rows",
    "tables",
}


def accepts(limit: Limit, size: int) -> bool:
    """Whether slack_sdk builds the same and sends it on."""
    made = copy.deepcopy(limit.make(size))
    try:
        if limit in IN_VIEWS:
            View(**made).to_dict()
        else:
            built = SdkBlock.parse_all(made)
            return None not in built and bool([block.to_dict() for block in built])
    except SlackObjectFormationError:
        return False
    return True


def test_what_slacks_own_objects_let_through_is_known() -> None:
    found = {name for name, limit in BY_NAME.items() if accepts(limit, limit.most + 1)}
    assert found == LET_THROUGH


@pytest.mark.parametrize("kind", sorted(set(SURFACES) - {"data_table", "data_visualization"}))
def test_what_slacks_own_objects_make_is_accepted(kind: str) -> None:
    block, surfaces = SURFACES[kind]
    [built] = SdkBlock.parse_all([copy.deepcopy(block)])
    for surface in surfaces:
        assert faults_in_blocks([built.to_dict()], surface) == []


# an argument of chat.postMessage -> its size, and the word for one more
ARGUMENTS: dict[str, tuple[int, Any, str]] = {
    "text": (40_000, lambda n: {"text": "x" * n}, "msg_too_long"),
    "markdown_text": (12_000, lambda n: {"markdown_text": "x" * n}, "msg_too_long"),
    "attachments": (
        100,
        lambda n: {"text": "x", "attachments": [{"text": "x"}] * n},
        "too_many_attachments",
    ),
    "blocks": (50, lambda n: {"text": "x", "blocks": [section()] * n}, "invalid_blocks"),
}


@pytest.mark.parametrize("name", ARGUMENTS)
async def test_a_message_may_be_so_large_and_no_larger(house: House, name: str) -> None:
    most, make, error = ARGUMENTS[name]
    channel = house.channel("general")
    assert (await house.api("chat.postMessage", channel=channel, **make(most)))["ok"]
    refused = await house.api("chat.postMessage", channel=channel, **make(most + 1))
    assert refused["error"] == error


UNLIMITED = {"chat.getPermalink", "oauth.v2.access", "blocks.validate"}


def test_every_method_has_its_tier_or_is_known_to_be_special() -> None:
    assert set(METHODS) - set(LIMITS) == UNLIMITED


@pytest.mark.parametrize("method", sorted(set(METHODS) & set(LIMITS)))
async def test_beyond_its_tier_a_method_asks_for_patience(house: House, method: str) -> None:
    token = "xapp-made-up" if method == "apps.connections.open" else "xoxb-made-up"
    headers = {"Authorization": f"Bearer {token}"}
    house.site.patch({"limits": {method: {"calls": 1}}})
    first = await house.http.post(f"/api/{method}", headers=headers, json={"test": True})
    again = await house.http.post(f"/api/{method}", headers=headers, json={"test": True})
    assert first.status_code == 200
    assert (again.status_code, again.json()["error"]) == (429, "ratelimited")
    house.clock.pass_by(int(again.headers["Retry-After"]))
    later = await house.http.post(f"/api/{method}", headers=headers, json={"test": True})
    assert later.status_code == 200


async def test_a_workspace_takes_so_many_messages_of_an_app_in_all(house: House) -> None:
    house.site.patch({"limits": {"chat.postMessage in the workspace": {"calls": 2}}})
    for name in ("general", "crm-admins"):
        await house.web.chat_postMessage(channel=house.channel(name), text="x")
    refused = await house.api("chat.postMessage", channel=house.user("olga"), text="x")
    assert refused["error"] == "ratelimited"


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ("nonsense", "invalid_metadata_format"),
        ([], "invalid_metadata_format"),
        ({"event_type": "x"}, "invalid_metadata_schema"),
        ({"event_type": "", "event_payload": {}}, "invalid_metadata_schema"),
    ],
)
async def test_metadata_has_a_type_and_a_payload(house: House, metadata: Any, error: str) -> None:
    channel = house.channel("general")
    said = await house.api("chat.postMessage", channel=channel, text="x", metadata=metadata)
    assert said["error"] == error


async def test_an_edit_keeps_the_metadata_unless_it_brings_its_own(house: House) -> None:
    channel, metadata = house.channel("general"), {"event_type": "t", "event_payload": {"a": 1}}
    posted = await house.web.chat_postMessage(channel=channel, text="x", metadata=metadata)
    for change, left in (({}, metadata), ({"metadata": {}}, None)):
        again = await house.api("chat.update", channel=channel, ts=posted["ts"], text="y", **change)
        assert again["message"].get("metadata") == left


@pytest.mark.parametrize(
    ("asked", "error"),
    [({"cursor": "x"}, "invalid_cursor"), ({"limit": 1001}, "invalid_limit")],
)
async def test_a_page_is_asked_for_sensibly(
    house: House, asked: dict[str, Any], error: str
) -> None:
    for method in ("users.list", "conversations.list", "users.conversations"):
        assert (await house.api(method, **asked))["error"] == error


# what is to be validated -> the error, and where
WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "blocks": ({"blocks": [section("x" * 3001)]}, "invalid_blocks", "/0/text/text"),
    "message": ({"message": {"blocks": [{"type": "?"}]}}, "invalid_message", "/blocks/0/type"),
    "view": ({"view": {"type": "home", "blocks": [task()]}}, "invalid_view", "/blocks/0/type"),
}


@pytest.mark.parametrize("kind", WRONG)
async def test_blocks_are_validated_without_being_sent(house: House, kind: str) -> None:
    asked, error, pointer = WRONG[kind]
    refused = await house.api("blocks.validate", **asked)
    assert (refused["error"], refused["errors"][0]["pointer"]) == (error, pointer)
    assert refused["errors"][0]["code"] == "failed_constraint"
    assert (await house.api("blocks.validate", blocks=[section()]))["ok"]
    both = await house.api("blocks.validate", blocks=[section()], message={})
    assert both["error"] == "invalid_arguments"
