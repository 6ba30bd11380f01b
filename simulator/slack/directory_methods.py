"""The Web API methods about people, groups and conversations, and `auth.test`.

Rules and shapes: docs.slack.dev/reference/methods, docs.slack.dev/reference/objects.
"""

from collections.abc import Sequence
from typing import TypeVar

from simulator.slack.arguments import Arguments
from simulator.slack.naming import Json
from simulator.slack.people import Channel, Person, UserGroup
from simulator.slack.refusals import Refusal
from simulator.slack.state import State

EXTERNAL_TEAM = "T0ELSEWHERE"
Row = TypeVar("Row")


def auth_test(state: State, _: Arguments) -> Json:
    identity = state.workspace.identity
    return {
        "url": f"https://{identity.domain}.slack.com/",
        "team": "Contoso (made up)",
        "user": state.workspace.bot.name,
        "team_id": identity.team_id,
        "user_id": identity.bot_user_id,
        "bot_id": identity.bot_id,
        "is_enterprise_install": False,
    }


def bots_info(state: State, arguments: Arguments) -> Json:
    identity = state.workspace.identity
    if arguments.text("bot") not in (None, identity.bot_id):
        raise Refusal("bot_not_found")
    bot = {
        "id": identity.bot_id,
        "deleted": False,
        "name": state.workspace.bot.name,
        "app_id": identity.app_id,
        "user_id": identity.bot_user_id,
    }
    return {"bot": bot}


def user_json(state: State, person: Person) -> Json:
    return {
        "id": person.id,
        "team_id": team_of(state, person),
        "name": person.name,
        "deleted": person.deactivated,
        "real_name": person.real_name,
        "tz": "Europe/Copenhagen",
        "profile": {
            "real_name": person.real_name,
            "display_name": person.name,
            "email": person.email,
            "team": team_of(state, person),
        },
        "is_admin": False,
        "is_owner": False,
        "is_restricted": person.guest,
        "is_ultra_restricted": False,
        "is_bot": person.bot,
        "is_app_user": False,
        "is_stranger": person.external,
        "updated": 1_700_000_000,
    }


def team_of(state: State, person: Person) -> str:
    return EXTERNAL_TEAM if person.external else state.workspace.identity.team_id


def users_info(state: State, arguments: Arguments) -> Json:
    person = state.workspace.known(arguments.needed("user"))
    if person is None or person.id != arguments.text("user"):
        raise Refusal("user_not_found")
    return {"user": user_json(state, person)}


def users_by_email(state: State, arguments: Arguments) -> Json:
    email = arguments.needed("email").lower()
    for person in state.workspace.people.values():
        if person.email == email and not person.deactivated:
            return {"user": user_json(state, person)}
    raise Refusal("users_not_found")


def users_list(state: State, arguments: Arguments) -> Json:
    page, cursor = _page(state.workspace.everyone(), arguments)
    members = [user_json(state, person) for person in page]
    return {"members": members, "response_metadata": {"next_cursor": cursor}}


def usergroups_list(state: State, arguments: Arguments) -> Json:
    with_users = arguments.flag("include_users")
    groups = [_group_json(state, g, with_users) for g in state.workspace.usergroups.values()]
    return {"usergroups": groups}


def usergroup_users(state: State, arguments: Arguments) -> Json:
    wanted = arguments.needed("usergroup")
    for group in state.workspace.usergroups.values():
        if group.id == wanted:
            return {"users": sorted(group.members)}
    raise Refusal("no_such_subteam")


def conversations_open(state: State, arguments: Arguments) -> Json:
    users = [name.strip() for name in (arguments.text("users") or "").split(",") if name.strip()]
    if not users:
        raise Refusal("users_list_not_supplied")
    people = [person for user in users if (person := state.workspace.known(user)) is not None]
    if len(people) != len(users):
        raise Refusal("user_not_found")
    if any(person.deactivated for person in people):
        raise Refusal("user_disabled")
    if any(person.bot for person in people):
        raise Refusal("cannot_dm_bot")
    space = state.workspace
    channel = space.direct(people[0]) if len(people) == 1 else space.group(people)
    whole = conversation_json(state, channel) if arguments.flag("return_im") else {}
    return {"channel": {"id": channel.id, **whole}}


def conversations_info(state: State, arguments: Arguments) -> Json:
    channel = state.workspace.for_bot(arguments.needed("channel"))
    body = conversation_json(state, channel)
    if arguments.flag("include_num_members"):
        body["num_members"] = len(_member_ids(state, channel))
    return {"channel": body}


def conversations_list(state: State, arguments: Arguments) -> Json:
    kinds = {
        name.replace("_channel", "")
        for name in (arguments.text("types") or "public_channel").split(",")
    }
    visible = [
        channel
        for channel in state.workspace.channels.values()
        if channel.kind in kinds and (channel.kind == "public" or channel.bot)
    ]
    page, cursor = _page(visible, arguments)
    channels = [conversation_json(state, channel) for channel in page]
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


def conversations_members(state: State, arguments: Arguments) -> Json:
    channel = state.workspace.for_bot(arguments.needed("channel"))
    page, cursor = _page(_member_ids(state, channel), arguments)
    return {"members": list(page), "response_metadata": {"next_cursor": cursor}}


def conversation_json(state: State, channel: Channel) -> Json:
    direct = {"user": next(iter(channel.members), None)} if channel.kind == "im" else {}
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.kind in ("public", "private"),
        "is_group": False,
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "public",
        "is_archived": False,
        "is_member": channel.bot,
        "is_ext_shared": False,
        "context_team_id": state.workspace.identity.team_id,
        **direct,
    }


def _member_ids(state: State, channel: Channel) -> list[str]:
    bot = [state.workspace.identity.bot_user_id] if channel.bot else []
    return [*sorted(channel.members), *bot]


def _group_json(state: State, group: UserGroup, with_users: bool) -> Json:
    body: Json = {
        "id": group.id,
        "team_id": state.workspace.identity.team_id,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.name,
        "user_count": len(group.members),
    }
    return {**body, "users": sorted(group.members)} if with_users else body


def _page(rows: Sequence[Row], arguments: Arguments) -> tuple[Sequence[Row], str]:
    """A page and the cursor to the next one; a cursor is where the next page starts."""
    start = arguments.number("cursor", 0) if arguments.text("cursor") else 0
    end = start + min(arguments.number("limit", 1000) or 1000, 1000)
    return rows[start:end], str(end) if end < len(rows) else ""
