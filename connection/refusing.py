"""The sentences for people who may not."""

from connection.connection import Connection
from connection.directory import Standing
from connection.errors import NotAllowed
from connection.people import Role

_WHO = {
    Standing.GUEST: ("guests", "Ask a member of this workspace to do it."),
    Standing.BOT: ("bots", "A person has to do it."),
    Standing.DEACTIVATED: ("deactivated accounts", "Ask an admin of this workspace."),
    Standing.EXTERNAL: (
        "people from other organisations",
        "Ask a member of the workspace that this bot belongs to.",
    ),
    Standing.NOBODY: ("people whom Slack does not know here", "Ask an admin of this workspace."),
}


def lacks(
    act: str, role: Role, connection: Connection | None, *, elsewhere: bool = False
) -> NotAllowed:
    """A member without the role; with `elsewhere` it is held on some connection only."""
    on = f" on {connection.name}" if connection else " on all connections" if elsewhere else ""
    named = f" {connection.name}" if connection else ""
    give = f"an admin to give you the role with /d365 access add @you {role}{named}."
    hints = {Role.VIEWER: f"Ask {give}", Role.ADMIN: "Ask an admin to do it."}
    return NotAllowed(
        f"Sorry, {act} needs the role {role}{on}, which you do not have. Nothing was changed.",
        hints.get(role, f"Ask an {role} to do it, or {give}"),
    )


def not_a_member(standing: Standing) -> NotAllowed:
    """Whatever roles they were given."""
    who, hint = _WHO[standing]
    return NotAllowed(f"Sorry, {who} cannot use this bot. Nothing was changed.", hint)


def unknown_person() -> NotAllowed:
    """Slack has not told who they are."""
    return NotAllowed(
        "Slack has not told me who you are. Nothing was changed.", "Try again in a moment."
    )
