"""What the Slack app has to be allowed: one row for each call it makes and each event it hears.

Sources: docs.slack.dev/reference/methods and docs.slack.dev/reference/events, one page each. A
test holds the rows against the calls in the code.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """`name` is a method of slack_sdk's client, an event, a field, or the command."""

    name: str
    scopes: tuple[str, ...]


_CHANNELS = ("channels:read", "groups:read")

CALLS = (
    Need("apps_connections_open", ()),  # by the app-level token, with connections:write
    Need("auth_test", ()),
    Need("chat_postEphemeral", ("chat:write",)),
    Need("chat_postMessage", ("chat:write",)),
    Need("chat_update", ("chat:write",)),
    Need("conversations_info", _CHANNELS),
    Need("conversations_members", _CHANNELS),
    Need("conversations_open", ("im:write",)),
    Need("files_upload_v2", ("files:write",)),  # a certificate's public half, a list of users
    Need("usergroups_list", ("usergroups:read",)),
    Need("usergroups_users_list", ("usergroups:read",)),
    Need("users_info", ("users:read",)),
    Need("views_open", ()),
    Need("views_publish", ()),
    Need("views_push", ()),
    Need("views_update", ()),
)
EVENTS = (
    Need("app_home_opened", ()),
    Need("user_change", ("users:read",)),
    Need("subteam_updated", ("usergroups:read",)),
    Need("subteam_members_changed", ("usergroups:read",)),
    Need("member_joined_channel", _CHANNELS),
    Need("member_left_channel", _CHANNELS),
    Need("channel_archive", ("channels:read",)),
    Need("channel_unarchive", ("channels:read",)),
    Need("channel_deleted", ("channels:read",)),
    Need("channel_shared", _CHANNELS),
    Need("channel_unshared", _CHANNELS),
    Need("group_archive", ("groups:read",)),
    Need("group_unarchive", ("groups:read",)),
    Need("group_deleted", ("groups:read",)),
    Need("channel_left", ("channels:read",)),
    Need("group_left", ("groups:read",)),
)
COMMAND = Need("/d365", ("commands",))
FIELDS = (Need("profile.email", ("users:read.email",)),)  # of users_info, for /d365 users me

SCOPES = tuple(
    sorted({scope for need in (*CALLS, *EVENTS, *FIELDS, COMMAND) for scope in need.scopes})
)
"""Of the bot's token."""
