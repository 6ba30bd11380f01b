"""People, channels and user groups change: the facts, and the events that tell the app.

Shapes: docs.slack.dev/reference/events (user_change, team_join, member_joined_channel,
member_left_channel, channel_archive, channel_unarchive, channel_shared, channel_unshared,
subteam_members_changed, subteam_updated).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from simulator.slack.directory_methods import EXTERNAL_TEAM, group_json, user_json
from simulator.slack.naming import Json
from simulator.slack.people import Channel, Person, UserGroup
from simulator.slack.state import State

FLAGS = ("guest", "single_channel", "bot", "deactivated", "external")
CHANGEABLE = ("members", "bot", "archived", "posting", "shared", "teams", "pending", "kind")
KINDS = ("public", "private")
POSTING = ("everyone", "nobody", "read_only", "thread_only", "no_threads")
SHARED = ("", "external", "organisation")


def change_person(state: State, name: str, part: object) -> None:
    """Flags, of somebody who is there; an unknown name joins, with a `real_name`."""
    known = state.workspace.people.get(name)
    given = _object(part, (*FLAGS, "real_name"))
    if known is None and not isinstance(given.get("real_name"), str):
        raise ValueError(f"nobody is called {name!r}, and who joins needs a real_name")
    before = known or Person(state.fresh_id("U"), name, str(given["real_name"]))
    flags: dict[str, Any] = {flag: bool(given[flag]) for flag in FLAGS if flag in given}
    after = replace(before, **flags, real_name=str(given.get("real_name", before.real_name)))
    state.workspace.people[name] = after
    if after != known:
        kind = "user_change" if known else "team_join"
        state.app.announce(state, {"type": kind, "user": user_json(state, after)})


def change_channel(state: State, name: str, part: object) -> None:
    """Of a channel that is there; an unknown name is made, public unless `kind` says private."""
    given = _object(part, CHANGEABLE)
    known = state.workspace.channels.get(name)
    if known is None:
        if given.get("kind") not in KINDS:
            raise ValueError(f"there is no channel {name!r}, and a new one needs its kind")
        channel_id, kind = state.fresh_id("C"), str(given["kind"])
        known = Channel(channel_id, name, kind, frozenset(), bot=False)
    elif "kind" in given:
        raise ValueError("a channel stays of its kind")
    after = replace(
        known,
        members=_members(state, given.get("members"), known.members),
        bot=bool(given.get("bot", known.bot)),
        archived=bool(given.get("archived", known.archived)),
        posting=_one_of(POSTING, given.get("posting", known.posting)),
        shared=_one_of(SHARED, given.get("shared", known.shared)),
        teams=_words(given.get("teams"), known.teams),
        pending=bool(given.get("pending", known.pending)),
    )
    state.workspace.channels[name] = after
    _tell_channel(state, known, after)


def _tell_channel(state: State, before: Channel, after: Channel) -> None:
    """Only to an app that is in the channel, or was."""
    bot = state.workspace.identity.bot_user_id
    moves = [
        *(("member_joined_channel", who) for who in sorted(after.members - before.members)),
        *(("member_left_channel", who) for who in sorted(before.members - after.members)),
    ]
    if before.bot != after.bot:
        moves.append(("member_joined_channel" if after.bot else "member_left_channel", bot))
    for kind, who in moves if before.bot or after.bot else ():
        event = {"type": kind, "user": who, "channel": after.id, "channel_type": after.id[0]}
        state.app.announce(state, {**event, "team": state.workspace.identity.team_id})
    if before.archived != after.archived and (after.kind == "public" or after.bot):
        kind = "channel_archive" if after.archived else "channel_unarchive"
        state.app.announce(state, {"type": kind, "channel": after.id, "user": ""})
    if "external" in (before.shared, after.shared) and (after.kind == "public" or after.bot):
        _tell_sharing(state, before, after)


def _tell_sharing(state: State, before: Channel, after: Channel) -> None:
    """One event for each organisation that came or went; an invitation alone is told to nobody
    who did not ask for it by a scope of its own."""
    was, now = _outside(before), _outside(after)
    for team in sorted(now - was):
        event: Json = {"type": "channel_shared", "connected_team_id": team, "channel": after.id}
        state.app.announce(state, event)
    for team in sorted(was - now):
        gone: Json = {"type": "channel_unshared", "channel": after.id}
        told = {"previously_connected_team_id": team, "is_ext_shared": bool(now)}
        state.app.announce(state, {**gone, **told})


def _outside(channel: Channel) -> set[str]:
    teams = channel.teams or (EXTERNAL_TEAM,)
    return set(teams) if channel.shared == "external" else set()


def change_usergroup(state: State, name: str, part: object) -> None:
    given = _object(part, ("members", "enabled"))
    known = state.workspace.usergroups.get(name)
    if known is None:
        raise ValueError(f"there is no user group {name!r}")
    members = _members(state, given.get("members"), known.members)
    now = state.app.clock()
    after = replace(
        known, members=members, enabled=bool(given.get("enabled", known.enabled)), updated=int(now)
    )
    state.workspace.usergroups[name] = after
    _tell_usergroup(state, known, after)


def _tell_usergroup(state: State, before: UserGroup, after: UserGroup) -> None:
    joined, left = after.members - before.members, before.members - after.members
    if joined or left:
        state.app.announce(
            state,
            {
                "type": "subteam_members_changed",
                "subteam_id": after.id,
                "team_id": state.workspace.identity.team_id,
                "date_previous_update": before.updated,
                "date_update": after.updated,
                "added_users": sorted(joined),
                "added_users_count": len(joined),
                "removed_users": sorted(left),
                "removed_users_count": len(left),
            },
        )
    if joined or left or before.enabled != after.enabled:
        group = group_json(state, after, with_users=True)
        state.app.announce(state, {"type": "subteam_updated", "subteam": group})


def _object(part: object, known: tuple[str, ...]) -> Mapping[str, object]:
    if not isinstance(part, dict) or not set(part) <= set(known):
        raise ValueError(f"only {', '.join(known)} can be changed here")
    return part


def _one_of(words: tuple[str, ...], word: object) -> str:
    if word not in words:
        raise ValueError(f"{word!r} is none of {', '.join(map(repr, words))}")
    return str(word)


def _words(given: object, now: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(str, given)) if isinstance(given, list) else now


def _members(state: State, names: object, now: frozenset[str]) -> frozenset[str]:
    if not isinstance(names, list):
        return now
    found = [state.workspace.known(str(name)) for name in names]
    if None in found:
        raise ValueError(f"not all of {names} are people here")
    return frozenset(person.id for person in found if person is not None)
