"""The port `OwnApp`: one `auth.test`, whose headers tell the scopes and the time.

`X-OAuth-Scopes`: docs.slack.dev/authentication/installing-with-oauth. The middle of the call counts
as the time of its `Date`, which is in whole seconds.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from connection.errors import DirectoryAway
from connection.own_app import AppStanding
from connection.ports import Clock
from handlers.refusals import pause_after, word_of

CALL_SECONDS = 10.0
_AWAY = (
    *("", "accesslimited", "fatal_error", "internal_error", "request_timeout"),
    *("service_unavailable", "team_added_to_org"),
)
"""Words that say nothing of the token; '' stands for an answer that is none of Slack's."""


class OwnAppInSlack:
    """`needed` are the scopes of the manifest."""

    def __init__(self, client: AsyncWebClient, needed: Sequence[str], clock: Clock) -> None:
        self._client = client
        self._needed = needed
        self._clock = clock

    async def standing(self, _workspace: str) -> AppStanding:
        """See `connection.own_app.OwnApp`."""
        sent_at = self._clock.now()
        try:
            async with asyncio.timeout(CALL_SECONDS):
                answer = await self._client.auth_test()
        except SlackApiError as error:
            word = word_of(error)
            if pause_after(error) is not None or word in _AWAY:
                raise _away() from error
            return AppStanding(refused=word[:60])
        except Exception as error:  # whatever aiohttp, ssl and asyncio call it
            raise _away() from error
        headers = {str(name).lower(): str(value) for name, value in answer.headers.items()}
        middle = sent_at + (self._clock.now() - sent_at) / 2
        return AppStanding(
            missing_scopes=missing_in(headers, self._needed),
            clock_ahead=ahead_in(headers, middle),
        )


def missing_in(headers: Mapping[str, str], needed: Sequence[str]) -> tuple[str, ...]:
    """Nothing is missed where Slack does not tell the scopes."""
    told = headers.get("x-oauth-scopes")
    if told is None:
        return ()
    held = {scope.strip() for scope in told.split(",")}
    return tuple(scope for scope in needed if scope not in held)


def ahead_in(headers: Mapping[str, str], now: datetime) -> float | None:
    """By how many seconds the Date is ahead; None without one that can be read."""
    try:
        said = parsedate_to_datetime(headers.get("date", ""))
    except (TypeError, ValueError, OverflowError):
        return None
    there = said if said.tzinfo else said.replace(tzinfo=UTC)
    try:
        return (there + timedelta(seconds=0.5) - now).total_seconds()
    except OverflowError:
        return None


def _away() -> DirectoryAway:
    return DirectoryAway("Slack could not be asked about the bot's app.", "Try again in a moment.")
