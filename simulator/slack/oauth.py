"""What an app asks to be installed with, and the codes that are exchanged once for a token.

Rules: docs.slack.dev/authentication/installing-with-oauth. The word for a code used twice is
inferred from what apps log.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from simulator.slack.manifest import Manifest
from simulator.slack.refusals import Refusal
from simulator.slack.scopes import APP_LEVEL_SCOPE, KNOWN

CODE_SECONDS = 600.0
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class BadInstallation(Exception):
    """The page that asks for permission shows this instead of asking."""


@dataclass(frozen=True)
class Wish:
    """Scopes, and where the answer goes; `given_uri` is empty where the manifest's first counts."""

    scopes: tuple[str, ...]
    state: str
    redirect_uri: str
    given_uri: str


@dataclass
class Code:
    """`place` is the key of a workspace; with `enterprise` its whole organisation is meant."""

    wish: Wish
    place: str
    person_id: str
    enterprise: bool
    issued: float
    used: bool = False


class Codes:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._issued: dict[str, Code] = {}

    def issue(self, wish: Wish, place: str, person_id: str, *, enterprise: bool) -> str:
        code = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**13)}.{secrets.token_hex(32)}"
        old = [key for key, each in self._issued.items() if self._is_over(each)]
        for key in old:
            del self._issued[key]
        self._issued[code] = Code(wish, place, person_id, enterprise, self._clock())
        return code

    def _is_over(self, code: Code) -> bool:
        return self._clock() - code.issued > CODE_SECONDS

    def spend(self, code: str, redirect_uri: str) -> Code:
        found = self._issued.get(code)
        if found is None or self._is_over(found):
            raise Refusal("invalid_code")
        if found.used:
            raise Refusal("code_already_used")
        if redirect_uri != found.wish.given_uri:
            raise Refusal("bad_redirect_uri")
        found.used = True
        return found


def wish_in(asked: Mapping[str, str], client_id: str, manifest: Manifest) -> Wish:
    """Raises BadInstallation, and NotImplementedError for what is not simulated."""
    if asked.get("client_id") != client_id:
        raise BadInstallation("invalid_client_id")
    if asked.get("user_scope"):
        raise NotImplementedError("The simulator gives no user tokens: ask for scope only.")
    scopes = tuple(part for part in asked.get("scope", "").replace(" ", ",").split(",") if part)
    allowed = set(manifest.scopes or KNOWN) - {APP_LEVEL_SCOPE}
    if not scopes or not set(scopes) <= allowed:
        raise BadInstallation("invalid_scope")
    given = asked.get("redirect_uri", "")
    return Wish(scopes, asked.get("state", ""), _redirect(given, manifest.redirect_urls), given)


def _redirect(given: str, listed: tuple[str, ...]) -> str:
    """As the manifest lists it, or below that; over https, or on this machine; without a fragment
    (RFC 6749, 3.1.2)."""
    wanted = given or (listed[0] if listed else "")
    known = not listed or any(wanted == url or _below(url, wanted) for url in listed)
    try:
        parts = urlsplit(wanted)
    except ValueError as error:
        raise BadInstallation("bad_redirect_uri") from error
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not (wanted and known and safe) or "#" in wanted:
        raise BadInstallation("bad_redirect_uri")
    return wanted


def _below(url: str, wanted: str) -> bool:
    return wanted.startswith(url if url.endswith("/") else f"{url}/")
