"""The one HTTP client: allowed hosts, time limits, Retry-After, redirects, faults by name."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from connection.errors import HostNotAllowed, RemoteFault, Unintelligible, Unreachable
from dynamics.bodies import read_body
from dynamics.calls import Answer, Call, Service, Token
from dynamics.echoes import without_echoes
from dynamics.faults import answer_fault, still_throttled
from dynamics.hosts import AllowedHosts
from dynamics.journal import Journal
from dynamics.lanes import Lanes
from dynamics.network_faults import TRANSLATED, bare, network_fault
from dynamics.waiting import Patience, retry_after

REDIRECTS = 5


class _ShutMeanwhileError(Exception):
    """The service refused another call of the same user while this one waited for room."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, and bytes of one unpacked answer. `whole` is for one try, body included; `upload`
    takes its place, and that of `read`, where the call itself is large."""

    connect: float = 5
    read: float = 30
    whole: float = 60
    upload: float = 300
    size: int = 8_000_000


def utc_now() -> datetime:
    """The time, aware and in UTC."""
    return datetime.now(UTC)


class Http:
    """Sends calls; every failure is a `RemoteFault`. `transport` is the way to the network."""

    def __init__(
        self,
        hosts: AllowedHosts,
        transport: httpx.AsyncBaseTransport,
        *,
        limits: Limits | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], datetime] = utc_now,
        journal: Journal | None = None,
    ) -> None:
        self.hosts = hosts
        self._limits = limits or Limits()
        self._sleep = sleep
        self._now = now
        self._journal = journal or Journal()
        self._lanes = Lanes()
        self._client = httpx.AsyncClient(
            transport=transport,
            trust_env=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            headers={"User-Agent": "d365bot"},
        )

    async def aclose(self) -> None:
        """Closes every connection."""
        await self._client.aclose()

    async def send(self, call: Call) -> Answer:
        """An answer below 400, or a fault.

        A busy service is asked again by its Retry-After if the call may be repeated; after a
        cut connection once, if the call only asks. While the service wants no calls of this
        caller, none is sent.
        """
        patience = Patience(call, self._now)
        may_reconnect = call.asks_only
        while True:
            await self._wait_for_others(call, patience)
            try:
                answer = await self._follow(call)
            except _ShutMeanwhileError:
                continue
            except Unreachable as fault:
                if type(fault) is not Unreachable or not may_reconnect:
                    raise
                may_reconnect = False
                continue
            if answer.status < 400:
                return answer
            self._heed(call, answer)
            pause = patience.pause(answer)
            if pause is None:
                raise answer_fault(call.service, answer, self._now())
            await self._sleep(pause)

    def throttled(self, service: Service, lane: str) -> int:
        """How many calls of this caller were answered with 429 since the bot started."""
        return self._lanes.refused(service, lane)

    async def _wait_for_others(self, call: Call, patience: Patience) -> None:
        """Until the lane is open. The wait may have grown while it was waited for."""
        lane = self._lanes.lane(call)
        while seconds := lane.shut_for(self._now()):
            if not patience.outlasts(seconds):
                raise still_throttled(call.service, seconds)
            await self._sleep(seconds)

    def _heed(self, call: Call, answer: Answer) -> None:
        if answer.status == 429:
            self._lanes.shut(call, retry_after(answer, self._now()) or 0.0, self._now())

    async def _follow(self, call: Call) -> Answer:
        """The answer behind redirects: only for GET, to allowed hosts, without the token
        once the origin has changed."""
        url, token = self.hosts.permit(call.url).url, call.token
        for _ in range(REDIRECTS + 1):
            answer = await self._try(call, url, token)
            target = answer.headers.get("location", "")
            if not 300 <= answer.status < 400 or answer.status == 304:
                return answer
            if call.method != "GET" or not target:
                raise _misdirected(call, answer, "redirects a call that cannot be redirected")
            came_from = url
            url = self._permit_redirect(call, _joined(url, target))
            if _origin(url) != _origin(came_from):
                token = None
        raise _misdirected(call, answer, "redirects without end")

    def _permit_redirect(self, call: Call, target: httpx.URL | str) -> httpx.URL:
        try:
            return self.hosts.permit(target).url
        except HostNotAllowed as fault:
            where = f"{call.service} redirects the bot elsewhere."
            raise HostNotAllowed(f"{where} {fault.message}", fault.hint) from None

    async def _try(self, call: Call, url: httpx.URL, token: Token | None) -> Answer:
        headers = call.all_headers(token)
        request = self._client.build_request(
            call.method, url, headers=headers, content=call.body, timeout=self._timeout(call)
        )
        lane = self._lanes.lane(call)
        async with lane.room:
            if lane.shut_for(self._now()):
                raise _ShutMeanwhileError
            started = time.perf_counter()
            try:
                answer = await self._within_time(call, request)
            except RemoteFault as fault:
                self._journal.unanswered(call, str(url), fault, _ms_since(started))
                raise
            self._journal.answered(call, str(url), answer, _ms_since(started))
            return answer

    def _timeout(self, call: Call) -> httpx.Timeout:
        silence = self._limits.upload if call.large else self._limits.read
        return httpx.Timeout(silence, connect=self._limits.connect)

    async def _within_time(self, call: Call, request: httpx.Request) -> Answer:
        try:
            whole = self._limits.upload if call.large else self._limits.whole
            async with asyncio.timeout(whole):
                return await self._exchange(call, request)
        except RemoteFault as fault:
            bare(fault)
            raise
        except TRANSLATED as error:
            raise network_fault(request.url.host, error) from bare(error)

    async def _exchange(self, call: Call, request: httpx.Request) -> Answer:
        response = await self._client.send(request, stream=True, follow_redirects=False)
        try:
            content = await read_body(call.service, response, self._limits.size)
        finally:
            await response.aclose()
        return without_echoes(call, Answer(response.status_code, response.headers, content))


def _ms_since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _joined(url: httpx.URL, target: str) -> httpx.URL | str:
    try:
        return url.join(target)
    except httpx.InvalidURL:
        return target


def _misdirected(call: Call, answer: Answer, how: str) -> Unintelligible:
    return Unintelligible(
        f"{call.service} {how}.",
        "Check the address: it may lead to a sign-in page or another product.",
        status=answer.status,
        reference=answer.reference,
    )
