"""How the bot reaches Slack: one trust for all of it, and what it says while Slack is away."""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import trustme
from aiohttp import web

from bot.settings import Settings, read_settings
from bot.slack_client import slack_client, slack_session
from bot.slack_watch import EVERY_SECONDS, SlackWatch
from handlers.response_url import ResponseUrls
from handlers.views.blocks import Message


class Site:
    """https on loopback, with an authority of its own; `answer` is Slack's."""

    def __init__(self, ca_file: Path) -> None:
        self.ca_file = ca_file
        self.address = ""
        self.answer: list[dict[str, object]] = []

    async def take(self, _request: web.Request) -> web.Response:
        return web.json_response(self.answer.pop(0) if self.answer else {"ok": True})


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    authority = trustme.CA()
    site = Site(tmp_path / "ca.pem")
    authority.cert_pem.write_to_path(site.ca_file)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    app = web.Application()
    app.router.add_post("/{path:.*}", site.take)
    runner = web.AppRunner(app)
    await runner.setup()
    listening = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await listening.start()
    site.address = f"https://127.0.0.1:{runner.addresses[0][1]}/"
    yield site
    await runner.cleanup()


@pytest.fixture
def settings(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HTTPS_PROXY", "")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-nobody")
    monkeypatch.setenv("SLACK_API_URL", site.address)
    monkeypatch.setenv("D365BOT_CA_FILE", str(site.ca_file))
    return read_settings()


async def test_client_and_response_urls_trust_the_operators_authority(
    settings: Settings, site: Site
) -> None:
    async with slack_session(settings) as session:
        assert (await slack_client(settings, session).auth_test())["ok"]
        urls = ResponseUrls(session, lambda _: None, site.address)
        said = Message("Hello", ())
        assert await urls.post(site.address, said, "ephemeral", "showing-1", final=True)


async def test_nobody_else_is_trusted(settings: Settings, site: Site) -> None:
    strict = settings.model_copy(update={"d365bot_ca_file": None})
    async with slack_session(strict) as session:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await slack_client(strict, session).auth_test()
        watch = SlackWatch(slack_client(strict, session), _enough)
        with pytest.raises(Enough):
            await watch.ask_until_it_answers()
        assert watch.state == "its certificate is not trusted"


async def test_slack_is_asked_every_minute_until_it_answers(
    settings: Settings, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "bot.slack_watch")
    site.answer = [{"ok": False, "error": "invalid_auth"}] * 2
    pauses: list[float] = []
    states: list[str] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        states.append(watch.state)

    async with slack_session(settings) as session:
        watch = SlackWatch(slack_client(settings, session), pause)
        await watch.ask_until_it_answers()
    assert watch.state == "ok"
    assert pauses == [EVERY_SECONDS] * 2
    assert states == ["it refuses SLACK_BOT_TOKEN (invalid_auth)"] * 2
    assert caplog.messages == [
        "Slack cannot be used; asked again every minute",
        "Slack answers",
    ]


class Enough(Exception):
    """The watch would ask again."""


async def _enough(_seconds: float) -> None:
    raise Enough
