"""What Slack's flags of people and channels mean.

Rules: docs.slack.dev/reference/objects/user-object and .../conversation-object.
"""

from collections.abc import Mapping
from typing import Any

from connection.directory import Standing

_BOTS = frozenset(["USLACKBOT"])
"""Slack's own bot has no flag."""


def standing_of(user: Mapping[str, Any], workspace: str, enterprise: str) -> Standing:
    """From Slack's flags of a user. Whoever is of another organisation is external, whatever
    else they are; `enterprise` is the workspace's own, or ''."""
    if _is_external(user, workspace, enterprise):
        return Standing.EXTERNAL
    if user.get("deleted"):
        return Standing.DEACTIVATED
    if user.get("is_bot") or user.get("is_workflow_bot") or user.get("id") in _BOTS:
        return Standing.BOT
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Standing.GUEST
    return Standing.GUEST if user.get("is_invited_user") else Standing.MEMBER


def _is_external(user: Mapping[str, Any], workspace: str, enterprise: str) -> bool:
    if user.get("is_stranger"):
        return True
    told = user.get("enterprise_user")
    of_enterprise: Mapping[str, Any] = told if isinstance(told, Mapping) else {}
    theirs = str(of_enterprise.get("enterprise_id") or "")
    if enterprise and theirs:
        return enterprise != theirs
    teams = of_enterprise.get("teams")
    homes = {str(user.get("team_id") or ""), *(teams if isinstance(teams, list) else ())}
    return not homes & {workspace, enterprise or workspace}


def is_shared(channel: Mapping[str, Any]) -> bool:
    """With another organisation, or offered to one. Slack may leave out a flag that is not set."""
    return any(
        channel.get(flag)
        for flag in (
            "is_ext_shared",
            "is_pending_ext_shared",
            "pending_shared",
            "pending_connected_team_ids",
        )
    )


def is_elsewhere(channel: Mapping[str, Any], workspace: str) -> bool:
    """Whether it stands in other workspaces only, as a token of a whole organisation may see."""
    told = [channel.get("context_team_id")]
    for name in ("shared_team_ids", "internal_team_ids"):
        several = channel.get(name)
        told += several if isinstance(several, list) else []
    homes = {home for home in told if isinstance(home, str) and home}
    return bool(homes) and workspace not in homes and not any(home[0] == "E" for home in homes)
