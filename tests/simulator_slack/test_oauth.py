"""The app is installed by a person, gets a token for its code once, and can be thrown out again."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator

from tests.simulator_slack.playing import BOT_TOKEN, CLIENT_ID, CLIENT_SECRET, House

# slack_sdk 3.47 sends the client's secret by a class of aiohttp that is going away.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
REDIRECT = "https://bot.example/slack/oauth_redirect"
SECRETS = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
MANIFEST = {
    "oauth_config": {"scopes": {"bot": ["chat:write", "users:read"]}, "redirect_urls": [REDIRECT]},
    "settings": {"event_subscriptions": {"bot_events": ["app_uninstalled", "tokens_revoked"]}},
}


def asking(*scopes: str, **more: str) -> str:
    """The address to which an app sends its people, made by Slack's own client."""
    generator = AuthorizeUrlGenerator(
        client_id=more.get("client_id", CLIENT_ID),
        redirect_uri=more.get("redirect_uri", REDIRECT),
        scopes=scopes or ("chat:write",),
        user_scopes=[more["user_scope"]] if "user_scope" in more else (),
        authorization_url="http://slack.invalid/oauth/v2/authorize",
    )
    return generator.generate("state-1", team=more.get("team", ""))


async def code(house: House, *scopes: str, **more: Any) -> str:
    choice = {"team": "fabrikam", "person": "nina", **more}
    done = await house.act("install", url=asking(*scopes), **choice)
    return parse_qs(urlsplit(str(done["redirect"])).query)["code"][0]


async def installed(house: House, *scopes: str, **more: Any) -> dict[str, Any]:
    found = await code(house, *scopes, **more)
    answer = await house.web.oauth_v2_access(code=found, redirect_uri=REDIRECT, **SECRETS)
    data = answer.data
    assert isinstance(data, dict)
    return data


async def test_an_installed_app_acts_in_that_workspace_only(house: House) -> None:
    granted = await installed(house, "chat:write", "commands", "users:read")
    assert granted["scope"] == "chat:write,commands,users:read"
    assert granted["team"]["name"] == "Fabrikam (made up)"
    assert granted["token_type"] == "bot"
    token = granted["access_token"]
    who = await house.as_token(token, "auth.test")
    assert (who["team_id"], who["is_enterprise_install"]) == (granted["team"]["id"], False)
    names = {user["name"] for user in (await house.as_token(token, "users.list"))["members"]}
    assert names == {"nina", "d365bot"}
    elsewhere = await house.as_token(
        token, "chat.postMessage", channel=house.channel("general"), text="x"
    )
    assert elsewhere["error"] == "channel_not_found"
    said = await house.act("command", team="fabrikam", person="nina", channel="dm", text="/d365 x")
    assert said["status"] == 200
    assert house.bot.last["team_id"] == granted["team"]["id"]


async def test_where_the_app_is_not_installed_nobody_can_use_it(house: House) -> None:
    said = await house.refused(
        "command", team="fabrikam", person="nina", channel="dm", text="/d365 x"
    )
    assert said == "the app is not installed in fabrikam"


async def test_the_answer_carries_the_state_and_a_refusal_says_so(house: House) -> None:
    done = await house.act("install", url=asking(), team="fabrikam", person="nina", allow=False)
    query = parse_qs(urlsplit(done["redirect"]).query)
    assert (query["error"], query["state"]) == (["access_denied"], ["state-1"])


async def test_a_browser_is_sent_back_with_the_code(house: House) -> None:
    path = f"/oauth/v2/authorize?{urlsplit(asking('chat:write')).query}"
    page = await house.http.get(path)
    assert (page.status_code, "chat:write" in page.text) == (200, True)
    form = {"team": "fabrikam", "person": "nina", "allow": "true"}
    sent = await house.http.post(path, data=form)
    assert sent.status_code == httpx.codes.FOUND
    assert sent.headers["location"].startswith(f"{REDIRECT}?code=")


WRONG = {
    "another app": (asking(client_id="7.7"), "invalid_client_id"),
    "no https": (asking(redirect_uri="http://bot.example/x"), "bad_redirect_uri"),
    "an address the manifest lacks": (
        asking(redirect_uri="https://evil.example/slack/oauth_redirect"),
        "bad_redirect_uri",
    ),
    "an address that only begins alike": (
        asking(redirect_uri=f"{REDIRECT}-evil"),
        "bad_redirect_uri",
    ),
    "a scope the manifest lacks": (asking("files:write"), "invalid_scope"),
    "a scope nobody has": (asking("everything:write"), "invalid_scope"),
    "a scope of the app itself": (asking("connections:write"), "invalid_scope"),
    "no scope": (asking("chat:write").replace("chat:write", ""), "invalid_scope"),
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_the_page_does_not_ask_for_what_the_app_may_not_want(
    house: House, wrong: str
) -> None:
    house.site.patch({"manifest": MANIFEST})
    url, error = WRONG[wrong]
    page = await house.http.get(f"/oauth/v2/authorize?{urlsplit(url).query}")
    assert (page.status_code, error in page.text) == (400, True)
    assert await house.refused("install", url=url, person="nina", team="fabrikam") == error


async def test_a_user_token_is_not_simulated_and_that_is_said(house: House) -> None:
    query = urlsplit(asking(user_scope="chat:write")).query
    page = await house.http.get(f"/oauth/v2/authorize?{query}")
    assert (page.status_code, "no user tokens" in page.text) == (501, True)


async def test_an_address_below_a_listed_one_is_accepted(house: House) -> None:
    house.site.patch({"manifest": MANIFEST})
    url = asking(redirect_uri=f"{REDIRECT}/eu")
    done = await house.act("install", url=url, team="fabrikam", person="nina")
    assert done["redirect"].startswith(f"{REDIRECT}/eu?code=")


async def test_a_guest_may_not_install(house: House) -> None:
    assert "may not install" in await house.refused("install", url=asking(), person="gwen")


REFUSED = {
    "a code twice": ({}, "code_already_used"),
    "no code": ({"code": ""}, "invalid_code"),
    "an invented code": ({"code": "1.2.3"}, "invalid_code"),
    "another secret": ({"client_secret": "guess"}, "bad_client_secret"),
    "another client": ({"client_id": "7.7"}, "invalid_client_id"),
    "another address": ({"redirect_uri": "https://bot.example/"}, "bad_redirect_uri"),
    "another grant": ({"grant_type": "password"}, "invalid_grant_type"),
}


@pytest.mark.parametrize("wrong", REFUSED)
async def test_a_code_is_exchanged_once_and_only_as_it_was_given(house: House, wrong: str) -> None:
    change, error = REFUSED[wrong]
    right = {"code": await code(house), "redirect_uri": REDIRECT, **SECRETS}
    if not change:
        await house.web.api_call("oauth.v2.access", params=right)
    with pytest.raises(SlackApiError, match=error):
        await house.web.api_call("oauth.v2.access", params={**right, **change})


async def test_a_code_is_good_for_ten_minutes(house: House) -> None:
    found = await code(house)
    house.clock.pass_by(601)
    with pytest.raises(SlackApiError, match="invalid_code"):
        await house.web.oauth_v2_access(code=found, redirect_uri=REDIRECT, **SECRETS)


async def test_the_secret_may_come_as_http_basic(house: House) -> None:
    form = {"code": await code(house), "redirect_uri": REDIRECT}
    basic = httpx.BasicAuth(CLIENT_ID, CLIENT_SECRET)
    answer = await house.http.post("/api/oauth.v2.access", data=form, auth=basic)
    assert answer.json()["ok"]


async def test_installing_again_adds_scopes_and_keeps_the_token(house: House) -> None:
    first = await installed(house, "chat:write")
    second = await installed(house, "users:read")
    assert second["access_token"] == first["access_token"]
    assert second["scope"] == "chat:write,users:read"


async def test_a_rotating_token_ends_after_twelve_hours_and_is_renewed_once(house: House) -> None:
    house.site.patch({"manifest": {"settings": {"token_rotation_enabled": True}}})
    granted = await installed(house, "chat:write")
    assert granted["expires_in"] == 43_200
    assert granted["access_token"].startswith("xoxe.xoxb-1-")
    house.clock.pass_by(43_200)
    expired = await house.as_token(granted["access_token"], "auth.test")
    assert expired["error"] == "token_expired"
    rotator = AsyncTokenRotator(**SECRETS, client=house.web)
    known = Bot(
        bot_token=granted["access_token"],
        bot_refresh_token=granted["refresh_token"],
        bot_token_expires_at=0,
        bot_id="B",
        bot_user_id="U",
        installed_at=1.0,
    )
    renewed = await rotator.perform_bot_token_rotation(bot=known)
    assert renewed is not None
    assert (await house.as_token(renewed.bot_token, "auth.test"))["ok"]
    with pytest.raises(SlackApiError, match="invalid_refresh_token"):
        await house.web.oauth_v2_access(
            grant_type="refresh_token", refresh_token=granted["refresh_token"], **SECRETS
        )


@pytest.mark.parametrize(
    ("method", "more"), [("auth.revoke", {}), ("apps.uninstall", SECRETS)], ids=str
)
async def test_the_app_is_told_that_it_was_thrown_out(
    house: House, method: str, more: dict[str, str]
) -> None:
    assert (await house.api(method, **more))["ok"]
    await house.bot.has_received(2)
    told = [sent["event"]["type"] for sent in house.bot.received]
    assert sorted(told) == ["app_uninstalled", "tokens_revoked"]
    assert (await house.api("auth.test"))["error"] == "token_revoked"
    assert "not installed" in await house.refused("home", person="olga")


async def test_revoking_may_be_tried_without_doing_it(house: House) -> None:
    assert (await house.api("auth.revoke", test=True))["revoked"] is False
    assert (await house.api("auth.test"))["ok"]


async def test_uninstalling_needs_the_secret(house: House) -> None:
    wrong = {**SECRETS, "client_secret": "guess"}
    assert (await house.api("apps.uninstall", **wrong))["error"] == "bad_client_secret"
    assert (await house.as_token(BOT_TOKEN, "auth.test"))["ok"]
