"""What the app's manifest says, as far as the simulated Slack heeds it.

Rules: docs.slack.dev/reference/app-manifest.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.slack.scopes import KNOWN

FIRST_SUBSCRIPTIONS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "message.im",
    "tokens_revoked",
)


@dataclass(frozen=True)
class Manifest:
    """Without scopes or redirect URLs, none are held against it."""

    scopes: tuple[str, ...] = ()
    redirect_urls: tuple[str, ...] = ()
    subscriptions: tuple[str, ...] = FIRST_SUBSCRIPTIONS
    socket_mode: bool = False
    token_rotation: bool = False
    org_deploy: bool = False


def read_manifest(source: Mapping[str, object]) -> Manifest:
    """Raises ValueError for a scope that nobody can ask for, or a part of the wrong kind."""
    oauth, settings = _part(source, "oauth_config"), _part(source, "settings")
    scopes = _words(_part(oauth, "scopes"), "bot")
    if not set(scopes) <= KNOWN:
        raise ValueError(f"the simulated Slack knows no scope {min(set(scopes) - KNOWN)!r}")
    return Manifest(
        scopes,
        _words(oauth, "redirect_urls"),
        _subscriptions(settings),
        settings.get("socket_mode_enabled") is True,
        settings.get("token_rotation_enabled") is True,
        settings.get("org_deploy_enabled") is True,
    )


def _subscriptions(settings: Mapping[str, object]) -> tuple[str, ...]:
    """A manifest that is silent about events leaves the usual ones."""
    if "event_subscriptions" not in settings:
        return FIRST_SUBSCRIPTIONS
    return _words(_part(settings, "event_subscriptions"), "bot_events")


def _part(source: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = source.get(name, {})
    if isinstance(part, dict):
        return part
    raise ValueError(f"{name} of a manifest is an object")


def _words(source: Mapping[str, object], name: str) -> tuple[str, ...]:
    words = source.get(name, [])
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ValueError(f"{name} of a manifest is a list of words")
    return tuple(words)
