"""The bodies of the requests Slack sends: commands, interactions, events.

Shapes: docs.slack.dev/interactivity/implementing-slash-commands and
docs.slack.dev/reference/interaction-payloads.
"""

import json
import re
from urllib.parse import urlencode

from simulator.slack.directory_methods import team_of
from simulator.slack.naming import Json
from simulator.slack.people import Channel, Person
from simulator.slack.state import State

CHANNEL_NAMES = {"private": "privategroup", "im": "directmessage", "mpim": "mpdm"}


def escaped(state: State, text: str) -> str:
    """`should_escape`: names of people, user groups and channels become ids.

    How a group is written: docs.slack.dev/messaging/formatting-message-text.
    """

    def person(match: re.Match[str]) -> str:
        who = state.workspace.people.get(match[1])
        if who:
            return f"<@{who.id}|{who.name}>"
        group = state.workspace.usergroups.get(match[1])
        return f"<!subteam^{group.id}|@{group.name}>" if group and group.enabled else match[0]

    def channel(match: re.Match[str]) -> str:
        where = state.workspace.channels.get(match[1])
        return f"<#{where.id}|{where.name}>" if where else match[0]

    text = re.sub(r"(?<![\w<|])@([\w.-]*\w)", person, text)
    return re.sub(r"(?<![\w<|&])#([\w.-]*\w)", channel, text)


def command_form(
    state: State, person: Person, channel: Channel, typed: str, trigger_id: str, response_url: str
) -> bytes:
    identity = state.workspace.identity
    command, _, text = typed.strip().partition(" ")
    form = {
        "token": identity.verification_token,
        "team_id": identity.team_id,
        "team_domain": identity.domain,
        "channel_id": channel.id,
        "channel_name": CHANNEL_NAMES.get(channel.kind, channel.name),
        "user_id": person.id,
        "user_name": person.name,
        "command": command,
        "text": escaped(state, text.strip()),
        "api_app_id": identity.app_id,
        "is_enterprise_install": str(in_organisation(state)).lower(),
        "response_url": response_url,
        "trigger_id": trigger_id,
    }
    if identity.enterprise_id:
        form["enterprise_id"] = identity.enterprise_id
        form["enterprise_name"] = identity.enterprise_name or ""
    return urlencode(form).encode()


def interaction_form(payload: Json) -> bytes:
    return urlencode({"payload": json.dumps(payload)}).encode()


def interaction(state: State, kind: str, person: Person, more: Json) -> Json:
    identity = state.workspace.identity
    enterprise = {"id": identity.enterprise_id, "name": identity.enterprise_name}
    return {
        "type": kind,
        "team": {"id": identity.team_id, "domain": identity.domain, **_enterprise(state)},
        "user": {
            "id": person.id,
            "username": person.name,
            "name": person.name,
            "team_id": team_of(state, person),
        },
        "api_app_id": identity.app_id,
        "token": identity.verification_token,
        "enterprise": enterprise if identity.enterprise_id else None,
        "is_enterprise_install": in_organisation(state),
        **more,
    }


def event_body(state: State, event: Json, *, whole: bool | None = None) -> bytes:
    """`whole` says that the app is, or was, installed in the whole organisation."""
    whole = in_organisation(state) if whole is None else whole
    identity = state.workspace.identity
    authorization = {
        "enterprise_id": identity.enterprise_id,
        "team_id": None if whole else identity.team_id,
        "user_id": identity.bot_user_id,
        "is_bot": True,
        "is_enterprise_install": whole,
    }
    envelope = {
        "token": identity.verification_token,
        "team_id": identity.team_id,
        "api_app_id": identity.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": state.fresh_id("Ev"),
        "event_time": int(state.app.clock()),
        "authorizations": [authorization],
        "is_ext_shared_channel": _is_shared(state, event.get("channel")),
        **({"enterprise_id": identity.enterprise_id} if identity.enterprise_id else {}),
    }
    return json.dumps(envelope).encode()


def in_organisation(state: State) -> bool:
    """Whether the app came here with its whole organisation."""
    grant = state.app.grants.of(state.name)
    return grant is not None and grant.enterprise


def _enterprise(state: State) -> Json:
    identity = state.workspace.identity
    names: Json = {"enterprise_id": identity.enterprise_id}
    return {**names, "enterprise_name": identity.enterprise_name} if identity.enterprise_id else {}


def _is_shared(state: State, channel: object) -> bool:
    found = state.workspace.channel(channel) if isinstance(channel, str) else None
    return found is not None and found.shared == "external"
