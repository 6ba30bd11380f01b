"""Where Slack refuses newer blocks, the same is said in classic ones."""

from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from connection.asks import Audience
from connection.publicity import Publicity
from handlers.classic_looks import REMEMBERED_SECONDS, ClassicLooks
from handlers.posting import Poster
from handlers.views.blocks import Message, header, section
from handlers.views.newer import folded
from tests.handlers.outbox import refusal
from tests.handlers.test_posting import FakeResponseUrls, FakeSlack, fresh, standing
from tests.storage.samples import NOW

MESSAGE = Message(
    "Hello.", (header("Hello"), folded("More", [section("in it")], [section("below it")]))
)
CLASSIC, NEWER = ["header", "section"], ["header", "container"]


class Sent:
    """A Slack that refuses with a word whatever has newer blocks."""

    def __init__(self, word: str = "invalid_blocks") -> None:
        self.word = word
        self.tried: list[list[object]] = []
        self.now = 0.0
        self.looks = ClassicLooks(monotonic=lambda: self.now)

    async def say(self, message: Message = MESSAGE, workspace: str = "T1") -> str:
        return await self.looks.sent(workspace, message, self._send)

    async def _send(self, form: Message) -> str:
        kinds = [block["type"] for block in form.as_dicts()]
        self.tried.append(kinds)
        if "container" in kinds and self.word:
            raise refusal(self.word)
        return "taken"


@pytest.mark.parametrize("word", ["invalid_blocks", "invalid_blocks_format"])
async def test_it_is_said_again_in_classic_blocks_and_remembered(word: str) -> None:
    sent = Sent(word)
    assert await sent.say() == "taken"
    assert sent.tried == [NEWER, CLASSIC]
    await sent.say()
    assert sent.tried == [NEWER, CLASSIC, CLASSIC]
    await sent.say(workspace="T2")
    assert sent.tried[3:] == [NEWER, CLASSIC]


async def test_after_hours_the_workspace_may_have_learnt_them() -> None:
    sent = Sent()
    await sent.say()
    sent.word, sent.now = "", REMEMBERED_SECONDS
    await sent.say()
    assert sent.tried[-1] == NEWER


async def test_another_refusal_is_none_of_the_blocks() -> None:
    sent = Sent("channel_not_found")
    with pytest.raises(SlackApiError):
        await sent.say()
    assert sent.tried == [NEWER]


async def test_what_has_no_newer_blocks_is_sent_once() -> None:
    sent = Sent()
    await sent.say(Message("Hello.", (section("Hello."),)))
    assert sent.tried == [["section"]]


async def test_the_setting_leaves_them_out_everywhere() -> None:
    sent = Sent()
    sent.looks = ClassicLooks(always=True)
    await sent.say()
    assert sent.tried == [CLASSIC]


class OldSlack(FakeSlack):
    """Knows no container."""

    async def api_call(self, api_method: str, **sent: Any) -> Any:
        if "container" in str((sent.get("json") or {}).get("blocks")):
            raise refusal("invalid_blocks")
        return await super().api_call(api_method, **sent)


@pytest.mark.parametrize("audience", [one for one in Audience if one is not Audience.HOME])
async def test_every_way_to_say_it_knows_both_forms(audience: Audience) -> None:
    slack, urls = OldSlack(), FakeResponseUrls(takes=False)
    poster = Poster(slack, urls)
    await poster.post(fresh(audience=audience), MESSAGE, NOW, Publicity.OPEN)
    await poster.update(standing(), MESSAGE, NOW, Publicity.OPEN)
    assert slack.texts == ["Hello.", "Hello."]


async def test_home_knows_both_forms() -> None:
    slack = OldSlack()
    poster = Poster(slack, FakeResponseUrls(takes=False))
    posted = await poster.post(fresh(audience=Audience.HOME), MESSAGE, NOW, Publicity.OPEN)
    showing = replace(standing(), audience=Audience.HOME)
    assert await poster.update(showing, MESSAGE, NOW, Publicity.OPEN) == posted
