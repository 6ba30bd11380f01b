"""Tokens from Entra ID: msal asks for them, this remembers them, one request at a time each."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from connection.errors import (
    NotReady,
    RemoteFault,
    SecretMissing,
    SignInFailed,
    TimedOut,
    Unintelligible,
)
from connection.identities import Access, SecretOrigin, SecretRef, origin_of
from dynamics.aadsts import refused_sign_in
from dynamics.calls import Token
from dynamics.http import Http, utc_now
from dynamics.msal_client import MsalClient
from dynamics.network_faults import bare

OpenSecret = Callable[[SecretRef, SecretOrigin], Awaitable[str]]
RENEWED_BEFORE = timedelta(minutes=5)
REMEMBERED = 1_000
_TENANT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_NO_TENANTS = ("common", "organizations", "consumers", "adfs")


@dataclass(frozen=True, slots=True)
class _Key:
    """What a token was issued for; another secret or origin never gets it."""

    origin: SecretOrigin
    secret_id: str
    resource: str


@dataclass(frozen=True, slots=True)
class _Request:
    tenant: str
    client_id: str
    secret: str = field(repr=False)
    resource: str


class Tokens:
    """Raises `SignInFailed`, any other `RemoteFault`, `SecretMissing`, and `SealBroken`.

    msal gets a new app object for every token, so its memory of failures never answers; worker
    threads of its own, so that waiting sign-ins never keep DNS look-ups from running.
    """

    def __init__(
        self,
        http: Http,
        login_url: str,
        open_secret: OpenSecret,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._http = http
        self._login_url = login_url.rstrip("/")
        self._open_secret = open_secret
        self._now = now
        self._tokens: dict[_Key, Token] = {}
        self._locks: WeakValueDictionary[_Key, asyncio.Lock] = WeakValueDictionary()
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="msal")

    def close(self) -> None:
        """Forgets every token."""
        self._tokens.clear()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def token(self, access: Access, resource: str, *, fresh: bool = False) -> Token:
        """For `resource`, such as https://contoso.crm4.dynamics.com; `fresh` asks Entra anew."""
        secret = _secret_of(access)
        key = _Key(origin_of(access), secret.id, resource)
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        async with lock:
            if fresh:
                self._tokens.pop(key, None)
            token = self._tokens.get(key)
            if token is None or token.expires_at - self._now() < RENEWED_BEFORE:
                self._tokens.pop(key, None)
                token = await self._ask(access, secret, resource)
                self._remember(key, token)
            return token

    def forget(self, access: Access, resource: str) -> None:
        """After the service refused it."""
        if access.secret is not None:
            self._tokens.pop(_Key(origin_of(access), access.secret.id, resource), None)

    def _remember(self, key: _Key, token: Token) -> None:
        while len(self._tokens) >= REMEMBERED:
            self._tokens.pop(next(iter(self._tokens)))
        self._tokens[key] = token

    async def _ask(self, access: Access, secret: SecretRef, resource: str) -> Token:
        tenant = _tenant_of(access)
        request = _Request(
            tenant, access.client_id, await self._open_secret(secret, origin_of(access)), resource
        )
        asked_at = self._now()
        loop = asyncio.get_running_loop()
        client = MsalClient(self._http.send, loop, self._login_url, access.correlation)
        outcome = await loop.run_in_executor(
            self._threads, acquire, request, self._login_url, client
        )
        if isinstance(outcome, Exception):
            raise outcome
        return _token_in(outcome, asked_at)


def acquire(request: _Request, login_url: str, client: MsalClient) -> dict[str, object] | Exception:
    """In a worker thread: msal's answer, or what went wrong without the frames with the secret."""
    import msal

    try:
        app = msal.ConfidentialClientApplication(
            request.client_id,
            client_credential=request.secret,
            authority=f"{login_url}/{request.tenant}",
            instance_discovery=False,
            azure_region=msal.ConfidentialClientApplication.DISABLE_MSAL_FORCE_REGION,
            http_client=client,
        )
        result: dict[str, object] = app.acquire_token_for_client(
            scopes=[f"{request.resource}/.default"]
        )
    except RemoteFault as fault:
        return bare(fault)
    except TimeoutError:
        return TimedOut("Entra ID did not answer in time.", "Try again in a minute.")
    except (ValueError, LookupError, TypeError, AttributeError, msal.exceptions.MsalServiceError):
        return _not_entra()
    except Exception as error:  # noqa: BLE001 - raised by the caller, without the secret's frames
        return bare(error)
    else:
        return result


def _not_entra() -> Unintelligible:
    return Unintelligible(
        "Entra ID answered with something other than its sign-in.",
        "Check D365BOT_LOGIN_URL and what stands between the bot and Entra ID.",
    )


def _token_in(result: dict[str, object], asked_at: datetime) -> Token:
    value, seconds = result.get("access_token"), result.get("expires_in")
    if isinstance(value, str) and isinstance(seconds, int) and value.isascii():
        return Token(value, asked_at + timedelta(seconds=seconds))
    if isinstance(result.get("error"), str):
        raise refused_sign_in(result, 200)
    raise _not_entra()


def _secret_of(access: Access) -> SecretRef:
    if access.credential != "client_secret":
        raise NotReady(
            f"The bot cannot sign in by {access.credential or 'nothing'}.",
            "Choose the client secret with /d365 setup.",
        )
    if access.secret is None:
        name = "bot_client_secret" if access.identity == "bot" else "integration_client_secret"
        raise SecretMissing(
            f"The bot does not hold the client secret of the {access.identity}.",
            f"Whoever runs the bot runs: d365bot secret set CONNECTION {name}",
        )
    return access.secret


def _tenant_of(access: Access) -> str:
    tenant = access.tenant.strip().lower()
    if not _TENANT.fullmatch(tenant) or tenant in _NO_TENANTS:
        raise SignInFailed(
            f"{tenant or 'Nothing'} is not a tenant that an app can sign in to.",
            "Enter the tenant's id or its domain with /d365 setup.",
            code="AADSTS50059",
        )
    return tenant
