"""Every setting, from the environment or a `.env` file; the only place that reads either."""

import os
import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from urllib.request import getproxies_environment

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from connection.errors import NotReady
from connection.people import Admins, Person

_ADMIN = re.compile(r"(?:(?P<organisation>[TE][A-Z0-9]+)/)?(?P<user>[UW][A-Z0-9]+)")
_HELP = {
    "slack_bot_token": "SLACK_BOT_TOKEN is the Bot User OAuth Token (xoxb-…) of your Slack app.",
    "slack_signing_secret": "SLACK_SIGNING_SECRET stands on the app's Basic Information page.",
}


class Settings(BaseSettings):
    """Names are those of the environment, in lower case."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", hide_input_in_errors=True)

    slack_bot_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_api_url: str = "https://slack.com/api/"
    d365bot_data_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("d365bot"))
    )
    d365bot_key_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_config_dir("d365bot"))
    )
    d365bot_database_url: str = ""
    d365bot_encryption_keys: SecretStr = SecretStr("")
    d365bot_host: str = "127.0.0.1"
    d365bot_port: int = Field(default=3000, ge=0, le=65535)
    d365bot_metrics_port: int = Field(default=9464, ge=0, le=65535)
    d365bot_admins: Annotated[tuple[str, ...], NoDecode] = ()
    d365bot_login_url: str = "https://login.microsoftonline.com"
    d365bot_bc_url: str = "https://api.businesscentral.dynamics.com"
    d365bot_ca_file: Path | None = None
    d365bot_allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()

    @field_validator("d365bot_admins", "d365bot_allowed_hosts", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return (
            tuple(re.split(r"[,\s]+", value.strip()))
            if isinstance(value, str) and value.strip()
            else ()
        )

    @field_validator("d365bot_admins")
    @classmethod
    def _are_people(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [one for one in value if not _ADMIN.fullmatch(one)]
        if wrong:
            raise ValueError(f"{', '.join(wrong)} is no U…, T…/U… or E…/U…")
        return value

    @field_validator("slack_api_url", "d365bot_login_url", "d365bot_bc_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("https", "http") or not parts.hostname:
            raise ValueError("give a full address that starts with https://")
        return value

    @field_validator("d365bot_ca_file", mode="before")
    @classmethod
    def _not_empty(cls, value: object) -> object:
        return value or None

    @field_validator("d365bot_ca_file")
    @classmethod
    def _is_file(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError("there is no such file")
        return value

    @property
    def database_url(self) -> str:
        """The given one, or a file in the data folder."""
        return self.d365bot_database_url or f"sqlite:///{self.d365bot_data_dir / 'd365bot.sqlite'}"

    @property
    def admins(self) -> Admins:
        """Bare user ids count because the token is of a single workspace."""
        people, bare = set[Person](), set[str]()
        for one in self.d365bot_admins:
            if "/" in one:
                people.add(Person.parse(one))
            else:
                bare.add(one)
        return Admins(frozenset(people), frozenset(bare))

    @property
    def https_proxy(self) -> str:
        """The proxy for https, '' for none."""
        return getproxies_environment().get("https", "")

    @property
    def no_proxy(self) -> str:
        """Hosts that are called directly, separated by commas."""
        return os.environ.get("NO_PROXY") or os.environ.get("no_proxy") or ""


def read_settings(*, for_slack: bool = False) -> Settings:
    """Raises `NotReady` with one sentence for each missing or wrong setting, all at once."""
    sentences: list[str] = []
    settings = None
    try:
        settings = Settings()
    except ValidationError as error:
        sentences += [_sentence(str(one["loc"][0]), one["msg"]) for one in error.errors()]
    if for_slack:
        sentences += _missing_for_slack(settings)
    if sentences or settings is None:
        raise NotReady("\n".join(sentences), "Set them in the environment or in a file .env.")
    return settings


def _missing_for_slack(settings: Settings | None) -> list[str]:
    def given(name: str) -> str:
        value = getattr(settings, name) if settings else SecretStr(os.environ.get(name.upper(), ""))
        return str(value.get_secret_value())

    missing = [
        f"{name.upper()} is not set. {about}" for name, about in _HELP.items() if not given(name)
    ]
    if given("slack_app_token"):
        missing.append(
            "SLACK_APP_TOKEN is set, but this version has no Socket Mode: remove it and let "
            "Slack call /slack/events."
        )
    return missing


def _sentence(name: str, message: str) -> str:
    return f"{name.upper()} is wrong: {message.removeprefix('Value error, ')}."
