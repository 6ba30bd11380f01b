"""A message finds another way when the first one is closed."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from connection.asks import Audience, Place, Showing, What
from connection.publicity import Publicity
from handlers.notes import MOVED
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
        self.texts: list[str] = []
        self.channels: list[str] = []

    async def api_call(self, api_method: str, **sent: Any) -> Any:
        """`channels` are those that something is posted in for all."""
        name = api_method.rpartition(".")[2]
        self.called.append(name)
        if name in self.refused:
            raise refusal(self.refused[name])
        said = sent.get("json") or {}
        if "text" in said:
            self.texts.append(said["text"])
        if name == "postMessage":
            self.channels.append(said["channel"])
        where = {"id": "D1"} if name == "open" else "C9"
        return {"ok": True, "ts": "2.2", "channel": where, "user_id": "U0BOT"}


class FakeResponseUrls(ResponseUrls):
    """Takes everything, or nothing."""

    def __init__(self, takes: bool = True) -> None:
        self.takes = takes
        self.posted: list[tuple[str, str]] = []

    async def post(
        self, url: str, message: Message, response_type: str, showing: str, *, final: bool
    ) -> bool:
        assert url == HOOK
        self.posted.append((response_type, message.text))
        return self.takes


SHARED, UNTOLD, UNSEEN, OPEN = (
    Publicity.SHARED,
    Publicity.UNTOLD,
    Publicity.UNSEEN,
    Publicity.OPEN,
)
SOON = NOW + timedelta(minutes=1)


def fresh(
    what: What = What.STATUS, audience: Audience = Audience.CHANNEL, *, final: bool = True
) -> Showing:
    """A message that was not posted yet."""
    return replace(a_showing(1, what), audience=audience, place=Place("C1", HOOK), final=final)


def standing(where: str = "C1") -> Showing:
    """A message that was posted."""
    return replace(fresh(What.REPORT), ts="1.1", posted_in=where)


async def post(
    slack: FakeSlack,
    urls: FakeResponseUrls,
    showing: Showing,
    publicity: Publicity = OPEN,
    now: datetime = SOON,
) -> Posted:
    return await Poster(slack, urls).post(showing, MESSAGE, now, publicity)


async def update(
    slack: FakeSlack,
    urls: FakeResponseUrls,
    now: datetime = SOON,
    where: str = "C1",
    publicity: Publicity = OPEN,
) -> Posted:
    return await Poster(slack, urls).update(standing(where), MESSAGE, now, publicity)


async def test_a_message_is_edited_in_place() -> None:
    slack, urls = FakeSlack(), FakeResponseUrls()
    assert await update(slack, urls) == Posted("1.1", "C1")
    assert slack.called == ["update"]


async def test_what_is_for_one_person_is_never_edited_into_a_message_of_a_channel() -> None:
    slack, urls = FakeSlack(), FakeResponseUrls()
    showing = replace(standing(), audience=Audience.PERSON)
    await Poster(slack, urls).update(showing, MESSAGE, SOON, OPEN)
    assert slack.called == ["postEphemeral"]


class Threads(FakeSlack):
    """Writes down below what something is said, and may refuse that."""

    def __init__(self, refuses: str = "") -> None:
        super().__init__()
        self.refuses = refuses
        self.below: list[str | None] = []

    async def api_call(self, api_method: str, **sent: Any) -> Any:
        if api_method == "chat.postMessage":
            self.below.append((sent.get("json") or {}).get("thread_ts"))
            if self.below[-1] and self.refuses:
                raise refusal(self.refuses)
        return await super().api_call(api_method, **sent)


async def test_what_follows_a_card_is_said_in_its_thread() -> None:
    slack = Threads()
    note = replace(fresh(What.NOTE, Audience.DIRECT), below="1.5")
    await post(slack, FakeResponseUrls(), note)
    await post(slack, FakeResponseUrls(), fresh(What.NOTE, Audience.DIRECT))
    assert slack.below == ["1.5", None]


@pytest.mark.parametrize("word", ["message_not_found", "cannot_reply_to_message"])
async def test_where_the_card_is_gone_it_is_said_all_the_same(word: str) -> None:
    slack = Threads(word)
    note = replace(fresh(What.NOTE, Audience.DIRECT), below="1.5")
    assert await post(slack, FakeResponseUrls(), note) == Posted("2.2", "C9")
    assert slack.below == ["1.5", None]


async def test_a_deleted_message_is_posted_anew() -> None:
    slack, urls = FakeSlack(update="message_not_found"), FakeResponseUrls()
    assert await update(slack, urls) == Posted("2.2", "C9")


async def test_a_message_that_went_to_the_person_stays_with_the_person() -> None:
    slack, urls = FakeSlack(update="message_not_found"), FakeResponseUrls()
    assert await update(slack, urls, where="D1") == Posted("2.2", "C9")
    assert slack.called == ["update", "open", "postMessage"]
    assert slack.channels[-1] == "D1"


@pytest.mark.parametrize("word", ["message_not_found", "channel_not_found", "not_in_channel"])
async def test_a_deleted_message_of_a_channel_without_the_bot_comes_by_response_url(
    word: str,
) -> None:
    slack = FakeSlack(update=word, postMessage="not_in_channel")
    urls = FakeResponseUrls()
    assert await update(slack, urls) == Posted("", BY_RESPONSE_URL)
    assert urls.posted == [("in_channel", "Hello.")]


async def test_after_the_response_url_it_comes_as_a_direct_message() -> None:
    slack = FakeSlack(update="message_not_found", postMessage="not_in_channel")
    urls = FakeResponseUrls(takes=False)
    with pytest.raises(SlackApiError):  # the direct message is a chat.postMessage too
        await update(slack, urls, NOW + timedelta(hours=1))
    assert urls.posted == []
    assert [one for one in slack.called if one != "test"] == [
        *("update", "postMessage", "open", "postMessage")
    ]


async def test_an_edit_that_may_pass_is_raised() -> None:
    with pytest.raises(SlackApiError):
        await update(FakeSlack(update="internal_error"), FakeResponseUrls())


@pytest.mark.parametrize("publicity", [one for one in Publicity if one is not OPEN])
async def test_nothing_is_said_to_everybody_where_another_organisation_may_read(
    publicity: Publicity,
) -> None:
    for what in (What.STATUS, What.REPORT, What.SAVED, What.ACCESS_REQUEST):
        for final in (True, False):
            slack, urls = FakeSlack(), FakeResponseUrls()
            await post(slack, urls, fresh(what, final=final), publicity)
            assert [one for one in slack.channels if one != "D1"] == []
            assert {kind for kind, _ in urls.posted} <= {"ephemeral"}
            said = [*slack.texts, *(text for _, text in urls.posted)]
            assert all(text.startswith("Shown to you alone: ") for text in said)


async def test_what_is_edited_later_goes_to_the_persons_direct_messages() -> None:
    slack, urls = FakeSlack(), FakeResponseUrls()
    await post(slack, urls, fresh(What.REPORT, final=False), SHARED)
    assert slack.called == ["open", "postMessage"]
    assert slack.texts == ["Shown to you alone: <#C1> is shared with another organisation.\nHello."]


async def test_without_direct_messages_what_comes_last_is_seen_where_the_person_is() -> None:
    slack, urls = FakeSlack(open="user_not_found"), FakeResponseUrls()
    await post(slack, urls, fresh(What.REPORT), SHARED)
    assert slack.called == ["open", "postEphemeral"]
    slack = FakeSlack(open="user_not_found")
    with pytest.raises(SlackApiError):
        await post(slack, urls, fresh(What.REPORT, final=False), SHARED)


async def test_a_message_of_a_channel_that_became_shared_gets_no_new_content_there() -> None:
    slack, urls = FakeSlack(), FakeResponseUrls()
    assert (await update(slack, urls, publicity=SHARED)).where == "C9"
    assert slack.called == ["update", "open", "postMessage"]
    assert slack.texts[0] == MOVED
    assert "Hello." not in slack.texts[0]
    assert slack.channels == ["D1"]


async def test_a_message_is_left_as_it_is_where_slack_does_not_tell() -> None:
    slack, urls = FakeSlack(), FakeResponseUrls()
    await update(slack, urls, publicity=UNTOLD)
    assert slack.called == ["open", "postMessage"]


@pytest.mark.parametrize(
    "word",
    [
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "channel_not_found",
    ],
)
async def test_where_the_bot_may_not_write_the_person_alone_reads(word: str) -> None:
    slack, urls = FakeSlack(postMessage=word), FakeResponseUrls()
    await post(slack, urls, fresh())
    assert [kind for kind, _ in urls.posted] == ["ephemeral"]
    assert urls.posted[0][1].startswith("Shown to you alone: I ")


@pytest.mark.parametrize("word", ["is_archived", "user_not_in_channel"])
async def test_where_nobody_looks_it_goes_to_the_persons_direct_messages(word: str) -> None:
    slack, urls = FakeSlack(postEphemeral=word), FakeResponseUrls()
    await post(slack, urls, fresh(audience=Audience.PERSON))
    assert (slack.called, urls.posted) == (["postEphemeral", "open", "postMessage"], [])


async def test_the_bot_asks_to_be_invited_where_it_is_not() -> None:
    slack, urls = FakeSlack(postEphemeral="not_in_channel"), FakeResponseUrls(takes=False)
    await post(slack, urls, fresh(audience=Audience.PERSON))
    assert slack.texts == [
        "Sent here: I am not in <#C1>. Invite me there with /invite <@U0BOT>.\nHello."
    ]


async def test_what_is_for_the_direct_messages_of_somebody_needs_no_channel() -> None:
    slack, urls = FakeSlack(), FakeResponseUrls()
    showing = replace(fresh(audience=Audience.DIRECT), place=Place(""))
    await post(slack, urls, showing)
    assert (slack.called, slack.texts) == (["open", "postMessage"], ["Hello."])


async def test_a_person_without_a_channel_is_answered_directly() -> None:
    slack, urls = FakeSlack(), FakeResponseUrls()
    await post(slack, urls, replace(fresh(audience=Audience.PERSON), place=Place("")))
    assert slack.called == ["open", "postMessage"]


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
