"""Which workspace a call means: a token of an organisation counts in several.

Rules: docs.slack.dev/enterprise/developing-for-enterprise-orgs; `team_id` of each method's page.
"""

from simulator.slack.arguments import Arguments
from simulator.slack.refusals import Refusal, missing
from simulator.slack.state import App, State

NEEDS_TEAM = (
    "conversations.list",
    "usergroups.list",
    "usergroups.users.list",
    "users.conversations",
    "users.list",
)
CHANNEL_IDS = ("C", "D", "G")
"""A channel stands in one workspace; a person may be in several."""


def state_meant(app: App, method: str, arguments: Arguments) -> State:
    places = [app.states[name] for name in arguments.grant.places]
    team_id = arguments.text("team_id")
    if team_id is not None and len(places) > 1:
        places = [state for state in places if state.workspace.identity.team_id == team_id]
        if not places:
            raise Refusal("team_not_found")
    if arguments.grant.enterprise and team_id is None and method in NEEDS_TEAM:
        raise missing("team_id", "missing_argument")
    places = places or [app.first]
    return next((state for state in places if _knows(state, arguments)), places[0])


def _knows(state: State, arguments: Arguments) -> bool:
    """Whether what the call names by an id is in this workspace."""
    values = arguments.values
    channel, user = values.get("channel"), values.get("user") or values.get("user_id")
    if isinstance(channel, str) and channel.startswith(CHANNEL_IDS):
        return any(c.id == channel for c in state.workspace.channels.values())
    if values.get("trigger_id") is not None:
        return state.triggers.knows(str(values["trigger_id"]))
    if values.get("view_id") is not None:
        return state.desk.knows(str(values["view_id"]))
    named = user if isinstance(user, str) else channel
    return isinstance(named, str) and state.workspace.known(named) is not None
