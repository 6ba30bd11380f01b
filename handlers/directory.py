"""The port `Directory`: who is who, asked of Slack's Web API.

Rules: docs.slack.dev/reference/methods, one page a method; the flags of a user on
docs.slack.dev/reference/objects/user-object, of a channel on .../conversation-object.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from connection.directory import Channel, Profile, Roster, Standing
from connection.errors import DirectoryAway
from connection.ports import Clock
from handlers.refusals import pause_after, word_of
from handlers.sharing import Sharing
from handlers.standing import is_elsewhere, is_shared, standing_of

T = TypeVar("T")

CALL_SECONDS = 10.0
PAGE = 200
MOST_PAGES = 500

_NOBODY = frozenset("user_not_found user_not_visible users_not_found".split())
_UNSEEN = frozenset("channel_not_found not_in_channel missing_scope_for_channel".split())
_NO_GROUP = frozenset("no_such_subteam subteam_not_found plan_upgrade_required".split())


class SlackDirectory:
    """Calls for the same thing at the same time are one call. While Slack wants no calls of a
    method, none is sent."""

    def __init__(
        self,
        client: AsyncWebClient,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._clock = clock
        self._monotonic = monotonic
        self._shut_until: dict[str, float] = {}
        self._sharing = Sharing()
        self._enterprises: dict[str, str] = {}

    async def profile(self, workspace: str, user: str) -> Profile:
        """See `connection.directory.Directory`."""
        return await self._sharing.once(
            ("profile", workspace, user), lambda: self._profile(workspace, user)
        )

    async def email(self, workspace: str, user: str) -> str:
        """See `connection.directory.Directory`."""
        return await self._sharing.once(("email", workspace, user), lambda: self._email(user))

    async def group(self, workspace: str, group: str) -> Roster:
        """See `connection.directory.Directory`."""
        return await self._sharing.once(
            ("group", workspace, group), lambda: self._group(workspace, group)
        )

    async def channel(self, workspace: str, channel: str) -> Channel | None:
        """See `connection.directory.Directory`."""
        return await self._sharing.once(
            ("channel", workspace, channel), lambda: self._channel(workspace, channel)
        )

    async def channel_members(self, channel: Channel) -> Roster:
        """See `connection.directory.Directory`."""
        return await self._sharing.once(
            ("members", channel.workspace, channel.id), lambda: self._members(channel)
        )

    async def stop(self) -> None:
        """Ask nothing any more."""
        await self._sharing.stop()

    async def _profile(self, workspace: str, user: str) -> Profile:
        asked_at = self._clock.now()
        own = await self._enterprise(workspace)
        try:
            told = await self._call("users.info", lambda: self._client.users_info(user=user))
        except SlackApiError as error:
            if word_of(error) not in _NOBODY:
                raise _away(error) from error
            return Profile(workspace, user, Standing.NOBODY, asked_at)
        found = _mapping(told.get("user"))
        if found.get("id") != user:
            raise _unreadable()
        return Profile(workspace, user, standing_of(found, workspace, own), asked_at)

    async def _email(self, user: str) -> str:
        """Slack leaves it out without the scope users:read.email."""
        try:
            told = await self._call("users.info", lambda: self._client.users_info(user=user))
        except SlackApiError as error:
            raise _away(error) from error
        found = _mapping(told.get("user"))
        if found.get("id") != user:
            raise _unreadable()
        email = _mapping(found.get("profile")).get("email")
        return email if isinstance(email, str) else ""

    async def _group(self, workspace: str, group: str) -> Roster:
        """Its handle and whether it is enabled, then who is in it."""
        asked_at = self._clock.now()
        team = workspace if workspace.startswith("T") else None
        nobody = Roster(workspace, group, "", False, frozenset(), asked_at)
        try:
            told = await self._call(
                "usergroups.list",
                lambda: self._client.usergroups_list(include_disabled=True, team_id=team),
            )
            found = next(
                (one for one in _mappings(told.get("usergroups")) if one.get("id") == group), None
            )
            if found is None:
                return nobody
            handle = str(found.get("handle") or found.get("name") or "")
            if found.get("date_delete") or found.get("is_external"):
                return Roster(workspace, group, handle, False, frozenset(), asked_at)
            members = await self._call(
                "usergroups.users.list",
                lambda: self._client.usergroups_users_list(usergroup=group, team_id=team),
            )
        except SlackApiError as error:
            if word_of(error) not in _NO_GROUP:
                raise _away(error) from error
            return nobody
        return Roster(workspace, group, handle, True, _ids(members.get("users")), asked_at)

    async def _channel(self, workspace: str, channel: str) -> Channel | None:
        asked_at = self._clock.now()
        try:
            told = await self._call(
                "conversations.info", lambda: self._client.conversations_info(channel=channel)
            )
        except SlackApiError as error:
            if word_of(error) not in _UNSEEN:
                raise _away(error) from error
            return None
        found = _mapping(told.get("channel"))
        if found.get("id") != channel:
            raise _unreadable()
        if is_elsewhere(found, workspace):
            return None
        return Channel(
            workspace=workspace,
            id=channel,
            name=str(found.get("name") or ""),
            private=found.get("is_private") is True and found.get("is_mpim") is not True,
            shared=is_shared(found),
            archived=found.get("is_archived") is True,
            present=found.get("is_member") is True or found.get("is_im") is True,
            read_at=asked_at,
        )

    async def _members(self, channel: Channel) -> Roster:
        """Page by page; one that does not end is not believed."""
        asked_at = self._clock.now()
        found: set[str] = set()
        cursor = ""
        for _ in range(MOST_PAGES):
            try:
                told = await self._page(channel.id, cursor)
            except SlackApiError as error:
                if word_of(error) not in _UNSEEN:
                    raise _away(error) from error
                return Roster(
                    channel.workspace, channel.id, channel.name, False, frozenset(), asked_at
                )
            found |= _ids(told.get("members"))
            cursor = str(_mapping(told.get("response_metadata")).get("next_cursor") or "")
            if not cursor:
                return Roster(
                    channel.workspace, channel.id, channel.name, True, frozenset(found), asked_at
                )
        raise _unreadable()

    async def _page(self, channel: str, cursor: str) -> Mapping[str, Any]:
        return await self._call(
            "conversations.members",
            lambda: self._client.conversations_members(
                channel=channel, limit=PAGE, cursor=cursor or None
            ),
        )

    async def _enterprise(self, workspace: str) -> str:
        """Of the workspace, '' for one that belongs to none; asked once a process."""
        if workspace not in self._enterprises:
            try:
                told = await self._call("auth.test", self._client.auth_test)
            except SlackApiError as error:
                raise _away(error) from error
            self._enterprises[workspace] = str(told.get("enterprise_id") or "")
        return self._enterprises[workspace]

    async def _call(self, method: str, call: Callable[[], Awaitable[Any]]) -> Mapping[str, Any]:
        """Raises `DirectoryAway`, and `SlackApiError` for a refusal that is no lack of time."""
        shut_for = self._shut_until.get(method, 0.0) - self._monotonic()
        if shut_for > 0:
            raise _later(shut_for)
        try:
            async with asyncio.timeout(CALL_SECONDS):
                answer = await call()
        except SlackApiError as error:
            pause = pause_after(error)
            if pause is None:
                raise
            self._shut_until[method] = self._monotonic() + pause
            raise _later(pause) from error
        except Exception as error:  # whatever aiohttp, ssl and asyncio call it
            raise DirectoryAway(
                "Slack could not be asked who is who. Nothing was done.", "Try again in a moment."
            ) from error
        data = getattr(answer, "data", answer)
        if not isinstance(data, Mapping):
            raise _unreadable()
        return data


def _away(error: SlackApiError) -> DirectoryAway:
    word = word_of(error)[:60]
    hint = "Try again in a moment."
    if word == "missing_scope":
        hint = "Whoever runs this bot has to install it again with the scopes of its manifest."
    return DirectoryAway(
        f"Slack does not tell me who is who ({word}). Nothing was done.",
        hint,
        passes=word != "missing_scope",
    )


def _later(seconds: float) -> DirectoryAway:
    return DirectoryAway(
        "Slack wants to be asked less often. Nothing was done.",
        f"Try again in {max(1, round(seconds))} seconds.",
        retry_after=seconds,
    )


def _unreadable() -> DirectoryAway:
    return DirectoryAway(
        "Slack's answer about who is who makes no sense. Nothing was done.",
        "Try again in a moment.",
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _mappings(value: object) -> Sequence[Mapping[str, Any]]:
    """Raises `DirectoryAway` for anything but a list of objects: it is not believed that a group
    is gone because an answer is odd."""
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise _unreadable()
    return value


def _ids(value: object) -> frozenset[str]:
    """Raises `DirectoryAway` for anything but a list of ids."""
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _unreadable()
    return frozenset(value)
