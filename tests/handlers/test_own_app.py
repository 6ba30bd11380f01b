"""What Slack says of the bot's own app."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError

from connection.errors import DirectoryAway
from handlers.own_app import OwnAppInSlack, ahead_in, missing_in

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
NEEDED = ("chat:write", "commands", "users:read")


class _Client:
    """A stand-in for slack_sdk's client: answers `auth.test` with these headers, or fails."""

    def __init__(self, headers: dict[str, str], error: Exception | None = None) -> None:
        self.headers, self._error = headers, error

    async def auth_test(self) -> "_Client":
        if self._error is not None:
            raise self._error
        return self


class _Response:
    def __init__(self, word: str, status: int = 200) -> None:
        self.data = {"ok": False, "error": word}
        self.status_code, self.headers = status, {"Retry-After": "3"} if status == 429 else {}

    def get(self, name: str, default: object = None) -> object:
        return self.data.get(name, default)

    def __getitem__(self, name: str) -> object:
        return self.data[name]


class _Clock:
    def now(self) -> datetime:
        return NOW


def _app(headers: dict[str, str], error: Exception | None = None) -> OwnAppInSlack:
    return OwnAppInSlack(_Client(headers, error), NEEDED, _Clock())  # type: ignore[arg-type]


_THROTTLED = SlackApiError("no", _Response("ratelimited", 429))  # type: ignore[no-untyped-call]


async def test_scopes_and_time_stand_in_the_headers() -> None:
    date = format_datetime(NOW + timedelta(seconds=90), usegmt=True)
    told = await _app({"X-OAuth-Scopes": "commands, chat:write", "Date": date}).standing("T1")
    assert told.missing_scopes == ("users:read",)
    assert told.clock_ahead == 90.5
    assert told.refused == ""


async def test_a_token_that_slack_refuses_is_named_by_its_word() -> None:
    error = SlackApiError("no", _Response("token_revoked"))  # type: ignore[no-untyped-call]
    assert (await _app({}, error).standing("T1")).refused == "token_revoked"


def _refusal(word: str, status: int = 200) -> SlackApiError:
    return SlackApiError("no", _Response(word, status))  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    "error",
    [
        *(_THROTTLED, OSError("away"), TimeoutError()),
        *(_refusal("internal_error"), _refusal("fatal_error", 500), _refusal("", 502)),
        *(_refusal("service_unavailable", 503), _refusal("team_added_to_org"), _refusal("")),
    ],
)
async def test_where_slack_is_away_nothing_is_said_of_the_app(error: Exception) -> None:
    with pytest.raises(DirectoryAway):
        await _app({}, error).standing("T1")


@given(st.lists(st.sampled_from([*NEEDED, "files:write", "x"])), st.sampled_from([",", ", "]))
def test_what_is_missing_is_what_is_needed_and_not_told(told: list[str], apart: str) -> None:
    missing = missing_in({"x-oauth-scopes": apart.join(told)}, NEEDED)
    assert set(missing) == set(NEEDED) - set(told)


def test_where_slack_does_not_tell_its_scopes_none_is_missed() -> None:
    assert missing_in({}, NEEDED) == ()


@given(st.integers(-10_000, 10_000))
def test_the_difference_of_the_clocks_comes_back(seconds: int) -> None:
    date = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert ahead_in({"date": date}, NOW) == seconds + 0.5


@given(st.text())
def test_any_date_is_a_difference_or_none(text: str) -> None:
    ahead = ahead_in({"date": text}, NOW)
    assert ahead is None or isinstance(ahead, float)
