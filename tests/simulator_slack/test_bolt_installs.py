"""Bolt's own OAuth flow: it installs itself, finds its token by workspace, and forgets it again."""

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.simulator_slack.playing import CLIENT_ID, CLIENT_SECRET, SECRET, House, Switch

# slack_sdk 3.47 sends the client's secret by a class of aiohttp that is going away.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
REDIRECT = "https://bot.example/slack/oauth_redirect"


class Store(FileInstallationStore):
    """Says when everything of a workspace is gone."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.emptied = asyncio.Event()

    async def async_delete_all(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        await super().async_delete_all(enterprise_id=enterprise_id, team_id=team_id)
        self.emptied.set()


def bolt_app(house: House, folder: Path) -> tuple[AsyncApp, Store]:
    store = Store(base_dir=str(folder / "installations"), client_id=CLIENT_ID)
    settings = AsyncOAuthSettings(
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        scopes=["chat:write", "commands"],
        redirect_uri=REDIRECT,
        authorization_url=f"{house.http.base_url}/oauth/v2/authorize",
        installation_store=store,
        state_store=FileOAuthStateStore(expiration_seconds=60, base_dir=str(folder / "states")),
    )
    client = AsyncWebClient(base_url=house.web.base_url)
    return AsyncApp(signing_secret=SECRET, oauth_settings=settings, client=client), store


def served_by(app: AsyncApp) -> Starlette:
    handler = AsyncSlackRequestHandler(app)

    async def answer(request: Request) -> Response:
        found: Response = await handler.handle(request)
        return found

    return Starlette(
        routes=[
            Route("/slack/events", answer, methods=["POST"]),
            Route("/slack/install", answer, methods=["GET"]),
            Route("/slack/oauth_redirect", answer, methods=["GET"]),
        ]
    )


async def test_bolt_installs_itself_works_and_is_thrown_out(
    house: House, bot_server: tuple[Switch, str], tmp_path: Path
) -> None:
    switch, url = bot_server
    app, store = bolt_app(house, tmp_path)
    app.enable_token_revocation_listeners()

    @app.command("/d365")
    async def command(ack: Any, respond: Any, client: Any, body: dict[str, Any]) -> None:
        await ack()
        who = await client.auth_test()
        await client.chat_postMessage(channel=body["user_id"], text=f"This is {who['team']}.")

    switch.app = served_by(app)
    page = await house.http.get(f"{url}/slack/install")
    asked = page.text.partition('<a href="')[2].partition('"')[0].replace("&amp;", "&")
    done = await house.act("install", url=asked, team="fabrikam", person="nina")
    back = urlsplit(done["redirect"])
    cookie = {"Cookie": page.headers["set-cookie"].partition(";")[0]}
    installed = await house.http.get(f"{url}{back.path}?{back.query}", headers=cookie)
    assert installed.status_code == 200, installed.text
    assert parse_qs(back.query)["code"]

    facts: Any = house.site.facts()["workspaces"]
    team_id = facts["fabrikam"]["team_id"]
    found = store.find_bot(enterprise_id=None, team_id=team_id)
    assert found is not None
    before = (await house.sees("nina", team="fabrikam"))["event"]
    await house.act("command", team="fabrikam", person="nina", channel="dm", text="/d365 x")
    seen = await house.sees("nina", team="fabrikam", after=before, wait=5)
    assert [m["text"] for m in seen["messages"]] == ["This is Fabrikam (made up)."]

    assert (await house.as_token(str(found.bot_token), "auth.revoke"))["revoked"]
    async with asyncio.timeout(5):
        await store.emptied.wait()
    assert store.find_bot(enterprise_id=None, team_id=team_id) is None
