"""The manifest of the Slack app: what `app_manifest.yml` holds, with the address filled in."""

from typing import Any
from urllib.parse import urlsplit

import yaml

from connection.errors import Mistake
from handlers.ids import COMMAND

PLACEHOLDER = "https://bot.example.com"
SCOPES = ("chat:write", "commands", "files:write", "im:write")
"""chat:write posts and edits, commands receives /d365, files:write sends the public half of a
certificate, im:write opens a direct message."""


def public_address(url: str) -> str:
    """Where Slack reaches the bot, without a path. Raises `Mistake`."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise _no_address() from None
    host = parts.hostname or ""
    path = parts.path.rstrip("/").removesuffix("/slack/events")
    if parts.scheme != "https" or not host or "@" in parts.netloc or port == 0:
        raise _no_address()
    if path or parts.query or parts.fragment:
        raise Mistake(
            "The address may not have a path: Slack calls /slack/events on it.",
            f"Write it such as {PLACEHOLDER}.",
        )
    return f"https://{parts.netloc}"


def _no_address() -> Mistake:
    return Mistake(
        "This is not an address that Slack can call: it has to be https, with a host.",
        f"Write it such as {PLACEHOLDER}.",
    )


def manifest(public_url: str = PLACEHOLDER) -> str:
    """As YAML, for Slack's "create an app from a manifest". `public_url` leads to the bot."""
    events = f"{public_url.rstrip('/')}/slack/events"
    content: dict[str, Any] = {
        "display_information": {
            "name": "D365 Connection",
            "description": "Administers the connection between Business Central and Dynamics 365 "
            "Sales",
            "background_color": "#0b556a",
        },
        "features": {
            "bot_user": {"display_name": "d365", "always_online": True},
            "slash_commands": [
                {
                    "command": COMMAND,
                    "url": events,
                    "description": "Set up, test and watch the connection to Dynamics 365 Sales",
                    "usage_hint": "help | setup | secret | test | status | list | sign-in | audit",
                    "should_escape": True,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "interactivity": {"is_enabled": True, "request_url": events},
            "org_deploy_enabled": False,
            "socket_mode_enabled": False,
            "token_rotation_enabled": False,
        },
    }
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
