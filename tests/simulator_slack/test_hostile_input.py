"""What nobody should send is refused with 4xx, poisons nothing, and is not repeated in the log."""

from typing import Any

import pytest

from tests.simulator_slack.playing import BOT_TOKEN, House
from tests.simulator_slack.test_oauth import MANIFEST, asking, installed

# slack_sdk 3.47 sends the client's secret by a class of aiohttp that is going away.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
DEEP = "[" * 100_000
HEADERS = {"Authorization": f"Bearer {BOT_TOKEN}"}


@pytest.mark.parametrize(
    "limit",
    [
        {"calls": 0},
        {"calls": "x"},
        {"calls": True},
        {"calls": 1.5},
        {"seconds": 0},
        {"seconds": float("nan")},
        {"seconds": None},
        {"per_channel": "yes"},
    ],
    ids=str,
)
async def test_a_limit_that_cannot_be_kept_is_refused(house: House, limit: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        house.site.patch({"limits": {"auth.test": limit}})
    assert (await house.api("auth.test"))["ok"]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 10**400, -1])
@pytest.mark.parametrize("fact", ["ack_seconds", "retry_delays"])
def test_seconds_have_an_end(house: House, fact: str, number: float) -> None:
    with pytest.raises(ValueError):
        house.site.patch({fact: [number] if fact == "retry_delays" else number})


@pytest.mark.parametrize("change", [5, None, [], "x"])
def test_facts_that_are_no_object_are_refused(house: House, change: Any) -> None:
    with pytest.raises(ValueError):
        house.site.patch(change)


async def test_a_refused_change_ends_no_line(house: House) -> None:
    house.site.patch({"socket_mode": True})
    patch = {"socket_mode": False, "workspaces": {"fabrikam": {"plan": "free"}}, "weather": 1}
    disabled: list[bool] = []
    house.site.app.sockets.disable = lambda: disabled.append(True)  # type: ignore[method-assign]
    with pytest.raises(ValueError):
        house.site.patch(patch)
    assert disabled == []
    assert house.site.facts()["socket_mode"] is True


@pytest.mark.parametrize("body", [DEEP, '{"a": NaN}', '{"text": "\\ud800"}', '{"a": 1e999}'])
async def test_json_that_could_not_be_told_again_is_no_json(house: House, body: str) -> None:
    headers = {**HEADERS, "Content-Type": "application/json"}
    answer = await house.http.post("/api/chat.postMessage", content=body, headers=headers)
    assert answer.json()["error"] == "invalid_json"
    assert (await house.http.post("/_slack/say", content=body)).status_code == 400


async def test_blocks_too_deep_to_read_are_refused(house: House) -> None:
    form = {"channel": house.channel("general"), "blocks": DEEP}
    answer = await house.http.post("/api/chat.postMessage", data=form, headers=HEADERS)
    assert (answer.status_code, answer.json()["error"]) == (200, "invalid_blocks_format")


@pytest.mark.parametrize(
    ("act", "asked"),
    [
        ("install", {"url": "http://["}),
        ("socket", {"do": []}),
        ("socket", {"do": {}}),
        ("raw", {"body_base64": "x"}),
    ],
    ids=str,
)
async def test_an_act_that_cannot_be_is_refused(
    house: House, act: str, asked: dict[str, Any]
) -> None:
    assert await house.refused(act, **asked)


@pytest.mark.parametrize("query", ["after=-1&wait=-1", "after=0&wait=nan", "after=inf&wait=1"])
async def test_a_poll_waits_for_a_number_of_seconds(house: House, query: str) -> None:
    answer = await house.http.get(f"/_slack/messages?person=olga&{query}")
    assert answer.status_code == 400


@pytest.mark.parametrize("uri", ["http://[", "https://bot.example/slack/oauth_redirect%23here"])
async def test_a_redirect_that_no_browser_can_follow_is_refused(house: House, uri: str) -> None:
    url = asking(redirect_uri=uri)
    page = await house.http.get(f"/oauth/v2/authorize?{url.partition('?')[2]}")
    assert (page.status_code, "bad_redirect_uri" in page.text) == (400, True)


async def test_a_form_that_is_no_text_is_refused(house: House) -> None:
    query = asking("chat:write").partition("?")[2]
    page = await house.http.post(f"/oauth/v2/authorize?{query}", content=b"person=\xff")
    assert page.status_code == 400


async def test_the_log_and_the_counters_repeat_no_word_that_opens_something(house: House) -> None:
    done = await house.act("command", person="olga", channel="dm", text="/d365 x")
    await house.http.post(done["response_url"], json={"text": "Done."})
    await house.http.post("/_hooks/upload/secret-key", content=b"x")
    await house.http.post("/api/xoxb-secret")
    paths = [path for _, _, path, *_ in house.calls]
    assert paths == ["/_hooks/response/*", "/_hooks/upload/*", "/api/*"]
    assert "xoxb-secret" not in str(house.site.facts())


async def test_what_nobody_collects_is_forgotten(house: House) -> None:
    house.site.patch({"socket_mode": True})
    sockets = house.site.app.sockets
    first = sockets.ticket()
    for _ in range(1000):
        last = sockets.ticket()
    assert (sockets.redeem(first), sockets.redeem(last)) == (False, True)


async def test_installing_again_with_rotation_keeps_the_newest_scopes(house: House) -> None:
    house.site.patch({"manifest": {"settings": {"token_rotation_enabled": True}}})
    await installed(house, "chat:write")
    await installed(house, "users:read")
    third = await installed(house, "im:write")
    assert third["scope"] == "chat:write,im:write,users:read"


def test_a_manifest_silent_about_events_leaves_the_usual_ones(house: House) -> None:
    before = house.site.facts()["subscriptions"]
    house.site.patch({"manifest": {"settings": {}}})
    assert house.site.facts()["subscriptions"] == before
    house.site.patch({"manifest": MANIFEST})
    assert house.site.facts()["subscriptions"] == ["app_uninstalled", "tokens_revoked"]


@pytest.mark.parametrize("place", ["query", "JSON"])
async def test_a_token_counts_in_the_header_and_in_a_form_only(house: House, place: str) -> None:
    told = {"token": BOT_TOKEN}
    elsewhere: dict[str, Any] = {"params": told} if place == "query" else {"json": told}
    form = await house.http.post("/api/auth.test", data=told)
    other = await house.http.post("/api/auth.test", **elsewhere)
    assert form.json()["ok"]
    assert other.json()["error"] == "not_authed"
