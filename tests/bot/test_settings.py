"""Settings: one clear sentence for each missing or wrong one, all at once."""

import logging
from pathlib import Path

import pytest

from bot.logs import MASKED, mask
from bot.settings import read_settings
from bot.slack_client import proxy_for
from connection.errors import NotReady
from connection.people import Person

RIGHT = {"SLACK_BOT_TOKEN": "xoxb-of-nobody", "SLACK_SIGNING_SECRET": "nobody knows"}


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No .env, and none of this machine's proxies."""
    monkeypatch.chdir(tmp_path)
    for name in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name, value in RIGHT.items():
        monkeypatch.setenv(name, value)


def test_every_wrong_setting_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SLACK_BOT_TOKEN")
    monkeypatch.setenv("D365BOT_PORT", "many")
    monkeypatch.setenv("D365BOT_ADMINS", "olga, U0EXAMPLE")
    monkeypatch.setenv("D365BOT_LOGIN_URL", "login.example")
    monkeypatch.setenv("D365BOT_CA_FILE", "nowhere.pem")
    with pytest.raises(NotReady) as refused:
        read_settings(for_slack=True)
    sentences = refused.value.message.splitlines()
    for name in (
        "SLACK_BOT_TOKEN",
        "D365BOT_PORT",
        "D365BOT_ADMINS",
        "D365BOT_LOGIN_URL",
        "D365BOT_CA_FILE",
    ):
        assert len([one for one in sentences if one.startswith(name)]) == 1, name


def test_no_error_repeats_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("D365BOT_PORT", "hunter2hunter2")
    with pytest.raises(NotReady) as refused:
        read_settings(for_slack=True)
    assert "hunter2" not in refused.value.message


def test_secrets_do_not_show_in_the_settings() -> None:
    assert "nobody" not in repr(read_settings(for_slack=True))


def test_a_setting_of_a_later_version_is_refused_and_not_ignored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-of-nobody")
    with pytest.raises(NotReady, match="Socket Mode"):
        read_settings(for_slack=True)


def test_admins_are_people_or_bare_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("D365BOT_ADMINS", "U0ONE, T0TEAM/U0TWO E0GRID/W0THREE")
    admins = read_settings().admins
    assert Person("T0ANY", "U0ONE") in admins
    assert Person("T0TEAM", "U0TWO") in admins
    assert Person("T0OTHER", "U0TWO") not in admins
    assert Person("E0GRID", "W0THREE") in admins


def test_settings_come_from_an_env_file_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("D365BOT_PORT=3210\n")
    assert read_settings().d365bot_port == 3210


@pytest.mark.parametrize(
    ("address", "proxied"),
    [
        ("https://slack.com/api/", True),
        ("https://hooks.slack.com/x", True),
        ("https://inside.example.test/api/", False),
        ("http://127.0.0.1:8080/api/", False),
    ],
)
def test_the_proxy_is_chosen_by_the_host(
    monkeypatch: pytest.MonkeyPatch, address: str, proxied: bool
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.test:3128")
    monkeypatch.setenv("NO_PROXY", "localhost,.example.test")
    assert bool(proxy_for(address, read_settings())) == proxied


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("token", "anything"),
        ("client_secret", "anything"),
        ("event", "it said Password=Sommer2026!"),
        ("event", "aBc8Q~" + "xY7." * 8 + "q9"),
    ],
)
def test_logs_mask_what_looks_like_a_secret(key: str, value: str) -> None:
    masked = mask(logging.getLogger(), "info", {key: value, "event2": "a plain line"})
    assert masked[key] == MASKED
    assert masked["event2"] == "a plain line"


def test_a_traceback_loses_only_the_line_with_the_secret() -> None:
    masked = mask(logging.getLogger(), "info", {"exception": "one\nPassword=Sommer2026!\nthree"})
    assert masked["exception"] == f"one\n{MASKED}\nthree"
