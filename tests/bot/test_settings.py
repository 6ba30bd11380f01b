"""Settings: one clear sentence for each missing or wrong one, all at once."""

import base64
import logging
import os
from pathlib import Path

import pytest

from bot.key_vault import key_vault_proxy
from bot.logs import MASKED, mask
from bot.setting_names import LATER
from bot.settings import read_settings
from bot.slack_client import proxy_for
from connection.errors import NotReady
from connection.people import Person

RIGHT = {"SLACK_BOT_TOKEN": "xoxb-of-nobody", "SLACK_SIGNING_SECRET": "nobody knows"}


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No .env, and none of this machine's proxies."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.upper() in ("HTTPS_PROXY", "NO_PROXY") or name.startswith(("D365BOT_", "SLACK_")):
            monkeypatch.delenv(name)
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
    monkeypatch.setenv("D365BOT_SOLUTION_DIR", "nowhere")
    with pytest.raises(NotReady) as refused:
        read_settings(for_slack=True)
    sentences = refused.value.message.splitlines()
    for name in (
        "SLACK_BOT_TOKEN",
        "D365BOT_PORT",
        "D365BOT_ADMINS",
        "D365BOT_LOGIN_URL",
        "D365BOT_CA_FILE",
        "D365BOT_SOLUTION_DIR",
    ):
        assert len([one for one in sentences if one.startswith(name)]) == 1, name


def test_no_error_repeats_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("D365BOT_PORT", "hunter2hunter2")
    with pytest.raises(NotReady) as refused:
        read_settings(for_slack=True)
    assert "hunter2" not in refused.value.message


def test_secrets_do_not_show_in_the_settings() -> None:
    assert "nobody" not in repr(read_settings(for_slack=True))


def test_with_socket_mode_no_signing_secret_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "")
    with pytest.raises(NotReady, match=r"with SLACK_APP_TOKEN \(Socket Mode\) it is not needed"):
        read_settings(for_slack=True)
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-of-nobody")
    assert "nobody" not in repr(read_settings(for_slack=True))


def test_an_app_token_is_no_bot_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_APP_TOKEN", "xoxb-of-nobody")
    with pytest.raises(NotReady, match="SLACK_APP_TOKEN is wrong: give an App-Level Token") as told:
        read_settings(for_slack=True)
    assert "nobody" not in str(told.value)


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


def _refusal(**settings: str) -> NotReady:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        with pytest.raises(NotReady) as refused:
            read_settings(for_slack=True)
    return refused.value


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("proxy.example.test:3128", "http://proxy.example.test:3128"),
        (" http://proxy.example.test:3128/ ", "http://proxy.example.test:3128"),
        ("https://me:pass@proxy.example.test", "https://me:pass@proxy.example.test"),
        ("", ""),
    ],
)
def test_a_proxy_has_its_scheme_for_microsoft_and_slack_alike(
    monkeypatch: pytest.MonkeyPatch, given: str, used: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", given)
    settings = read_settings()
    assert settings.https_proxy == used
    assert proxy_for("https://slack.com/api/", settings) == (used or None)
    assert "pass" not in repr(settings)


@pytest.mark.parametrize(
    "given", ["socks5://me:hunter2@host:1", "me:hunter2@", "http://host:99999/hunter2", "http://"]
)
def test_a_proxy_that_is_none_is_told_without_its_password(given: str) -> None:
    refused = _refusal(HTTPS_PROXY=given)
    assert refused.message.startswith("HTTPS_PROXY is wrong: give the address of an http proxy")
    assert "hunter2" not in refused.message


@pytest.mark.parametrize("name", ["D365BOT_LOGIN_URL", "D365BOT_BC_URL"])
def test_tokens_are_asked_for_by_https_only(name: str) -> None:
    assert "https://" in _refusal(**{name: "http://login.example.test"}).message
    assert "https://" in _refusal(**{name: "http://127.0.0.1:81"}).message
    listed = {name: "http://login.example.test", "D365BOT_ALLOWED_HOSTS": "login.example.test"}
    assert "https://" in _refusal(**listed).message


@pytest.mark.parametrize("listed", ["127.0.0.1", "127.0.0.1:81", "127.0.0.0/8"])
def test_a_loopback_login_that_is_allowed_may_be_http(
    monkeypatch: pytest.MonkeyPatch, listed: str
) -> None:
    monkeypatch.setenv("D365BOT_LOGIN_URL", "http://127.0.0.1:81")
    monkeypatch.setenv("D365BOT_ALLOWED_HOSTS", listed)
    assert read_settings().d365bot_login_url == "http://127.0.0.1:81"


def test_slack_is_called_by_https_unless_it_is_on_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "SLACK_API_URL" in _refusal(SLACK_API_URL="http://slack.com/api/").message
    for address in ("http://127.0.0.1:1/api/", "http://[::1]:1/api/", "http://localhost:1/api/"):
        monkeypatch.setenv("SLACK_API_URL", address)
        assert read_settings().slack_api_url == address


def test_a_token_that_is_no_bots_is_told_and_not_shown() -> None:
    message = _refusal(SLACK_BOT_TOKEN="xoxp-hunter2").message
    assert message.startswith("SLACK_BOT_TOKEN is wrong: give the Bot User OAuth Token")
    assert "hunter2" not in message


def test_a_mistyped_name_is_told_with_the_one_that_was_meant(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("D365BOT_ADMIN=U0ONE\n")
    message = _refusal(D365BOT_PROT="1", D365BOT_WHATEVER_ELSE="1").message
    assert "D365BOT_PROT is not a setting of d365bot: did you mean D365BOT_PORT?" in message
    assert "D365BOT_ADMIN is not a setting of d365bot: did you mean D365BOT_ADMINS?" in message
    assert "D365BOT_WHATEVER_ELSE is not a setting of d365bot." in message


@pytest.mark.parametrize("name", sorted(LATER))
def test_a_name_of_a_later_version_is_told_and_refuses_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    monkeypatch.setenv(name, "hunter2")
    read_settings(for_slack=True)
    assert caplog.messages == [
        f"{name} belongs to a later version of d365bot: it does nothing yet."
    ]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("D365BOT_PORT", "70000", "give a number from 0 to 65535."),
        ("D365BOT_METRICS_PORT", "-1", "give a number from 0 to 65535."),
        ("D365BOT_ADMINS", "olga", "'olga' is not a Slack user id such as U012AB3CD."),
        ("D365BOT_ADMINS", "xoxb-1234567890-aBcDeFgHiJkL", "one entry is not a Slack user id"),
        ("D365BOT_DATABASE_URL", "mysql://me:hunter2@host/x", "sqlite:///"),
        ("D365BOT_ENCRYPTION_KEYS", "1:hunter2", "Key 1 of D365BOT_ENCRYPTION_KEYS is not a key"),
        ("D365BOT_ALLOWED_HOSTS", "https://x.test", "is not a host, suffix, address or network"),
    ],
)
def test_a_wrong_value_is_told_with_what_to_write(name: str, value: str, said: str) -> None:
    refused = _refusal(**{name: value})
    assert name in refused.message
    assert said in refused.message
    assert "hunter2" not in refused.message
    assert "aBcDeF" not in refused.message
    assert refused.hint == "Correct them in the environment or in .env."


def test_a_file_that_holds_no_certificate_is_told(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("a shopping list")
    refused = _refusal(D365BOT_CA_FILE=str(tmp_path / "ca.pem"))
    assert "holds no readable certificate" in refused.message


def test_a_folder_of_packages_has_to_be_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "a.zip").write_text("a file")
    refused = _refusal(D365BOT_SOLUTION_DIR=str(tmp_path / "a.zip"))
    assert "there is no such folder" in refused.message
    monkeypatch.setenv("D365BOT_SOLUTION_DIR", str(tmp_path))
    assert read_settings().d365bot_solution_dir == tmp_path


def test_what_stands_in_the_env_file_is_not_missing_when_another_is_wrong(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SLACK_BOT_TOKEN")
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-filed\n")
    assert "SLACK_BOT_TOKEN" not in _refusal(D365BOT_PORT="many").message


def test_an_empty_setting_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("D365BOT_DATA_DIR", "")
    assert read_settings().d365bot_data_dir.is_absolute()


VAULT_KEY = "https://demo-vault.vault.azure.net/keys/d365bot"


@pytest.mark.parametrize("given", [VAULT_KEY, f"{VAULT_KEY}/", f"{VAULT_KEY}/{'0a' * 16}"])
def test_a_key_of_key_vault_is_named_with_or_without_a_version(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("D365BOT_KEY_VAULT_KEY", given)
    assert read_settings().d365bot_key_vault_key == given.rstrip("/")


@pytest.mark.parametrize(
    "given",
    [
        "demo-vault",
        "https://demo-vault.vault.azure.net",
        "https://demo-vault.vault.azure.net/secrets/d365bot",
        "http://demo-vault.vault.azure.net/keys/d365bot",
        "https://vault.azure.net/keys/d365bot",
        "https://demo-vault.vault.azure.net.example.com/keys/d365bot",
        "https://user:word@demo-vault.vault.azure.net/keys/d365bot",
        f"{VAULT_KEY}/latest",
        f"{VAULT_KEY}?x",
    ],
)
def test_what_is_no_key_of_key_vault_is_refused(given: str) -> None:
    refused = _refusal(D365BOT_KEY_VAULT_KEY=given)
    assert "https://NAME.vault.azure.net/keys/KEY" in refused.message
    assert given not in refused.message.replace("https://NAME.vault.azure.net/keys/KEY", "")


def test_key_vault_and_keys_of_the_settings_exclude_each_other() -> None:
    keys = f"1:{base64.b64encode(bytes(32)).decode()}"
    refused = _refusal(D365BOT_KEY_VAULT_KEY=VAULT_KEY, D365BOT_ENCRYPTION_KEYS=keys)
    assert "not used while D365BOT_ENCRYPTION_KEYS is set" in refused.message
    assert keys not in refused.message


def test_key_vault_is_called_by_the_proxy_unless_no_proxy_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example.com:3128")
    monkeypatch.setenv("NO_PROXY", ".vault.azure.net")
    ask = key_vault_proxy(read_settings())
    assert ask("https://login.microsoftonline.com/x") == "http://proxy.example.com:3128"
    assert ask(f"{VAULT_KEY}/wrapkey") == ""
