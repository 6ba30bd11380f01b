"""A message finds another way when the first one is closed."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from connection.asks import Place, Showing
from handlers.posting import BY_RESPONSE_URL, Posted, Poster
from handlers.refusals import is_hopeless, pause_after, word_of
from handlers.response_url import ResponseUrls
from handlers.views.blocks import Message, section
from tests.handlers.outbox import refusal
from tests.storage.samples import NOW, a_showing

MESSAGE = Message("Hello.", (section("Hello."),))
HOOK = "https://hooks.slack.com/x"


class FakeSlack(AsyncWebClient):
    """`refused` maps a method to the word with which it is refused."""

    def __init__(self, **refused: str) -> None:
        super().__init__()
        self.refused = refused
        self.called: list[str] = []

    async def api_call(self, api_method: str, **_: Any) -> Any:
        name = api_method.rpartition(".")[2]
        self.called.append(name)
        if name in self.refused:
            raise refusal(self.refused[name])
        return {"ok": True, "ts": "2.2", "channel": {"id": "D1"} if name == "open" else "C9"}


class FakeResponseUrls(ResponseUrls):
    """Takes everything, or nothing."""

    def __init__(self, takes: bool) -> None:
        self.takes = takes
        self.posted: list[str] = []

    async def post(self, url: str, message: Message, response_type: str) -> bool:
        self.posted.append(url)
        return self.takes


def standing() -> Showing:
    """A message that was posted."""
    return replace(a_showing(), ts="1.1", posted_in="D1", place=Place("C1", HOOK))


async def update(
    slack: FakeSlack, urls: FakeResponseUrls, now: datetime = NOW + timedelta(minutes=1)
) -> Posted:
    return await Poster(slack, urls).update(standing(), MESSAGE, now)


async def test_a_message_is_edited_in_place() -> None:
    slack, urls = FakeSlack(), FakeResponseUrls(True)
    assert await update(slack, urls) == Posted("1.1", "D1")
    assert slack.called == ["update"]


async def test_a_deleted_message_is_posted_anew() -> None:
    slack, urls = FakeSlack(update="message_not_found"), FakeResponseUrls(True)
    assert await update(slack, urls) == Posted("2.2", "C9")


@pytest.mark.parametrize("word", ["message_not_found", "channel_not_found", "not_in_channel"])
async def test_a_deleted_message_of_a_channel_without_the_bot_comes_by_response_url(
    word: str,
) -> None:
    slack = FakeSlack(update=word, postMessage="not_in_channel")
    urls = FakeResponseUrls(True)
    assert await update(slack, urls) == Posted("", BY_RESPONSE_URL)
    assert urls.posted == [HOOK]


async def test_after_the_response_url_it_comes_as_a_direct_message() -> None:
    slack = FakeSlack(update="message_not_found", postMessage="not_in_channel")
    urls = FakeResponseUrls(False)
    with pytest.raises(SlackApiError):  # the direct message is a chat.postMessage too
        await update(slack, urls, NOW + timedelta(hours=1))
    assert (urls.posted, slack.called) == ([], ["update", "postMessage", "open", "postMessage"])


async def test_an_edit_that_may_pass_is_raised() -> None:
    with pytest.raises(SlackApiError):
        await update(FakeSlack(update="internal_error"), FakeResponseUrls(True))


def test_retry_after_is_read_and_bounded() -> None:
    assert pause_after(refusal("ratelimited", 429, 7)) == 7
    assert pause_after(refusal("", 429)) == 1
    assert pause_after(refusal("ratelimited")) == 1
    assert pause_after(refusal("", 429, 10**9)) == 3600
    assert pause_after(refusal("invalid_auth")) is None


def test_an_answer_that_is_no_json_has_no_word_and_may_pass() -> None:
    class ClientResponse:
        status = 429

    error = SlackApiError("garbage", ClientResponse())  # type: ignore[no-untyped-call]
    assert (word_of(error), is_hopeless(error), pause_after(error)) == ("", False, 1)
