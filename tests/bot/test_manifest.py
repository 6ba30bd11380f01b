"""The manifest: Slack's own schema takes it, and it asks for what the code calls and no more.

`slack-manifest.schema.json` is that of github.com/slackapi/manifest-schema 0.5.0.
"""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

from bot.manifest import manifest
from bot.scopes import CALLS, COMMAND, EVENTS, FIELDS, SCOPES
from handlers import ids, news
from simulator.slack.scopes import SCOPES as SIMULATED

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads(Path(__file__).with_name("slack-manifest.schema.json").read_text())
URL = "https://bot.example.com"


def _content(url: str = "") -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(manifest(url))
    return found


@pytest.mark.parametrize("url", ["", URL])
def test_slacks_schema_takes_it(url: str) -> None:
    jsonschema.Draft7Validator(SCHEMA).validate(_content(url))


def test_the_schema_would_refuse_a_wrong_one() -> None:
    wrong = _content()
    wrong["features"]["slash_commands"][0]["command"] = "d365"
    wrong["unknown"] = True
    errors = list(jsonschema.Draft7Validator(SCHEMA).iter_errors(wrong))
    assert len(errors) == 2


def test_the_file_is_the_one_for_socket_mode() -> None:
    assert (ROOT / "app_manifest.yml").read_text() == manifest()
    settings = _content()["settings"]
    assert settings["socket_mode_enabled"] is True
    assert "https://" not in manifest()


def test_for_an_address_everything_comes_by_http() -> None:
    content = _content(URL)
    settings = content["settings"]
    assert settings["socket_mode_enabled"] is False
    addresses = {
        content["features"]["slash_commands"][0]["url"],
        settings["interactivity"]["request_url"],
        settings["event_subscriptions"]["request_url"],
    }
    assert addresses == {f"{URL}/slack/events"}


def _called() -> Iterator[str]:
    """Methods of slack_sdk's client that the bot calls, by whatever name it holds the client."""
    for room in ("bot", "handlers"):
        for path in (ROOT / room).rglob("*.py"):
            if "demo" in path.parts:  # which is the simulated people's side
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Attribute) and _is_client(node.value):
                    yield node.attr


def _is_client(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name in ("client", "_client")


def test_every_call_has_its_row_and_every_row_its_call() -> None:
    methods = {name for name in _called() if callable(getattr(AsyncWebClient, name, None))}
    assert methods == {need.name for need in CALLS}


def test_no_call_goes_by_a_name_in_a_string() -> None:
    assert "api_call" not in set(_called())


def test_what_is_heard_is_what_is_subscribed() -> None:
    assert [need.name for need in EVENTS] == list(news.EVENTS)
    assert COMMAND.name == ids.COMMAND


def test_the_scopes_are_those_of_the_rows() -> None:
    needed = {scope for need in (*CALLS, *EVENTS, *FIELDS, COMMAND) for scope in need.scopes}
    assert set(SCOPES) == needed
    assert _content()["oauth_config"]["scopes"]["bot"] == sorted(needed)


SEVERAL_OR_ANOTHER_TOKEN = ("files_upload_v2", "apps_connections_open")


@pytest.mark.parametrize(
    "need",
    [need for need in CALLS if need.name not in SEVERAL_OR_ANOTHER_TOKEN],
    ids=lambda need: need.name,
)
def test_a_call_needs_what_the_simulated_slack_says_too(need: Any) -> None:
    """Said twice, from Slack's pages, by two who do not know each other."""
    method = need.name.replace("_", ".", 1)
    method = {"usergroups.users_list": "usergroups.users.list"}.get(method, method)
    wanted = SIMULATED[method]
    assert set(need.scopes) <= set(wanted)
    assert bool(need.scopes) == bool(wanted)
