"""The facts of the simulated Slack, as the world shows them and as a merge patch changes them."""

from collections.abc import Mapping
from dataclasses import asdict, replace

from simulator.slack.changes import change_channel, change_person, change_usergroup
from simulator.slack.grants import Grant
from simulator.slack.limits import Limit
from simulator.slack.manifest import read_manifest
from simulator.slack.scopes import KNOWN
from simulator.slack.state import App, State


def shown(app: App) -> dict[str, object]:
    """The first workspace's facts stand beside the app's, those of the others under their keys."""
    others = [state for state in app.states.values() if state is not app.first]
    return {
        "events_url": app.events_url,
        "socket_mode": app.socket_mode,
        "sockets": {each.id: each.shown() for each in app.sockets.open},
        "ack_seconds": app.ack_seconds,
        "retry_delays": list(app.retry_delays),
        "clock_ahead": app.clock_ahead,
        "subscriptions": list(app.manifest.subscriptions),
        "counters": dict(app.counters),
        **_shown_place(app.first),
        "workspaces": {state.name: _shown_place(state) for state in others},
    }


def _shown_place(state: State) -> dict[str, object]:
    space, grant = state.workspace, state.app.grants.of(state.name)

    def names(ids: frozenset[str]) -> list[str]:
        return sorted(str(space.name_of(user_id)) for user_id in ids)

    return {
        "team_id": space.identity.team_id,
        "enterprise_id": space.identity.enterprise_id,
        "bot_user_id": space.identity.bot_user_id,
        "installed": grant is not None,
        "scopes": sorted(grant.scopes) if grant else [],
        "plan": state.plan,
        "home_tab": state.home_tab,
        "file_uploads": state.file_uploads,
        "newer_blocks": state.newer_blocks,
        "people": {name: asdict(person) for name, person in space.people.items()},
        "channels": {
            name: {**asdict(channel), "members": names(channel.members)}
            for name, channel in space.channels.items()
        },
        "usergroups": {
            name: {**asdict(group), "members": names(group.members)}
            for name, group in space.usergroups.items()
        },
        "limits": {method: asdict(limit) for method, limit in state.limits.table.items()},
    }


def changed(state: State, patch: Mapping[str, object]) -> None:
    """Raises ValueError for a fact that is not there or cannot be changed."""
    for key, value in patch.items():
        if key in SETTINGS and _is_of(SETTINGS[key][1], value):
            owner = state.app if SETTINGS[key][0] == "app" else state
            setattr(owner, key, _as(value))
        elif key in WORDS and isinstance(value, list):
            WORDS[key](state, tuple(map(str, value)))
        elif key == "manifest" and isinstance(value, dict):
            state.app.manifest = read_manifest(value)
            state.app.socket_mode = state.app.manifest.socket_mode
        elif key in PARTS and isinstance(value, dict):
            for name, part in value.items():
                PARTS[key](state, name, part)
        else:
            raise ValueError(f"the simulated Slack has no changeable fact {key!r} of this kind")
    state.app.news.note()


PLANS = ("free", "paid")
# fact -> whose it is, and of which kind
SETTINGS: dict[str, tuple[str, object]] = {
    "events_url": ("app", str),
    "socket_mode": ("app", bool),
    "ack_seconds": ("app", float),
    "retry_delays": ("app", list),
    "clock_ahead": ("app", float),
    "plan": ("workspace", PLANS),
    "home_tab": ("workspace", bool),
    "file_uploads": ("workspace", bool),
    "newer_blocks": ("workspace", bool),
}


def _is_of(kind: object, value: object) -> bool:
    if isinstance(kind, tuple):
        return value in kind
    if kind is list:
        return isinstance(value, list) and all(_is_of(float, each) for each in value)
    if kind is float:
        return (
            isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LONGEST
        )
    return isinstance(kind, type) and isinstance(value, kind)


LONGEST = 10 * 365 * 86_400


def _as(value: object) -> object:
    return tuple(map(float, value)) if isinstance(value, list) else value


def _subscriptions(state: State, words: tuple[str, ...]) -> None:
    state.app.manifest = replace(state.app.manifest, subscriptions=words)


def _scopes(state: State, words: tuple[str, ...]) -> None:
    grant: Grant | None = state.app.grants.of(state.name)
    if grant is None:
        raise ValueError(f"the app is not installed in {state.name}")
    if not set(words) <= KNOWN:
        raise ValueError(f"there is no scope {min(set(words) - KNOWN)!r} here")
    grant.scopes = frozenset(words)


WORDS = {"subscriptions": _subscriptions, "scopes": _scopes}


def _limit(state: State, method: str, part: object) -> None:
    """`null` lifts the limit; else `calls`, and where given `seconds` and `per_channel`."""
    known = state.limits.table.get(method, Limit(1))
    if part is not None and not (isinstance(part, dict) and set(part) <= set(asdict(known))):
        raise ValueError(f"a limit is {', '.join(asdict(known))}, or null")
    limit = replace(known, **part) if isinstance(part, dict) else None
    if limit is not None and not _is_limit(limit):
        raise ValueError("a limit is a number of calls from 1, in seconds above 0")
    state.limits.change(method, limit)


def _is_limit(limit: Limit) -> bool:
    whole = type(limit.calls) is int and 1 <= limit.calls <= LONGEST
    timed = _is_of(float, limit.seconds) and limit.seconds > 0
    return whole and timed and isinstance(limit.per_channel, bool)


def _workspace(state: State, name: str, part: object) -> None:
    other = state.app.states.get(name)
    if other is None or not isinstance(part, dict):
        raise ValueError(f"there is no workspace {name!r}")
    changed(other, part)


PARTS = {
    "people": change_person,
    "channels": change_channel,
    "usergroups": change_usergroup,
    "limits": _limit,
    "workspaces": _workspace,
}
