"""The connection string of table 5330: its templates, its one rule, and how it is read."""

import re
from typing import Any

from simulator.bc.errors import dialog
from simulator.bc.profile import Profile

Row = dict[str, Any]
PASSWORD = "{PASSWORD}"
CLIENT_ID, CLIENT_SECRET = "{CLIENTID}", "{CLIENTSECRET}"
PLACEHOLDERS = (PASSWORD, CLIENT_SECRET, "{CERTIFICATE}")
_PROXY = re.compile(r"ProxyVersion=[^;]*")


def template(setup: Row, profile: Profile) -> str:
    """The whole string anew: edits by hand are lost."""
    if profile.major >= 16 and setup["Authentication_Type"] == "Office365":
        by_certificate = profile.online and profile.major >= 18
        return _of_an_app(setup, "Certificate" if by_certificate else "ClientSecret")
    name = setup["User_Name"].partition("\\")[2] or setup["User_Name"] or "{USER}"
    return (
        f"Url={setup['Server_Address']}; UserName={name}; Password={PASSWORD}; "
        f"ProxyVersion={setup['SDKVersion']}; {_authentication(setup)}"
    )


def _authentication(setup: Row) -> str:
    kind = setup["Authentication_Type"]
    domain = f"Domain={setup['Domain']};" if setup["Domain"] else ""
    parts = {
        "AD": domain,
        "IFD": f"{domain}HomeRealmUri= ;",
        "OAuth": "AppId= ;RedirectUri= ;TokenCacheStorePath= ;LoginPrompt=Auto;",
    }
    return f"AuthType={kind};{parts.get(kind, '')}"


def _of_an_app(setup: Row, kind: str) -> str:
    return (
        f"AuthType={kind}; Url={setup['Server_Address']}; ClientId={{CLIENTID}}; "
        f"{kind}={{{kind.upper()}}}; ProxyVersion={setup['SDKVersion']}"
    )


def with_proxy(text: str, version: int) -> str:
    """That segment alone is another one, or comes at the end; a blank string stays blank."""
    segment = f"ProxyVersion={version}"
    if not text or _PROXY.search(text):
        return _PROXY.sub(segment, text)
    return f"{text.rstrip().removesuffix(';')}; {segment}"


def checked_string(text: str, kind: str, profile: Profile) -> str:
    """'' clears it; otherwise a placeholder is needed, and nothing else is looked at."""
    known = PLACEHOLDERS if profile.major >= 16 and kind == "Office365" else (PASSWORD,)
    if text and not any(each in text for each in known):
        raise dialog(f"The connection string must include the placeholder {PASSWORD}.")
    return text


def values_of(text: str) -> dict[str, str]:
    """Key in lower case -> value without the blanks around it."""
    pairs = (part.partition("=") for part in text.split(";") if "=" in part)
    return {key.strip().lower(): value.strip() for key, _, value in pairs}
