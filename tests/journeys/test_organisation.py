"""Enterprise Grid: one installation, one person in two workspaces, and no stranger among them."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from bot.scopes import SCOPES
from tests.stage import BotProcess, Simulators, Stage, words_of

REDIRECT = "https://bot.example/slack/oauth_redirect"
EAST, WEST = "adatum-east", "adatum-west"


class Place:
    """One workspace of the organisation."""

    def __init__(self, stage: Stage, name: str) -> None:
        self.stage = stage
        self.name = name

    async def types(self, person: str, text: str) -> str:
        """In the channel of everybody; everything they then see there."""
        before = await self._seen(person, -1)
        body = {"team": self.name, "person": person, "channel": "general", "text": text}
        await self.stage.post("/_slack/command", body)
        known = {message["ts"] for message in before["messages"]}
        event = before["event"]
        while True:
            seen = await self._seen(person, event)
            new = [one for one in seen["messages"] if one["ts"] not in known]
            if new:
                return words_of(new[-1])
            event = seen["event"]

    async def _seen(self, person: str, after: int) -> dict[str, Any]:
        query: dict[str, str | int] = {"team": self.name, "person": person, "channel": "general"}
        if after >= 0:
            query |= {"after": after, "wait": 20}
        address = f"{self.stage.ready['control_url']}/_slack/messages"
        async with httpx.AsyncClient(trust_env=False, timeout=40) as client:
            answer = await client.get(address, params=query)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture(scope="module")
async def workspaces(
    simulators: Simulators, stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Place, Place]]:
    """A bot for the whole organisation, where gus is admin by its id."""
    manifest = {"settings": {"org_deploy_enabled": True}}
    await stage.change({"slack": {"manifest": manifest}})
    token = await _installed(stage)
    facts = (await stage.world())["slack"]["workspaces"][EAST]
    gus = facts["people"]["gus"]["id"]
    settings = {"SLACK_BOT_TOKEN": token, "D365BOT_ADMINS": f"{facts['enterprise_id']}/{gus}"}
    bot = BotProcess(tmp_path_factory.mktemp("grid"), simulators.ready, settings=settings)
    await bot.start()
    await stage.listen_to(bot)
    yield Place(stage, EAST), Place(stage, WEST)
    assert await bot.stop() == 0


async def _installed(stage: Stage) -> str:
    ready = stage.ready
    asked = {
        "client_id": ready["slack_client_id"],
        "scope": ",".join(SCOPES),
        "state": "s",
        "redirect_uri": REDIRECT,
    }
    url = f"{ready['slack_authorize_url']}?{urlencode(asked)}"
    choice = {"url": url, "team": EAST, "person": "gus", "enterprise": True}
    done = await stage.post("/_slack/install", choice)
    code = parse_qs(urlsplit(str(done["redirect"])).query)["code"][0]
    form = {
        "code": code,
        "redirect_uri": REDIRECT,
        "client_id": ready["slack_client_id"],
        "client_secret": ready["slack_client_secret"],
    }
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(f"{ready['slack_api_url']}oauth.v2.access", data=form)
    return str(answer.json()["access_token"])


async def test_the_admin_of_the_organisation_is_admin_in_each_of_its_workspaces(
    workspaces: tuple[Place, Place],
) -> None:
    for place in workspaces:
        assert "admin on all connections, by D365BOT_ADMINS" in await place.types(
            "gus", "/d365 access"
        )


async def test_a_role_counts_in_the_workspace_that_it_was_given_in(
    workspaces: tuple[Place, Place],
) -> None:
    east, west = workspaces
    assert "needs the role viewer" in await east.types("eve", "/d365 list")
    assert "now has the role viewer" in await east.types("gus", "/d365 access add @eve viewer")
    assert "No connection is set up yet" in await east.types("eve", "/d365 list")
    assert "needs the role viewer" in await west.types("will", "/d365 list")


async def test_nobody_grants_to_a_person_of_another_organisation(
    workspaces: tuple[Place, Place], stage: Stage
) -> None:
    east, _ = workspaces
    stranger = stage.ready["people"]["vera"]
    said = await east.types("gus", f"/d365 access add {stranger} viewer")
    assert "cannot hold a role" in said
