"""Which scope each method needs, and the refusal when a token lacks it.

Rules: docs.slack.dev/reference/methods (one page a method), docs.slack.dev/reference/scopes.
"""

from collections.abc import Iterable

from simulator.slack.refusals import Refusal

READ = ("channels:read", "groups:read", "im:read", "mpim:read")
OPEN = ("channels:manage", "groups:write", "im:write", "mpim:write")

APP_LEVEL_SCOPE = "connections:write"

# method -> the scopes of which a token needs one; without any, every token will do
SCOPES: dict[str, tuple[str, ...]] = {
    "apps.connections.open": (APP_LEVEL_SCOPE,),
    "apps.uninstall": (),
    "auth.revoke": (),
    "auth.test": (),
    "blocks.validate": (),
    "bots.info": ("users:read",),
    "chat.delete": ("chat:write",),
    "chat.getPermalink": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.info": READ,
    "conversations.list": READ,
    "conversations.members": READ,
    "conversations.open": OPEN,
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "oauth.v2.access": (),
    "team.info": ("team:read",),
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.list": ("usergroups:read",),
    "users.conversations": READ,
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "users.lookupByEmail": ("users:read.email",),
    "views.open": (),
    "views.publish": (),
    "views.push": (),
    "views.update": (),
}
# kind of a conversation -> what reading it, and opening it, needs
READ_KIND = {
    "public": "channels:read",
    "private": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}
OPEN_KIND = {"im": "im:write", "mpim": "mpim:write"}
PUBLIC_POSTING = "chat:write.public"
EMAIL = "users:read.email"
# what no method here needs, but an app may ask for
OTHERS = (
    "app_mentions:read",
    "channels:history",
    "channels:join",
    PUBLIC_POSTING,
    "chat:write.customize",
    "commands",
    "files:read",
    "groups:history",
    "im:history",
    "incoming-webhook",
    "links:read",
    "links:write",
    "mpim:history",
    "pins:read",
    "pins:write",
    "reactions:read",
    "reactions:write",
    "usergroups:write",
    "users.profile:read",
    "users:write",
)
KNOWN = frozenset(scope for needed in SCOPES.values() for scope in needed) | frozenset(OTHERS)
# what the app that is installed from the beginning may do: all but post where it is not
FIRST = KNOWN - {PUBLIC_POSTING, APP_LEVEL_SCOPE}


def refuse_without(method: str, provided: Iterable[str]) -> None:
    needed = SCOPES[method]
    if needed and not set(needed) & set(provided):
        raise missing_scope(needed, provided)


def missing_scope(needed: Iterable[str], provided: Iterable[str]) -> Refusal:
    refusal = Refusal("missing_scope")
    refusal.more = {"needed": ",".join(needed), "provided": ",".join(sorted(provided))}
    return refusal
