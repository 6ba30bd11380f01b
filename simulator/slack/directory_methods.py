"""The Web API methods about people, groups and the team, and `auth.test`.

Rules and shapes: docs.slack.dev/reference/methods, docs.slack.dev/reference/objects.
"""

from simulator.slack.arguments import Arguments
from simulator.slack.naming import Json
from simulator.slack.pages import page_of
from simulator.slack.people import Person, UserGroup
from simulator.slack.refusals import Refusal
from simulator.slack.scopes import EMAIL
from simulator.slack.state import State

EXTERNAL_TEAM = "T0ELSEWHERE"


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
        **_of_organisation(state, person),
    }


def _of_organisation(state: State, person: Person) -> Json:
    """In an organisation: `teams` are those of its workspaces that the person is in."""
    identity = state.workspace.identity
    if not identity.enterprise_id or person.external:
        return {}
    teams = [
        other.workspace.identity.team_id
        for other in state.app.states.values()
        if other.workspace.identity.enterprise_id == identity.enterprise_id
        and any(person.id == who.id for who in other.workspace.everyone())
    ]
    return {
        "enterprise_user": {
            "id": person.id,
            "enterprise_id": identity.enterprise_id,
            "enterprise_name": identity.enterprise_name,
            "is_admin": False,
            "is_owner": False,
            "teams": teams,
        }
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
    page, cursor = page_of(state.workspace.everyone(), arguments)
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
