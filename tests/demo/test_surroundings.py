"""The environment of a demo's bot."""

import json
from pathlib import Path

from bot.demo.surroundings import Folders, Ready, bot_environment, undisturbed

READY = {
    "proxy": "http://127.0.0.1:1",
    "ca_file": "ca.pem",
    "slack_api_url": "http://127.0.0.1:2/api/",
    "signing_secret": "signing",
    "bot_token": "xoxb-made-up",
    "team_id": "T0MADEUP",
    "people": {"ada": "U0ADA"},
    "channels": {"crm-admins": "C0ADMINS"},
    "control_url": "http://127.0.0.1:2",
    "tenant": "tenant",
    "apps": {
        "bot": {"client_id": "id", "client_secret": "made-up-client-secret"},
        "admin": {"client_id": "another id", "client_secret": None},
    },
    "sales_url": "https://example.crm4.dynamics.com",
    "bc": {"environment": "Production", "company": "Example"},
}


def test_settings_and_proxies_of_the_caller_do_not_reach_the_demo() -> None:
    callers = {
        "PATH": "/bin",
        "D365BOT_ADMINS": "U0OTHER",
        "SLACK_APP_TOKEN": "xapp-1",
        "https_proxy": "http://elsewhere",
        "NO_PROXY": "*",
    }
    assert undisturbed(callers) == {"PATH": "/bin", "PYTHONUTF8": "1"}


def test_the_bot_gets_everything_from_the_ready_file(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    folders.ready_file.write_text(json.dumps(READY))
    ready = Ready.read(folders.ready_file)
    environment = bot_environment({"SLACK_API_URL": "x"}, ready, folders, 3000, "ada")
    assert environment["D365BOT_ADMINS"] == "T0MADEUP/U0ADA"
    assert environment["SLACK_API_URL"] == READY["slack_api_url"]
    assert environment["HTTPS_PROXY"] == READY["proxy"]
    assert "made-up-client-secret" not in environment.values()
    assert "made-up-client-secret" not in repr(ready)
    assert ready.names == {"U0ADA": "ada", "C0ADMINS": "crm-admins"}
