"""A stand-in for Microsoft: Entra ID issues tokens, the rest is told what to say."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from connection.errors import AdminError
from connection.identities import Access, Identity, SecretOrigin, SecretRef, origin_of
from connection.remote import Reached
from dynamics.bc_api import BcApi
from dynamics.bc_changes import SetupPage
from dynamics.business_central import WebServices
from dynamics.dataverse import DataverseSales
from dynamics.dataverse_api import DataverseApi
from dynamics.hosts import AllowedHosts
from dynamics.http import Http, Limits
from dynamics.journal import Journal
from dynamics.packages import PackageFolder
from dynamics.sales_changes import DataverseChanges
from dynamics.tokens import Tokens

TENANT = "11111111-1111-4111-8111-111111111111"
CLIENT = "22222222-2222-4222-8222-222222222222"
SECRET = "the~client~secret"
LOGIN = "https://login.microsoftonline.com"
SALES = "https://contoso.crm4.dynamics.com"
BC = "https://api.businesscentral.dynamics.com"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
CORRELATION = "33333333-3333-4333-8333-333333333333"


@dataclass(frozen=True)
class Reply:
    """`content` counts where it is given, else `body` as JSON."""

    status: int = 200
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None

    def response(self) -> httpx.Response:
        content = json.dumps(self.body).encode() if self.content is None else self.content
        headers = {"content-type": "application/json", **self.headers}
        return httpx.Response(self.status, headers=headers, content=content)


Says = Reply | Exception | Callable[[httpx.Request], Reply]


class Microsoft(httpx.AsyncBaseTransport):
    """`says` maps the beginning of an address to replies, used in order; the last one stays."""

    def __init__(self) -> None:
        self.calls: list[httpx.Request] = []
        self.says: dict[str, list[Says]] = {}
        self.tokens = 0
        self.tell(f"{LOGIN}/{TENANT}/v2.0/.well-known", Reply(body=discovery(LOGIN)))
        self.tell(f"{LOGIN}/{TENANT}/oauth2/v2.0/token", self._issue)

    def tell(self, address: str, *replies: Says) -> None:
        self.says[address] = list(replies)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.calls.append(request)
        address = f"{request.url.scheme}://{request.url.netloc.decode()}{_target(request)}"
        for start in sorted(self.says, key=len, reverse=True):
            if address.startswith(start):
                return self._say(self.says[start], request)
        raise AssertionError(f"nobody told what {address} says")

    def sent_to(self, address: str) -> list[httpx.Request]:
        return [call for call in self.calls if str(call.url).startswith(address)]

    def _say(self, replies: list[Says], request: httpx.Request) -> httpx.Response:
        said = replies.pop(0) if len(replies) > 1 else replies[0]
        if isinstance(said, Exception):
            raise said
        return (said if isinstance(said, Reply) else said(request)).response()

    def _issue(self, _: httpx.Request) -> Reply:
        self.tokens += 1
        return Reply(
            body={
                "token_type": "Bearer",
                "expires_in": 3599,
                "access_token": f"token-{self.tokens}",
            }
        )


def _target(request: httpx.Request) -> str:
    return request.url.raw_path.decode()


def discovery(login: str) -> dict[str, object]:
    root = f"{login}/{TENANT}"
    return {
        "token_endpoint": f"{root}/oauth2/v2.0/token",
        "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
        "device_authorization_endpoint": f"{root}/oauth2/v2.0/devicecode",
        "issuer": f"{root}/v2.0",
    }


class TheVault:
    """A stand-in for the vault: opens what it was asked to keep, and counts."""

    def __init__(self) -> None:
        self.opened: list[tuple[SecretRef, SecretOrigin]] = []
        self.refuses: AdminError | None = None
        self.value = SECRET
        self.held: dict[str, str] = {}

    async def open(self, ref: SecretRef, origin: SecretOrigin) -> str:
        self.opened.append((ref, origin))
        if self.refuses is not None:
            raise self.refuses
        return self.held.get(ref.id, self.value)


class Desk:
    """The room's pieces around a stand-in, with a clock that only its sleep moves on."""

    def __init__(
        self,
        *,
        allowed: tuple[str, ...] = (),
        limits: Limits | None = None,
        login: str = LOGIN,
        transport: httpx.AsyncBaseTransport | None = None,
        assertion_file: Path | None = None,
        solution_dir: Path | None = None,
    ) -> None:
        self.microsoft = Microsoft()
        self.vault = TheVault()
        self.slept: list[float] = []
        self.now = NOW
        self.journal = Journal()
        self.http = Http(
            AllowedHosts(allowed, (login, BC)),
            transport or self.microsoft,
            limits=limits,
            sleep=self._sleep,
            now=lambda: self.now,
            journal=self.journal,
        )
        self.tokens = Tokens(
            self.http,
            login,
            self.vault.open,
            assertion_file=assertion_file,
            now=lambda: self.now,
        )
        self.sales = DataverseSales(self.http, self.tokens, _unreached, LOGIN)
        self.business_central = WebServices(self.http, self.tokens, BC, self.vault.open, _unreached)
        self.sales_changes = DataverseChanges(
            DataverseApi(self.http, self.tokens),
            self.vault.open,
            PackageFolder(solution_dir).content,
            now=lambda: self.now,
        )
        self.bc_changes = SetupPage(
            BcApi(self.http, self.tokens, BC, self.vault.open), self.vault.open
        )

    def sales_says(self, resource: str, *replies: Says) -> None:
        self.microsoft.tell(f"{SALES}/api/data/v9.2/{resource}", *replies)

    def bc_says(self, resource: str, *replies: Says) -> None:
        self.microsoft.tell(f"{BC}/v2.0/{TENANT}/Production/{resource}", *replies)

    async def aclose(self) -> None:
        self.tokens.close()
        await self.http.aclose()

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


async def _unreached(address: str) -> Reached:
    return Reached(address, (), "", None)


@asynccontextmanager
async def a_desk(
    *,
    allowed: tuple[str, ...] = (),
    limits: Limits | None = None,
    login: str = LOGIN,
    assertion_file: Path | None = None,
    solution_dir: Path | None = None,
) -> AsyncIterator[Desk]:
    desk = Desk(
        allowed=allowed,
        limits=limits,
        login=login,
        assertion_file=assertion_file,
        solution_dir=solution_dir,
    )
    try:
        yield desk
    finally:
        await desk.aclose()


def the_access(**changes: str) -> Access:
    """The bot's access to Contoso, with its secret sealed to where it leads."""
    access = Access(
        identity=Identity(changes.get("identity", Identity.BOT)),
        sales_url=changes.get("sales_url", SALES),
        tenant=changes.get("tenant", TENANT),
        client_id=changes.get("client_id", CLIENT),
        credential=changes.get("credential", "client_secret"),
        secret=None,
        bc_environment=changes.get("bc_environment", "Production"),
        bc_company=changes.get("bc_company", "CRONUS International Ltd."),
        correlation=CORRELATION,
        user_name=changes.get("user_name", ""),
        bc_url=changes.get("bc_url", ""),
        sign_in=changes.get("sign_in", ""),
    )
    secret = SecretRef(
        changes.get("secret_id", "s1"), "T1", "c1", "bot_client_secret", origin_of(access)
    )
    return replace(access, secret=secret)


def without_secret() -> Access:
    return replace(the_access(), secret=None)
