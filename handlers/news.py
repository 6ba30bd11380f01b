"""Which people, groups and channels an event of Slack is about.

Shapes: docs.slack.dev/reference/events, one page an event.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from connection.people import Person

_WHERE: Mapping[str, Sequence[str]] = {
    "user_change": ("user",),
    "subteam_updated": ("subteam",),
    "subteam_members_changed": ("subteam_id",),
    "member_joined_channel": ("channel",),
    "member_left_channel": ("channel",),
    "channel_archive": ("channel",),
    "channel_unarchive": ("channel",),
    "channel_deleted": ("channel",),
    "channel_shared": ("channel",),
    "channel_unshared": ("channel",),
    "group_archive": ("channel",),
    "group_unarchive": ("channel",),
    "group_deleted": ("channel",),
    "channel_left": ("channel",),
    "group_left": ("channel",),
}
HOME_OPENED = "app_home_opened"
"""Comes for the tab of messages too: docs.slack.dev/reference/events/app_home_opened."""

_OF_MEMBERS = frozenset({"member_joined_channel", "member_left_channel"})
EVENTS = (HOME_OPENED, *_WHERE)
"""What the app subscribes to."""


MOST_ID = 40


def changed_in(body: Mapping[str, Any]) -> tuple[list[str], bool]:
    """The ids that changed, none for an event that nothing depends on; and whether only who is
    in them did. Ids are the same in every workspace, so it does not matter where it happened."""
    event = body.get("event")
    if not isinstance(event, Mapping):
        return [], False
    kind = str(event.get("type"))
    changed = [_id(event.get(name)) for name in _WHERE.get(kind, ())]
    return [name for name in changed if name], kind in _OF_MEMBERS


def home_opened_by(body: Mapping[str, Any]) -> tuple[str, Person] | None:
    """The workspace and the person who looks at their Home; None for any other event.

    On Enterprise Grid the person is known by the organisation, which the authorisation names.
    """
    event = body.get("event")
    if not isinstance(event, Mapping) or event.get("type") != HOME_OPENED:
        return None
    user, workspace = _id(event.get("user")), _id(body.get("team_id"))
    if event.get("tab") != "home" or not user or not workspace:
        return None
    installed: Mapping[str, Any] = next(iter(body.get("authorizations") or ()), {})
    enterprise = _id(body.get("enterprise_id")) or _id(installed.get("enterprise_id"))
    return workspace, Person(enterprise or workspace, user)


def _id(value: object) -> str:
    """An id, or an object with one."""
    if isinstance(value, Mapping):
        value = value.get("id")
    return value if isinstance(value, str) and len(value) <= MOST_ID else ""
