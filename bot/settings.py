"""Every setting, from the environment or a `.env` file; the only place that reads either."""

import logging
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, NoDecode, SettingsConfigDict

from bot import setting_rules as rules
from bot.setting_names import mistyped, of_later_versions
from connection.errors import NotReady
from connection.people import Admins, Person

log = logging.getLogger(__name__)

_NEEDED_FOR_SLACK = {
    "slack_bot_token": "It is the Bot User OAuth Token (xoxb-…) of your Slack app.",
    "slack_signing_secret": "It stands on the app's Basic Information page; with SLACK_APP_TOKEN "
    "(Socket Mode) it is not needed.",
}


class Settings(BaseSettings):
    """Names are those of the environment, in lower case; an empty one counts as not set."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )

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
    d365bot_database_url: str = Field(default="", repr=False)
    d365bot_migration_database_url: str = Field(default="", repr=False)
    """For the role that owns the tables of PostgreSQL, where the bot's own is another one."""
    d365bot_encryption_keys: SecretStr = SecretStr("")
    d365bot_key_vault_key: str = ""
    d365bot_host: str = "127.0.0.1"
    d365bot_port: int = 3000
    d365bot_metrics_port: int = 9464
    d365bot_admins: Annotated[tuple[str, ...], NoDecode] = ()
    d365bot_allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    d365bot_login_url: str = "https://login.microsoftonline.com"
    d365bot_bc_url: str = "https://api.businesscentral.dynamics.com"
    d365bot_ca_file: Path | None = None
    d365bot_solution_dir: Path | None = None
    """With the packages of the integration solution."""
    d365bot_public_url: str = ""
    d365bot_secrets_in_slack: bool = False
    d365bot_classic_blocks: bool = False
    """No folded parts and no tables in messages."""
    azure_federated_token_file: Path | None = None
    """The assertion of a workload identity, where the platform mounts it."""
    identity_endpoint: str = ""
    """Where the platform offers a managed identity; msal reads its header itself."""
    https_proxy: str = Field(default="", repr=False)
    """With its scheme and perhaps with a password; '' for none."""
    no_proxy: str = ""
    """Hosts that are called directly, separated by commas."""

    @field_validator("slack_bot_token")
    @classmethod
    def _is_bot_token(cls, value: SecretStr) -> SecretStr:
        rules.bot_token(value.get_secret_value())
        return value

    @field_validator("slack_app_token")
    @classmethod
    def _is_app_token(cls, value: SecretStr) -> SecretStr:
        rules.app_token(value.get_secret_value())
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _is_slack(cls, value: str) -> str:
        rules.slack_address(value)
        return value

    @field_validator("d365bot_database_url", "d365bot_migration_database_url")
    @classmethod
    def _is_database(cls, value: str) -> str:
        rules.database(value)
        return value

    @field_validator("d365bot_encryption_keys")
    @classmethod
    def _are_keys(cls, value: SecretStr) -> SecretStr:
        rules.encryption_keys(value.get_secret_value())
        return value

    @field_validator("d365bot_key_vault_key")
    @classmethod
    def _is_vault_key(cls, value: str, info: ValidationInfo) -> str:
        keys = info.data.get("d365bot_encryption_keys", SecretStr(""))
        return rules.key_vault_key(value, beside_keys=bool(keys.get_secret_value()))

    @field_validator("d365bot_port", "d365bot_metrics_port", mode="before")
    @classmethod
    def _is_port(cls, value: object) -> int:
        return rules.port(value)

    @field_validator("d365bot_admins", "d365bot_allowed_hosts", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return tuple(filter(None, re.split(r"[,\s]+", value))) if isinstance(value, str) else value

    @field_validator("d365bot_admins")
    @classmethod
    def _are_people(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        rules.people(value)
        return value

    @field_validator("d365bot_allowed_hosts")
    @classmethod
    def _are_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        rules.hosts(value)
        return value

    @field_validator("d365bot_login_url", "d365bot_bc_url")
    @classmethod
    def _is_microsoft(cls, value: str, info: ValidationInfo) -> str:
        rules.microsoft_address(value, info.data.get("d365bot_allowed_hosts", ()))
        return value

    @field_validator("d365bot_public_url")
    @classmethod
    def _is_public(cls, value: str) -> str:
        return rules.public_address(value)

    @field_validator("identity_endpoint")
    @classmethod
    def _is_identity_endpoint(cls, value: str) -> str:
        rules.identity_endpoint(value)
        return value

    @field_validator("d365bot_ca_file")
    @classmethod
    def _are_authorities(cls, value: Path | None) -> Path | None:
        rules.authorities(value)
        return value

    @field_validator("d365bot_solution_dir")
    @classmethod
    def _is_folder(cls, value: Path | None) -> Path | None:
        rules.folder(value)
        return value

    @field_validator("https_proxy")
    @classmethod
    def _is_proxy(cls, value: str) -> str:
        return rules.proxy(value)

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


def read_settings(*, for_slack: bool = False) -> Settings:
    """Raises `NotReady` with one sentence for each missing or wrong setting, all at once."""
    given = _given()
    settings, wrong = None, mistyped(given, [name.upper() for name in Settings.model_fields])
    try:
        settings = Settings()
    except ValidationError as error:
        wrong += [_sentence(str(one["loc"][0]), one["msg"]) for one in error.errors()]
    missing = _missing_for_slack(given) if for_slack else []
    if missing or wrong or settings is None:
        raise NotReady("\n".join(missing + wrong), _remedy(bool(missing), bool(wrong)))
    for sentence in of_later_versions(given):
        log.warning(sentence)
    return settings


def _given() -> Mapping[str, str]:
    """Name in upper case → value, of the environment before those of the file."""
    try:
        filed = DotEnvSettingsSource(Settings).env_vars
    except (OSError, UnicodeDecodeError) as error:
        raise NotReady(
            f"The file .env cannot be read ({type(error).__name__}).",
            "Make it a text file in UTF-8 that belongs to the user who runs d365bot.",
        ) from error
    found = {name.upper(): value for name, value in filed.items() if value}
    return found | {name.upper(): value for name, value in os.environ.items() if value}


def _missing_for_slack(given: Mapping[str, str]) -> list[str]:
    return [
        f"{name.upper()} is not set. {about}"
        for name, about in _NEEDED_FOR_SLACK.items()
        if not given.get(name.upper())
        and not (name == "slack_signing_secret" and given.get("SLACK_APP_TOKEN"))
    ]


def _sentence(name: str, message: str) -> str:
    said = message.removeprefix("Value error, ").rstrip(".")
    return f"{said}." if name.upper() in said else f"{name.upper()} is wrong: {said}."


def _remedy(missing: bool, wrong: bool) -> str:
    act = "Set or correct them" if missing and wrong else "Set them" if missing else "Correct them"
    return f"{act} in the environment or in .env."
