"""A response URL leads to Slack and nowhere else, and is used within Slack's limits."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError

from handlers.response_url import LIFE_SECONDS, ResponseUrls
from handlers.views.blocks import Message

MESSAGE = Message("Hello.")


class Hooks:
    """A server that takes what is posted to response URLs."""

    def __init__(self) -> None:
        self.called: list[str] = []
        self.address = ""
        self.now = 0.0

    async def answer(self, request: web.Request) -> web.Response:
        self.called.append(request.path)
        if request.path == "/elsewhere":
            return web.Response(status=307, headers={"Location": "/taken"})
        if request.path == "/old":
            return web.Response(status=400, text="invalid_blocks")
        return web.Response(text="ok")


@pytest.fixture
async def hooks() -> AsyncIterator[Hooks]:
    hooks = Hooks()
    app = web.Application()
    app.router.add_post("/{rest:.*}", hooks.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    hooks.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield hooks
    await runner.cleanup()


@pytest.fixture
async def urls(hooks: Hooks) -> AsyncIterator[ResponseUrls]:
    async with aiohttp.ClientSession(trust_env=False) as session:
        yield ResponseUrls(session, lambda _: None, f"{hooks.address}/api/", lambda: hooks.now)


async def used(urls: ResponseUrls, url: str, showing: str = "one", *, final: bool = True) -> bool:
    return await urls.post(url, MESSAGE, "ephemeral", showing, final=final)


async def test_the_host_of_the_api_is_called(hooks: Hooks, urls: ResponseUrls) -> None:
    assert await used(urls, f"{hooks.address}/hook/1")
    assert hooks.called == ["/hook/1"]


async def test_a_redirect_is_not_followed(hooks: Hooks, urls: ResponseUrls) -> None:
    assert not await used(urls, f"{hooks.address}/elsewhere")
    assert hooks.called == ["/elsewhere"]


async def test_refused_blocks_are_told_apart_from_a_url_that_is_over(
    hooks: Hooks, urls: ResponseUrls
) -> None:
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        await used(urls, f"{hooks.address}/old")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.slack.com/commands/1",
        "http://hooks.slack.com/commands/1",
        "ftp://hooks.slack.com/1",
        "https://hooks.slack.com:8443/1",
        "https://slack.com.example.com/1",
        "https://notslack.com/1",
        "https://example.com/hooks.slack.com",
        "https://hooks.slack.com@example.com/1",
        "https://example.com\\@hooks.slack.com/1",
        "https://example.com#@hooks.slack.com/1",
        "https://example.com?.slack.com/1",
        "https://hooks.slack.com\r\nHost: example.com/1",
        "https://hooks.slack.com .example.com/1",
        "https://ｈooks.slack.com/1",
        "https://[::1]/1",
        "http://169.254.169.254/metadata/instance",
        "http://127.0.0.1/hook",
        "http://localhost:3000/hook",
        "file:///etc/passwd",
    ],
)
async def test_nothing_else_is_called(
    url: str, hooks: Hooks, urls: ResponseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError(f"{url} was called")

    # the addresses are not ours, so that a call of one cannot be seen in any other way
    monkeypatch.setattr(aiohttp.ClientSession, "post", refuse)
    assert not await used(urls, url)


@pytest.mark.parametrize(
    "url", ["https://hooks.slack.com/commands/T1/2/x", "https://hooks.slack-gov.com:443/a?b=c"]
)
async def test_slacks_own_hosts_are_called(
    url: str, urls: ResponseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[str] = []

    def note(_: object, address: str, **__: object) -> None:
        called.append(address)
        raise aiohttp.ClientError

    monkeypatch.setattr(aiohttp.ClientSession, "post", note)  # nothing may leave this machine
    assert not await used(urls, url)
    assert called == [url]


async def test_five_uses_and_no_more(hooks: Hooks, urls: ResponseUrls) -> None:
    url = f"{hooks.address}/hook/1"
    assert [await used(urls, url, f"showing-{number}") for number in range(6)] == [True] * 5 + [
        False
    ]
    assert len(hooks.called) == 5
    assert await used(urls, f"{hooks.address}/hook/2")


async def test_a_use_is_left_for_what_comes_last(hooks: Hooks, urls: ResponseUrls) -> None:
    url = f"{hooks.address}/hook/1"
    assert await used(urls, url, "live", final=False)
    assert [await used(urls, url, f"other-{number}") for number in range(5)] == [
        *[True] * 3,
        *[False] * 2,
    ]
    assert not await used(urls, url, "late", final=False)
    assert await used(urls, url, "live")
    assert not await used(urls, url, "live")


async def test_what_is_over_is_not_counted_for_ever(hooks: Hooks, urls: ResponseUrls) -> None:
    for number in range(3):
        await used(urls, f"{hooks.address}/hook/{number}")
    hooks.now = LIFE_SECONDS + 1
    await used(urls, f"{hooks.address}/hook/9")
    assert list(urls._uses) == [f"{hooks.address}/hook/9"]
