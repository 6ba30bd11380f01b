"""Tokens from Entra ID: msal asks for them, this remembers them, one request at a time each."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from connection.errors import (
    AdminError,
    NotReady,
    SecretMissing,
    SignInFailed,
    TimedOut,
    Unintelligible,
)
from connection.identities import Access, SecretOrigin, SecretRef, origin_of
from dynamics import credentials
from dynamics.aadsts import refused_sign_in
from dynamics.calls import Token
from dynamics.http import Http, utc_now
from dynamics.managed_identity import ManagedIdentityHttp
from dynamics.msal_client import MsalClient
from dynamics.network_faults import bare
from dynamics.unsaid import unsaid

OpenSecret = Callable[[SecretRef, SecretOrigin], Awaitable[str]]
T = TypeVar("T")

DEVICE_CODE = "device_code"
RENEWED_BEFORE = timedelta(minutes=5)
REMEMBERED = 1_000
_TENANT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_NO_ANSWER_OF_ENTRA = (
    *(ValueError, LookupError, TypeError, AttributeError, ArithmeticError),
    RuntimeError,
)
"""What msal and the reading of its answers raise for an answer of another shape."""
LONGEST_LIFE = 2 * 86_400
_NO_TENANTS = ("common", "organizations", "consumers", "adfs")


@dataclass(frozen=True, slots=True)
class _Key:
    """What a token was issued for; another secret, origin or app never gets it."""

    origin: SecretOrigin
    secret_id: str
    client_id: str
    resource: str


class Tokens:
    """Raises `SignInFailed`, any other `RemoteFault`, `SecretMissing`, `NotReady`, `SealBroken`.

    msal has worker threads of its own, so that waiting sign-ins never keep DNS look-ups from
    running.
    """

    def __init__(
        self,
        http: Http,
        login_url: str,
        open_secret: OpenSecret,
        *,
        assertion_file: Path | None = None,
        identity_endpoint: str = "",
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._http = http
        self._login_url = login_url.rstrip("/")
        self._open_secret = open_secret
        self._assertion_file = assertion_file
        self._managed = ManagedIdentityHttp(identity_endpoint)
        self._now = now
        self._signed_in: dict[str, dict[str, Token]] = {}
        self._tokens: dict[_Key, Token] = {}
        self._forgotten = 0
        self._locks: WeakValueDictionary[_Key, asyncio.Lock] = WeakValueDictionary()
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="msal")

    def close(self) -> None:
        """Forgets every token."""
        self._forgotten += 1
        self._tokens.clear()
        self._signed_in.clear()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def token(self, access: Access, resource: str, *, fresh: bool = False) -> Token:
        """For `resource`, such as https://contoso.crm4.dynamics.com; `fresh` asks Entra anew."""
        if access.credential == DEVICE_CODE:
            return self._held(access, resource)
        secret = _secret_of(access)
        key = _key(access, secret, resource)
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        async with lock:
            if fresh:
                self._tokens.pop(key, None)
            token = self._tokens.get(key)
            if token is None or token.expires_at - self._now() < RENEWED_BEFORE:
                self._tokens.pop(key, None)
                forgotten = self._forgotten
                token = await self._ask(access, secret, resource)
                if forgotten == self._forgotten:
                    self._remember(key, token)
            return token

    def forget(self, access: Access, resource: str, token: Token) -> None:
        """After the service refused it; a newer one stays."""
        if access.credential == DEVICE_CODE:
            held: dict[Any, Token] = self._signed_in.get(access.sign_in, {})
            key: Any = resource
        else:
            held, key = self._tokens, _key(access, _secret_of(access), resource)
        if held.get(key) is token:
            del held[key]

    def forget_secret(self, secret_id: str) -> None:
        """It is gone, and what was issued for it with it, also what is being asked for now."""
        self._forgotten += 1
        for key in [key for key in self._tokens if key.secret_id == secret_id]:
            self._tokens.pop(key, None)

    def hold(self, sign_in: str, resource: str, token: Token) -> None:
        """An administrator signed in: the token is used for that sign-in only."""
        self._signed_in.setdefault(sign_in, {})[resource] = token

    def sign_out(self, sign_in: str) -> None:
        """Its tokens are gone."""
        self._signed_in.pop(sign_in, None)

    def _held(self, access: Access, resource: str) -> Token:
        token = self._signed_in.get(access.sign_in, {}).get(resource)
        if token is None or token.expires_at <= self._now():
            raise SecretMissing(
                "The administrator is not signed in any more.", "Sign in with /d365 sign-in."
            )
        return token

    def _remember(self, key: _Key, token: Token) -> None:
        now = self._now()
        for old in [one for one, known in self._tokens.items() if known.expires_at <= now]:
            self._tokens.pop(old, None)
        while len(self._tokens) >= REMEMBERED:
            self._tokens.pop(next(iter(self._tokens)))
        self._tokens[key] = token

    async def _ask(self, access: Access, secret: SecretRef | None, resource: str) -> Token:
        request = credentials.Request(
            credential=access.credential,
            tenant=tenant_of(access),
            client_id=access.client_id,
            user_name=access.user_name,
            resource=resource,
            secret=await self._open_secret(secret, origin_of(access)) if secret else "",
        )
        asked_at = self._now()
        desk = self.desk(access)
        outcome = await self.in_thread(lambda: acquire(desk, request))
        if isinstance(outcome, Exception):
            raise unsaid(outcome, request.secret)
        return token_in(outcome, asked_at)

    def desk(self, access: Access) -> credentials.Desk:
        """What msal works with for this access; made on the event loop."""
        loop = asyncio.get_running_loop()
        lane = f"{access.tenant} {access.user_name or access.client_id}"
        client = MsalClient(self._http.send, loop, self._login_url, access.correlation, lane)
        return credentials.Desk(client, self._login_url, self._assertion_file, self._managed)

    async def in_thread(self, work: Callable[[], T]) -> T:
        """In one of the threads that only sign-ins use."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def acquire(
    desk: credentials.Desk, request: credentials.Request
) -> Mapping[str, object] | Exception:
    """In a worker thread: msal's answer, or what went wrong without the frames with the secret."""
    return without_frames(lambda: credentials.ask(desk, request))


def without_frames(
    ask: Callable[[], Mapping[str, object]],
) -> Mapping[str, object] | Exception:
    """What msal answers, or what went wrong, bare of the frames that hold secrets."""
    import msal

    try:
        return ask()
    except AdminError as error:
        return bare(error)
    except TimeoutError:
        return TimedOut("Entra ID did not answer in time.", "Try again in a minute.")
    except _NO_ANSWER_OF_ENTRA:
        return not_entra()
    except msal.exceptions.MsalServiceError:
        return not_entra()
    except Exception as error:  # noqa: BLE001 - raised by the caller, without the secret's frames
        return bare(error)


def not_entra() -> Unintelligible:
    """The fault of an answer that cannot be Entra's."""
    return Unintelligible(
        "Entra ID answered with something other than its sign-in.",
        "Check D365BOT_LOGIN_URL and what stands between the bot and Entra ID.",
    )


def token_in(result: Mapping[str, object], asked_at: datetime) -> Token:
    """Raises `SignInFailed` for a refusal, and `Unintelligible`."""
    value, seconds = result.get("access_token"), _seconds(result.get("expires_in"))
    if isinstance(value, str) and seconds is not None and value.isascii():
        life = timedelta(seconds=min(max(seconds, 0), LONGEST_LIFE))
        return Token(value, asked_at + life)
    if isinstance(result.get("error"), str):
        raise refused_sign_in(result, 200)
    raise not_entra()


def _seconds(said: object) -> int | None:
    """A number, or its digits: version 1 of Entra's endpoint and AD FS give text."""
    if isinstance(said, str) and re.fullmatch(r"[0-9]{1,9}", said):
        return int(said)
    return said if isinstance(said, int) else None


def _key(access: Access, secret: SecretRef | None, resource: str) -> _Key:
    return _Key(origin_of(access), secret.id if secret else "", access.client_id, resource)


def _secret_of(access: Access) -> SecretRef | None:
    if not credentials.knows(access.credential):
        raise NotReady(
            f"The bot cannot sign in by {access.credential or 'nothing'}.",
            "Choose how it signs in with /d365 setup.",
        )
    if access.credential in credentials.WITHOUT_SECRET:
        return None
    if access.secret is None:
        what = access.credential.replace("_", " ")
        raise SecretMissing(
            f"The bot does not hold the {what} of the {access.identity}.",
            "Give it with /d365 secret, or where the bot runs with d365bot secret set.",
        )
    return access.secret


def tenant_of(access: Access) -> str:
    """Raises `SignInFailed` for what stands for no tenant or for many."""
    tenant = access.tenant.strip().lower()
    if not _TENANT.fullmatch(tenant) or tenant in _NO_TENANTS:
        raise SignInFailed(
            f"{tenant or 'Nothing'} is not a tenant that an app can sign in to.",
            "Enter the tenant's id or its domain with /d365 setup.",
            code="AADSTS50059",
        )
    return tenant
