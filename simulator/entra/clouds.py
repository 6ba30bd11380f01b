"""Microsoft's clouds: each has a login of its own, and a tenant lives in one of them.

Hosts: entra/authentication-national-cloud.md. Aliases and caches: what the public cloud's instance
discovery answers, as it stands in msal's documentation.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Cloud:
    """`host` is where its tenants sign in; `instance` is its name in what Entra publishes."""

    host: str
    instance: str
    cache: str
    aliases: tuple[str, ...]
    device_page: str


PUBLIC = "public"
CLOUDS: dict[str, Cloud] = {
    PUBLIC: Cloud(
        "login.microsoftonline.com",
        "microsoftonline.com",
        "login.windows.net",
        ("login.windows.net", "login.microsoft.com", "sts.windows.net"),
        "https://microsoft.com/devicelogin",
    ),
    "us": Cloud(
        "login.microsoftonline.us",
        "microsoftonline.us",
        "login.microsoftonline.us",
        ("login.usgovcloudapi.net",),
        "https://microsoft.com/deviceloginus",
    ),
    "china": Cloud(
        "login.partner.microsoftonline.cn",
        "partner.microsoftonline.cn",
        "login.partner.microsoftonline.cn",
        ("login.chinacloudapi.cn",),
        "https://microsoft.com/deviceloginchina",
    ),
}
LOGINS = tuple(cloud.host for cloud in CLOUDS.values())


def cloud_of(tenant: dict[str, Any]) -> Cloud:
    """Where the tenant of these facts lives."""
    return CLOUDS[tenant.get("cloud", PUBLIC)]


def cloud_at(host: str) -> Cloud:
    """The cloud of a login's host; the public one where no cloud has it."""
    return next((each for each in CLOUDS.values() if each.host == host.lower()), CLOUDS[PUBLIC])
