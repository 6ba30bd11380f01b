"""Who can hold a role: members, enabled user groups, and private channels of this organisation."""

from connection.directory import Standing
from connection.errors import Mistake
from connection.knowing import know_channel_anew, know_circle, know_profile
from connection.people import Circle, Grant, Person
from connection.ports import Ports


async def check_holder(ports: Ports, grant: Grant) -> str:
    """The handle or name of a group or channel, '' of a person; read from Slack now.

    Raises `Mistake` for those who cannot hold a role, and `DirectoryAway`.
    """
    if isinstance(grant.holder, Person):
        await _check_person(ports, grant.workspace, grant.holder)
        return ""
    if grant.holder.is_group:
        return await _check_group(ports, grant.workspace, grant.holder)
    return await _check_channel(ports, grant.workspace, grant.holder)


async def _check_person(ports: Ports, workspace: str, person: Person) -> None:
    profile = await know_profile(ports, workspace, person.user)
    if profile.standing is not Standing.MEMBER:
        raise Mistake(
            f"{_WORDS[profile.standing]} cannot hold a role. Nothing was changed.",
            "Name a member of this workspace.",
        )


_WORDS = {
    Standing.GUEST: "A guest",
    Standing.BOT: "A bot",
    Standing.DEACTIVATED: "A deactivated account",
    Standing.EXTERNAL: "Somebody of another organisation",
    Standing.NOBODY: "Somebody whom Slack does not know here",
}


async def _check_group(ports: Ports, workspace: str, group: Circle) -> str:
    roster = await know_circle(ports, workspace, group)
    if not roster.usable:
        raise Mistake(
            "Slack knows no such user group here, or it is disabled. Nothing was changed.",
            "User groups need a paid plan of Slack; name people or a private channel instead.",
        )
    return roster.name


async def _check_channel(ports: Ports, workspace: str, circle: Circle) -> str:
    channel = await know_channel_anew(ports, workspace, circle.id)
    if channel is None or not channel.present:
        why, hint = "I am not in that channel", "Invite me there with /invite, then try again."
    elif not channel.private:
        why, hint = (
            "That channel is public: everybody could join it",
            "Roles are given to private channels, groups and people.",
        )
    elif channel.shared:
        why, hint = "That channel is shared with another organisation", "Name another one."
    elif channel.archived:
        why, hint = "That channel is archived", "Name another one."
    else:
        await know_circle(ports, workspace, circle)
        return channel.name
    raise Mistake(f"{why}. Nothing was changed.", hint)
