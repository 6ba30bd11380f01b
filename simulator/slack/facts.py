"""The facts of the simulated Slack, as the world shows them and as a merge patch changes them."""

from collections.abc import Mapping
from dataclasses import asdict, replace

from simulator.slack.limits import Limit
from simulator.slack.people import Person
from simulator.slack.state import State

FLAGS = ("guest", "bot", "deactivated", "external")


def shown(state: State) -> dict[str, object]:
    space, app = state.workspace, state.app

    def names(ids: frozenset[str]) -> list[str]:
        return sorted(str(space.name_of(user_id)) for user_id in ids)

    return {
        "team_id": space.identity.team_id,
        "bot_user_id": space.identity.bot_user_id,
        "events_url": app.events_url,
        "socket_mode": app.socket_mode,
        "sockets": {each.id: each.shown() for each in app.sockets.open},
        "ack_seconds": app.ack_seconds,
        "home_tab": state.home_tab,
        "file_uploads": state.file_uploads,
        "retry_delays": list(app.retry_delays),
        "people": {name: asdict(person) for name, person in space.people.items()},
        "channels": {
            name: {"id": c.id, "kind": c.kind, "bot": c.bot, "members": names(c.members)}
            for name, c in space.channels.items()
        },
        "usergroups": {
            name: {"id": group.id, "members": names(group.members)}
            for name, group in space.usergroups.items()
        },
        "limits": {method: asdict(limit) for method, limit in state.limits.table.items()},
        "counters": dict(app.counters),
    }


def changed(state: State, patch: Mapping[str, object]) -> None:
    """Raises ValueError for a fact that is not there or cannot be changed."""
    for key, value in patch.items():
        if key in SETTINGS and _is_of(SETTINGS[key][1], value):
            owner = state.app if SETTINGS[key][0] == "app" else state
            setattr(owner, key, _as(value))
        elif key in PARTS and isinstance(value, dict):
            for name, part in value.items():
                PARTS[key](state, name, part)
        else:
            raise ValueError(f"the simulated Slack has no changeable fact {key!r} of this kind")
    if not state.app.socket_mode:
        state.app.sockets.disable()
    state.app.news.note()


# fact -> whose it is, and of which kind
SETTINGS: dict[str, tuple[str, type]] = {
    "events_url": ("app", str),
    "socket_mode": ("app", bool),
    "ack_seconds": ("app", float),
    "retry_delays": ("app", list),
    "home_tab": ("workspace", bool),
    "file_uploads": ("workspace", bool),
}


def _is_of(kind: type, value: object) -> bool:
    if kind is list:
        return isinstance(value, list) and all(_is_of(float, each) for each in value)
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    return isinstance(value, kind)


def _as(value: object) -> object:
    return tuple(map(float, value)) if isinstance(value, list) else value


def _person(state: State, name: str, part: object) -> None:
    person, flags = state.workspace.people.get(name), _flags(part, FLAGS)
    if person is None:
        raise ValueError(f"nobody is called {name!r}")
    kept = {flag: flags.get(flag, getattr(person, flag)) for flag in FLAGS}
    state.workspace.people[name] = Person(person.id, name, person.real_name, **kept)


def _channel(state: State, name: str, part: object) -> None:
    channel = state.workspace.channels.get(name)
    if channel is None:
        raise ValueError(f"there is no channel {name!r}")
    rest = dict(part) if isinstance(part, dict) else {}
    members = _members(state, rest.pop("members", None), channel.members)
    bot = _flags(rest, ("bot",)).get("bot", channel.bot)
    state.workspace.channels[name] = replace(channel, members=members, bot=bot)


def _usergroup(state: State, name: str, part: object) -> None:
    group = state.workspace.usergroups.get(name)
    if group is None or not isinstance(part, dict):
        raise ValueError(f"there is no user group {name!r}")
    members = _members(state, part.get("members"), group.members)
    state.workspace.usergroups[name] = replace(group, members=members)


def _limit(state: State, method: str, part: object) -> None:
    """`null` lifts the limit; else `calls`, and where given `seconds` and `per_channel`."""
    known = state.limits.table.get(method, Limit(1))
    if part is not None and not (isinstance(part, dict) and set(part) <= set(asdict(known))):
        raise ValueError(f"a limit is {', '.join(asdict(known))}, or null")
    limit = replace(known, **part) if isinstance(part, dict) else None
    state.limits.change(method, limit)


PARTS = {
    "people": _person,
    "channels": _channel,
    "usergroups": _usergroup,
    "limits": _limit,
}


def _flags(part: object, known: tuple[str, ...]) -> dict[str, bool]:
    if not isinstance(part, dict) or not set(part) <= set(known):
        raise ValueError(f"only {', '.join(known)} can be changed here")
    return {name: bool(value) for name, value in part.items()}


def _members(state: State, names: object, now: frozenset[str]) -> frozenset[str]:
    if not isinstance(names, list):
        return now
    found = [state.workspace.known(str(name)) for name in names]
    if None in found:
        raise ValueError(f"not all of {names} are people here")
    return frozenset(person.id for person in found if person is not None)
