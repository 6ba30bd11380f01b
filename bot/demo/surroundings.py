"""What the simulators say of themselves, and the environment that the bot gets from it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_DISTURBING = ("D365BOT_", "SLACK_", "DBOS_")
DEMO_FOLDER = "(the demo's folder)"
"""Printed in place of the temporary folder's path."""

_PROXIES = frozenset({"http_proxy", "https_proxy", "all_proxy", "no_proxy"})


@dataclass(frozen=True, slots=True)
class Ready:
    """The simulators' ready file."""

    proxy: str
    ca_file: str
    slack_api_url: str
    control_url: str
    team_id: str
    people: Mapping[str, str]
    channels: Mapping[str, str]
    tenant: str
    sales_url: str
    bc_environment: str
    bc_company: str
    bot_client_id: str
    admin_client_id: str
    bot_client_secret: str = field(repr=False)
    bot_token: str = field(repr=False)
    signing_secret: str = field(repr=False)

    @classmethod
    def read(cls, path: Path) -> "Ready":
        """It is there whole or not at all."""
        said = json.loads(path.read_text())
        same = ("proxy", "ca_file", "slack_api_url", "control_url", "team_id", "people")
        more = ("channels", "tenant", "sales_url", "bot_token", "signing_secret")
        return cls(
            **{name: said[name] for name in (*same, *more)},
            bc_environment=said["bc"]["environment"],
            bc_company=said["bc"]["company"],
            bot_client_id=said["apps"]["bot"]["client_id"],
            admin_client_id=said["apps"]["admin"]["client_id"],
            bot_client_secret=said["apps"]["bot"]["client_secret"],
        )

    @property
    def names(self) -> dict[str, str]:
        """Slack's ids of people and channels → their names."""
        both = (*self.people.items(), *self.channels.items())
        return {slack_id: name for name, slack_id in both}


@dataclass(frozen=True, slots=True)
class Folders:
    """Where everything of one demo lies, all of it temporary."""

    root: Path

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def packages(self) -> Path:
        return self.root / "packages"

    @property
    def ready_file(self) -> Path:
        return self.root / "ready.json"

    def make(self) -> None:
        """For this user only."""
        for folder in (self.data, self.keys, self.logs, self.packages):
            folder.mkdir(mode=0o700)


def undisturbed(environment: Mapping[str, str]) -> dict[str, str]:
    """Without anything that would configure a bot or lead its calls elsewhere."""
    kept = {
        name: value
        for name, value in environment.items()
        if not name.upper().startswith(_DISTURBING) and name.lower() not in _PROXIES
    }
    return kept | {"PYTHONUTF8": "1"}


def bot_environment(
    environment: Mapping[str, str], ready: Ready, folders: Folders, port: int, admin: str
) -> dict[str, str]:
    """`admin` is the name of the person in D365BOT_ADMINS."""
    return undisturbed(environment) | {
        "SLACK_BOT_TOKEN": ready.bot_token,
        "SLACK_SIGNING_SECRET": ready.signing_secret,
        "SLACK_API_URL": ready.slack_api_url,
        "HTTPS_PROXY": ready.proxy,
        "NO_PROXY": "127.0.0.1,localhost",
        "D365BOT_CA_FILE": ready.ca_file,
        "D365BOT_DATA_DIR": str(folders.data),
        "D365BOT_KEY_DIR": str(folders.keys),
        "D365BOT_HOST": "127.0.0.1",
        "D365BOT_PORT": str(port),
        "D365BOT_METRICS_PORT": "0",
        "D365BOT_SOLUTION_DIR": str(folders.packages),
        "D365BOT_ADMINS": f"{ready.team_id}/{ready.people[admin]}",
    }
