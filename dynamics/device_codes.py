"""The port `SignIns`: an administrator signs in with a device code (entra/v2-oauth2-device-code).

msal asks once a call and never waits: the waiting is the event loop's. Codes, flows and tokens
are in memory only; no refresh token is kept, so a sign-in ends with its token.
"""

import asyncio
import base64
import binascii
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from connection.errors import AdminError, ServerDown, SignInFailed, Throttled, Unreachable
from connection.identities import Access
from connection.ports import SignIns
from connection.sales_url import call_address
from connection.signing_in import DeviceCode, SignedInAs
from dynamics import credentials
from dynamics.aadsts import AADSTS, PENDING, SLOW_DOWN, refused_sign_in
from dynamics.http import utc_now
from dynamics.tokens import Tokens, not_entra, tenant_of, token_in, without_frames

log = logging.getLogger(__name__)

POLLS_AT_ONCE = 8
SHORTEST_INTERVAL = 1.0
LONGEST_LIFE = 86_400
T = TypeVar("T")
Ended = Callable[[SignedInAs | AdminError], Awaitable[None]]


@dataclass(slots=True)
class _Flow:
    access: Access
    resource: str
    code: DeviceCode
    ended: Ended = field(repr=False)
    app: Any = field(repr=False)
    state: dict[str, Any] = field(repr=False)
    asking: asyncio.Task[None] | None = None


class DeviceSignIns:
    """`now` is the clock, `sleep` waits between two questions."""

    def __init__(
        self,
        tokens: Tokens,
        *,
        now: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._tokens = tokens
        self._now = now
        self._sleep = sleep
        self._flows: dict[str, _Flow] = {}
        self._threads = ThreadPoolExecutor(POLLS_AT_ONCE, thread_name_prefix="device-code")
        self._tasks: set[asyncio.Task[None]] = set()

    async def begin(self, access: Access, ended: Ended) -> DeviceCode:
        resource = call_address(access.sales_url)
        desk = self._tokens.desk(access)
        tenant = tenant_of(access)
        asked_at = self._now()

        def initiate() -> Mapping[str, object]:
            app = credentials.public_app_of(desk, tenant, access.client_id)
            flow = app.initiate_device_flow(scopes=[f"{resource}/.default"])
            return {"app": app, "flow": flow}

        outcome = await self._tokens.in_thread(lambda: without_frames(initiate))
        if isinstance(outcome, Exception):
            raise outcome
        app: Any = outcome["app"]
        flow: dict[str, Any] = outcome["flow"]  # type: ignore[assignment]
        code = _code_in(flow, asked_at)
        self._flows[access.sign_in] = _Flow(access, resource, code, ended, app, flow)
        return code

    def watch(self, sign_in_id: str) -> None:
        flow = self._flows.get(sign_in_id)
        if flow is not None and flow.asking is None:
            flow.asking = asyncio.get_running_loop().create_task(self._ask_on(sign_in_id, flow))
            self._tasks.add(flow.asking)
            flow.asking.add_done_callback(self._tasks.discard)

    def code(self, sign_in_id: str) -> DeviceCode | None:
        flow = self._flows.get(sign_in_id)
        return flow.code if flow else None

    def forget(self, sign_in_id: str) -> None:
        self._tokens.sign_out(sign_in_id)
        flow = self._flows.pop(sign_in_id, None)
        if flow is None:
            return
        flow.state["expires_at"] = 0
        if flow.asking is not None and flow.asking is not asyncio.current_task():
            flow.asking.cancel()

    async def aclose(self) -> None:
        """Nobody is asked about any more, and no end is noted any more."""
        for sign_in_id in list(self._flows):
            self.forget(sign_in_id)
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        """In threads of their own: polls that hang hold up other codes, but no other sign-in."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def _ask_on(self, sign_in_id: str, flow: _Flow) -> None:
        """Until Entra ID has answered for good; whatever happens, `ended` is told."""
        try:
            outcome = await self._outcome(sign_in_id, flow)
        except AdminError as error:
            outcome = error
        except Exception:
            log.exception("a sign-in could not be followed")
            outcome = not_entra()
        self._flows.pop(sign_in_id, None)
        try:
            await flow.ended(outcome)
        except asyncio.CancelledError:
            self.forget(sign_in_id)
            raise
        except Exception:
            log.exception("how a sign-in ended could not be noted")
            self.forget(sign_in_id)

    async def _outcome(self, sign_in_id: str, flow: _Flow) -> SignedInAs | AdminError:
        while self._now() < flow.code.ends_at:
            await self._wait(flow, max(SHORTEST_INTERVAL, float(flow.state["interval"])))
            asked_at = self._now()
            answer = await self._in_thread(lambda: without_frames(lambda: _poll(flow)))
            if isinstance(answer, Exception):
                await self._wait_or_raise(flow, answer)
                continue
            token = token_in(answer, asked_at)
            self._tokens.hold(sign_in_id, flow.resource, token)
            return SignedInAs(_account_in(answer, token.value), token.expires_at)
        return SignInFailed(AADSTS[70019].sentence, AADSTS[70019].remedy, code="AADSTS70019")

    async def _wait_or_raise(self, flow: _Flow, error: Exception) -> None:
        """What may pass is waited for, as long as the code lives."""
        if isinstance(error, SignInFailed) and error.code == SLOW_DOWN:
            flow.state["interval"] += 5
        elif isinstance(error, Throttled):
            await self._wait(flow, error.retry_after)
        elif isinstance(error, SignInFailed) and error.code == PENDING:
            return
        elif not isinstance(error, ServerDown | Unreachable):
            raise error

    async def _wait(self, flow: _Flow, seconds: float) -> None:
        """Not longer than the code lives."""
        left = (flow.code.ends_at - self._now()).total_seconds()
        await self._sleep(max(0.0, min(seconds, left)))


def _poll(flow: _Flow) -> Mapping[str, object]:
    found: Mapping[str, object] = flow.app.acquire_token_by_device_flow(
        flow.state, exit_condition=lambda _: True
    )
    return found


def _code_in(flow: Mapping[str, Any], asked_at: datetime) -> DeviceCode:
    """msal has made whole numbers of `expires_in` and `interval`."""
    code, address = flow.get("user_code"), flow.get("verification_uri")
    whole = isinstance(code, str) and isinstance(flow.get("device_code"), str)
    if whole and isinstance(address, str) and address.startswith("https://"):
        life = min(flow["expires_in"], LONGEST_LIFE)
        return DeviceCode(str(code), address, asked_at + timedelta(seconds=life))
    if isinstance(flow.get("error"), str):
        raise refused_sign_in(flow, 400)
    raise not_entra()


def _account_in(answer: Mapping[str, object], token: str) -> str:
    """The user name, from the id token, else from the access token; neither is trusted for more
    than showing it."""
    claims = answer.get("id_token_claims")
    known = claims if isinstance(claims, Mapping) else _claims(token)
    names = ("preferred_username", "upn", "unique_name", "name")
    return next((str(known[name]) for name in names if known.get(name)), "an unnamed account")


def _claims(token: str) -> Mapping[str, Any]:
    parts = token.split(".")
    try:
        found = json.loads(base64.urlsafe_b64decode(parts[1] + "=="))
    except (IndexError, ValueError, binascii.Error):
        return {}
    return found if isinstance(found, dict) else {}


_: type[SignIns] = DeviceSignIns
