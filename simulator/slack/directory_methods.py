"""The Web API methods about people, groups and conversations, and `auth.test`.

Rules and shapes: docs.slack.dev/reference/methods, docs.slack.dev/reference/objects.
"""

from collections.abc import Sequence
from typing import TypeVar

from simulator.slack.arguments import Arguments
from simulator.slack.naming import Json
from simulator.slack.people import Channel, Person, UserGroup
from simulator.slack.refusals import Refusal
from simulator.slack.scopes import EMAIL, OPEN_KIND, READ_KIND, missing_scope
from simulator.slack.state import State

EXTERNAL_TEAM = "T0ELSEWHERE"
PAGE_MOST = 1000
Row = TypeVar("Row")


def auth_test(state: State, arguments: Arguments) -> Json:
    """Slack's own shape; an organisation's token is told of no workspace."""
    identity, grant = state.workspace.identity, arguments.grant
    enterprise = {"enterprise_id": identity.enterprise_id} if identity.enterprise_id else {}
    expiry = {}
    if grant.expires is not None:
        expiry = {"expires_in": int(grant.expires - state.app.clock())}
    return {
        "url": f"https://{identity.domain}.slack.com/",
        "team": identity.team_name,
        "user": state.workspace.bot.name,
        "team_id": identity.team_id,
        "user_id": identity.bot_user_id,
        "bot_id": identity.bot_id,
        "is_enterprise_install": grant.enterprise,
        **enterprise,
        **expiry,
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
        "is_restricted": person.guest or person.single_channel,
        "is_ultra_restricted": person.single_channel,
        "is_bot": person.bot,
        "is_app_user": False,
        "is_stranger": person.external,
        "updated": 1_700_000_000,
    }


def seen_by(arguments: Arguments, user: Json) -> Json:
    """Without `users:read.email` a profile has no address."""
    profile = user["profile"]
    if EMAIL not in arguments.grant.scopes and isinstance(profile, dict):
        profile.pop("email", None)
    return user


def team_of(state: State, person: Person) -> str:
    return EXTERNAL_TEAM if person.external else state.workspace.identity.team_id


def users_info(state: State, arguments: Arguments) -> Json:
    person = state.workspace.known(arguments.needed("user"))
    if person is None or person.id != arguments.text("user"):
        raise Refusal("user_not_found")
    return {"user": seen_by(arguments, user_json(state, person))}


def users_by_email(state: State, arguments: Arguments) -> Json:
    email = arguments.needed("email").lower()
    for person in state.workspace.people.values():
        if person.email == email and not person.deactivated:
            return {"user": user_json(state, person)}
    raise Refusal("users_not_found")


def users_list(state: State, arguments: Arguments) -> Json:
    page, cursor = _page(state.workspace.everyone(), arguments)
    members = [seen_by(arguments, user_json(state, person)) for person in page]
    return {"members": members, "response_metadata": {"next_cursor": cursor}}


def usergroups_list(state: State, arguments: Arguments) -> Json:
    _refuse_free_plan(state)
    with_users, disabled = arguments.flag("include_users"), arguments.flag("include_disabled")
    found = [g for g in state.workspace.usergroups.values() if g.enabled or disabled]
    return {"usergroups": [group_json(state, group, with_users) for group in found]}


def usergroup_users(state: State, arguments: Arguments) -> Json:
    _refuse_free_plan(state)
    wanted, disabled = arguments.needed("usergroup"), arguments.flag("include_disabled")
    for group in state.workspace.usergroups.values():
        if group.id == wanted and (group.enabled or disabled):
            return {"users": sorted(group.members)}
    raise Refusal("no_such_subteam")


def _refuse_free_plan(state: State) -> None:
    if state.plan == "free":
        raise Refusal("plan_upgrade_required")


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
    page, cursor = _page(visible, arguments)
    channels = [conversation_json(state, channel) for channel in page]
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


def conversations_members(state: State, arguments: Arguments) -> Json:
    channel = _readable(state, arguments)
    page, cursor = _page(_member_ids(state, channel), arguments)
    return {"members": list(page), "response_metadata": {"next_cursor": cursor}}


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
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "shared_team_ids": [team_id, *channel.teams],
        "context_team_id": team_id,
        **({"connected_team_ids": list(channel.teams)} if channel.shared == "external" else {}),
        **direct,
    }


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
    page, cursor = _page(found, arguments)
    channels = [conversation_json(state, channel) for channel in page]
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


def team_info(state: State, arguments: Arguments) -> Json:
    identity = state.workspace.identity
    if arguments.text("team") not in (None, identity.team_id):
        raise Refusal("team_not_found")
    team: Json = {
        "id": identity.team_id,
        "name": identity.team_name,
        "domain": identity.domain,
        "email_domain": "contoso.example",
        "icon": {"image_default": True},
    }
    if identity.enterprise_id:
        names: Json = {"enterprise_id": identity.enterprise_id}
        team |= {**names, "enterprise_name": identity.enterprise_name}
    return {"team": team}


def _member_ids(state: State, channel: Channel) -> list[str]:
    bot = [state.workspace.identity.bot_user_id] if channel.bot else []
    return [*sorted(channel.members), *bot]


def group_json(state: State, group: UserGroup, with_users: bool) -> Json:
    body: Json = {
        "id": group.id,
        "team_id": state.workspace.identity.team_id,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.name,
        "is_external": False,
        "date_create": 1_700_000_000,
        "date_update": group.updated,
        "date_delete": 0 if group.enabled else group.updated,
        "user_count": len(group.members),
    }
    return {**body, "users": sorted(group.members)} if with_users else body


def _page(rows: Sequence[Row], arguments: Arguments) -> tuple[Sequence[Row], str]:
    """A page and the cursor to the next one; a cursor is where the next page starts."""
    cursor, limit = arguments.text("cursor") or "0", arguments.number("limit", PAGE_MOST)
    if not cursor.isdecimal() or int(cursor) > len(rows):
        raise Refusal("invalid_cursor")
    if not 0 <= limit <= PAGE_MOST:
        raise Refusal("invalid_limit")
    start = int(cursor)
    end = start + (limit or PAGE_MOST)
    return rows[start:end], str(end) if end < len(rows) else ""


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
