"""The manifest of the Slack app: `app_manifest.yml` for Socket Mode, or one for an address."""

from typing import Any
from urllib.parse import urlsplit

import yaml

from bot.scopes import EVENTS, SCOPES
from connection.errors import Mistake
from handlers.commands import COMMANDS
from handlers.ids import COMMAND

PLACEHOLDER = "https://bot.example.com"


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


_HOME = {
    "home_tab_enabled": True,
    "messages_tab_enabled": True,
    "messages_tab_read_only_enabled": False,  # commands are typed there too
}


def manifest(public_url: str = "") -> str:
    """As YAML, for Slack's "create an app from a manifest". `public_url` leads to the bot; without
    one the app uses Socket Mode and has no address."""
    address = f"{public_url.rstrip('/')}/slack/events" if public_url else ""
    command: dict[str, Any] = {"command": COMMAND}
    interactivity: dict[str, Any] = {"is_enabled": True}
    events: dict[str, Any] = {}
    if address:
        command["url"] = address
        interactivity["request_url"] = address
        events["request_url"] = address
    content: dict[str, Any] = {
        "display_information": {
            "name": "D365 Connection",
            "description": "Administers the connection between Business Central and Dynamics 365 "
            "Sales",
            "background_color": "#0b556a",
        },
        "features": {
            "app_home": _HOME,
            "bot_user": {"display_name": "d365", "always_online": True},
            "slash_commands": [
                {
                    **command,
                    "description": "Set up, test and watch the connection to Dynamics 365 Sales",
                    "usage_hint": " | ".join(row.word for row in COMMANDS),
                    "should_escape": True,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "interactivity": interactivity,
            "event_subscriptions": {**events, "bot_events": [need.name for need in EVENTS]},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not address,
            "token_rotation_enabled": False,
        },
    }
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
