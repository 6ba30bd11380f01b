"""The Web API methods about conversations.

Rules and shapes: docs.slack.dev/reference/methods, docs.slack.dev/reference/objects.
"""

from simulator.slack.arguments import Arguments
from simulator.slack.directory_methods import EXTERNAL_TEAM
from simulator.slack.naming import Json
from simulator.slack.pages import page_of
from simulator.slack.people import Channel
from simulator.slack.refusals import Refusal
from simulator.slack.scopes import OPEN_KIND, READ_KIND, missing_scope
from simulator.slack.state import State

USUAL = 100
PEOPLE_MOST = 8


def conversations_open(state: State, arguments: Arguments) -> Json:
    users = [name.strip() for name in (arguments.text("users") or "").split(",") if name.strip()]
    if not users:
        raise Refusal("users_list_not_supplied")
    people = [person for user in users if (person := state.workspace.known(user)) is not None]
    if len(users) > PEOPLE_MOST:
        raise Refusal("too_many_users")
    if len(people) != len(users):
        raise Refusal("user_not_found")
    if any(person.deactivated for person in people):
        raise Refusal("user_disabled")
    if any(person.bot for person in people):
        raise Refusal("cannot_dm_bot")
    kind = OPEN_KIND["im" if len(people) == 1 else "mpim"]
    if kind not in arguments.grant.scopes:
        raise missing_scope([kind], arguments.grant.scopes)
    space = state.workspace
    channel = space.direct(people[0]) if len(people) == 1 else space.group(people)
    whole = conversation_json(state, channel) if arguments.flag("return_im") else {}
    return {"channel": {"id": channel.id, **whole}}


def conversations_info(state: State, arguments: Arguments) -> Json:
    channel = _readable(state, arguments)
    body = conversation_json(state, channel)
    if arguments.flag("include_num_members"):
        body["num_members"] = len(_member_ids(state, channel))
    return {"channel": body}


def conversations_list(state: State, arguments: Arguments) -> Json:
    listed = _listed(state, arguments)
    visible = [channel for channel in listed if channel.kind == "public" or channel.bot]
    page, cursor = page_of(visible, arguments, USUAL)
    channels = [conversation_json(state, channel) for channel in page]
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


def conversations_members(state: State, arguments: Arguments) -> Json:
    channel = _readable(state, arguments)
    page, cursor = page_of(_member_ids(state, channel), arguments, USUAL)
    return {"members": list(page), "response_metadata": {"next_cursor": cursor}}


def users_conversations(state: State, arguments: Arguments) -> Json:
    """Where the bot is, or where both the bot and the user are; public ones in any case."""
    user = arguments.text("user")
    person = state.workspace.known(user) if user else state.workspace.bot
    if person is None:
        raise Refusal("user_not_found")
    found = [
        channel
        for channel in _listed(state, arguments)
        if person.id in _member_ids(state, channel) and (channel.kind == "public" or channel.bot)
    ]
    page, cursor = page_of(found, arguments, USUAL)
    channels = [conversation_json(state, channel) for channel in page]
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


def conversation_json(state: State, channel: Channel) -> Json:
    direct = {"user": next(iter(channel.members), None)} if channel.kind == "im" else {}
    team_id = state.workspace.identity.team_id
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.kind in ("public", "private"),
        "is_group": False,
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "public",
        "is_archived": channel.archived,
        "is_member": channel.bot,
        "is_shared": bool(channel.shared),
        "is_ext_shared": channel.shared == "external",
        "is_org_shared": channel.shared == "organisation",
        "is_pending_ext_shared": channel.pending,
        "pending_shared": [EXTERNAL_TEAM] if channel.pending else [],
        "shared_team_ids": [team_id, *channel.teams],
        "context_team_id": team_id,
        **({"connected_team_ids": list(channel.teams)} if channel.shared == "external" else {}),
        **direct,
    }


def _member_ids(state: State, channel: Channel) -> list[str]:
    bot = [state.workspace.identity.bot_user_id] if channel.bot else []
    return [*sorted(channel.members), *bot]


def _listed(state: State, arguments: Arguments) -> list[Channel]:
    """The conversations of the types asked for, each of which the token must be able to read."""
    kinds = [
        name.strip().replace("_channel", "")
        for name in (arguments.text("types") or "public_channel").split(",")
    ]
    if not set(kinds) <= set(READ_KIND):
        raise Refusal("invalid_types")
    needed = [READ_KIND[kind] for kind in kinds]
    if not set(needed) <= arguments.grant.scopes:
        raise missing_scope(needed, arguments.grant.scopes)
    without = arguments.flag("exclude_archived")
    everything = state.workspace.channels.values()
    return [c for c in everything if c.kind in kinds and not (c.archived and without)]


def _readable(state: State, arguments: Arguments) -> Channel:
    channel = state.workspace.for_bot(arguments.needed("channel"))
    needed = READ_KIND[channel.kind]
    if needed not in arguments.grant.scopes:
        raise missing_scope([needed], arguments.grant.scopes)
    return channel
