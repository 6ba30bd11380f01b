"""Lets msal, which knows threads only, send through the asynchronous client of the product."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import httpx

from connection.errors import SignInFailed
from dynamics.calls import Answer, Call, Service

LONGEST = 180.0
_REALM = "/common/userrealm/"
Form = Mapping[str, str | bytes | None]


@dataclass(frozen=True, slots=True)
class MsalResponse:
    """The three things that msal reads of a response."""

    status_code: int
    text: str
    headers: Mapping[str, str]


class MsalClient:
    """msal's `http_client`: used in a worker thread, it sends on the event loop.

    A refusal is raised as the fault that it is, so msal neither interprets nor remembers it. The
    form with the secret goes to the origin of `login_url` only, whatever the answer to msal's
    discovery says. A password is not sent again after a cut connection: twice wrong counts twice
    towards a locked account.
    """

    def __init__(
        self,
        send: Callable[[Call], Awaitable[Answer]],
        loop: asyncio.AbstractEventLoop,
        login_url: str,
        correlation: str,
        lane: str = "",
    ) -> None:
        self._send = send
        self._loop = loop
        self._login = _origin(login_url)
        self._correlation = correlation
        self._lane = lane

    def get(
        self,
        url: str,
        params: Form | None = None,
        headers: Form | None = None,
        **_: object,
    ) -> MsalResponse:
        """Part of msal's interface.

        msal asks for a user's realm at the login's host without its port; for a federated user
        it would send the password to another server.
        """
        answer = self._ask("GET", _with_whole_name(self._with_port(url)), params, None, headers)
        if _REALM in urlsplit(url).path and _is_federated(answer.text):
            raise SignInFailed(
                "The account is federated: its password is checked by another server, which the "
                "bot does not ask.",
                "Use an account of the cloud only, or let Business Central sign in with an app.",
            )
        return answer

    def _with_port(self, url: str) -> str:
        parts = urlsplit(url)
        login = urlsplit(self._login)
        if parts.scheme == login.scheme and parts.netloc.lower() == (login.hostname or ""):
            return urlunsplit(parts._replace(netloc=login.netloc))
        return url

    def post(
        self,
        url: str,
        params: Form | None = None,
        data: Form | None = None,
        headers: Form | None = None,
        **_: object,
    ) -> MsalResponse:
        """Part of msal's interface. Raises `SignInFailed` for another origin than the login's."""
        if _origin(url) != self._login:
            raise SignInFailed(
                "Entra ID sends this tenant's sign-in to another cloud.",
                f"Set D365BOT_LOGIN_URL to the tenant's cloud, {_origin(url)}, where the bot runs.",
            )
        return self._ask("POST", url, params, data or {}, headers)

    def close(self) -> None:
        """Part of msal's interface; the client belongs to the product."""

    def _ask(
        self, method: str, url: str, params: Form | None, data: Form | None, headers: Form | None
    ) -> MsalResponse:
        if params:
            url = str(httpx.URL(url).copy_merge_params(_texts(params)))
        sent = _texts(headers or {})
        if data is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        call = Call(
            service=Service.ENTRA,
            method=method,
            url=url,
            correlation=self._correlation,
            lane=self._lane,
            headers=sent,
            body=b"" if data is None else urlencode(_texts(data)).encode(),
            converging=True,
            harmless=(data or {}).get("grant_type") != "password",
        )
        running = asyncio.run_coroutine_threadsafe(self._answer(call), self._loop)
        try:
            answer = running.result(LONGEST)
        except TimeoutError:
            running.cancel()
            raise
        return MsalResponse(answer.status, answer.text, dict(answer.headers))

    async def _answer(self, call: Call) -> Answer:
        return await self._send(call)


def _with_whole_name(url: str) -> str:
    """msal puts the user's name into the address as it is: `#EXT#` would cut it off."""
    before, realm, behind = url.partition(_REALM)
    name, mark, query = behind.rpartition("?")
    return f"{before}{realm}{quote(name, safe='@')}{mark}{query}"


def _is_federated(text: str) -> bool:
    try:
        realm = json.loads(text)
    except ValueError:
        return False
    return isinstance(realm, dict) and realm.get("account_type") == "Federated"


def _texts(pairs: Form) -> dict[str, str]:
    """msal leaves None for what it does not send, and gives assertions as bytes."""
    return {
        name: value.decode() if isinstance(value, bytes) else str(value)
        for name, value in pairs.items()
        if value is not None
    }


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
