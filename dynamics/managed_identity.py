"""The identity of the machine that the bot runs on, from the endpoint that Azure gives it.

It is on this machine or link-local (IMDS), plain http, and never behind a proxy, so it has a
client of its own, which calls that one origin and nothing else. msal picks the source from the
variables that Azure sets: IDENTITY_ENDPOINT with IDENTITY_HEADER (App Service, Container Apps),
else IMDS (msal managed_identity.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from connection.errors import HostNotAllowed, SignInFailed, Unintelligible, Unreachable
from dynamics.aadsts import refused_sign_in

IMDS = "http://169.254.169.254"
LARGEST = 1_000_000
CHUNK = 65_536
SECONDS = 10.0
_NO_TOKEN = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)
"""What msal raises for an answer of another shape; its `ManagedIdentityError` is one of them."""


@dataclass(frozen=True, slots=True)
class _Response:
    """What msal reads of a response."""

    status_code: int
    text: str
    headers: Mapping[str, str]


class ManagedIdentityHttp:
    """msal's `http_client` for managed identities. Used in a worker thread."""

    def __init__(self, endpoint: str) -> None:
        """`endpoint` is IDENTITY_ENDPOINT, '' where the machine's IMDS is asked."""
        parts = urlsplit(endpoint or IMDS)
        self._origin = (parts.scheme, parts.netloc)

    def token(self, client_id: str, resource: str) -> Mapping[str, Any]:
        """Of the user-assigned identity `client_id`, or with '' of the system-assigned one."""
        import msal

        identity = (
            msal.UserAssignedManagedIdentity(client_id=client_id)
            if client_id
            else msal.SystemAssignedManagedIdentity()
        )
        try:
            answer: Mapping[str, Any] = msal.ManagedIdentityClient(
                identity, http_client=self
            ).acquire_token_for_client(resource=resource)
        except _NO_TOKEN:
            raise _something_else() from None
        if "access_token" not in answer:
            raise _refused(answer)
        if not isinstance(answer["access_token"], str):
            raise _something_else()
        return answer

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **_: object,
    ) -> _Response:
        """Part of msal's interface."""
        return self._send("GET", url, params, headers)

    def post(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **_: object,
    ) -> _Response:
        """Part of msal's interface."""
        return self._send("POST", url, params, headers)

    def close(self) -> None:
        """Part of msal's interface; nothing is kept open."""

    def _send(
        self,
        method: str,
        url: str,
        params: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
    ) -> _Response:
        parts = urlsplit(url)
        if (parts.scheme, parts.netloc) != self._origin:
            raise HostNotAllowed(
                "The managed identity is asked for somewhere else than the machine offers it.",
                "Look at IDENTITY_ENDPOINT and IDENTITY_HEADER, which Azure sets for the bot.",
            )
        try:
            with httpx.Client(trust_env=False, timeout=SECONDS, follow_redirects=False) as client:
                request = client.build_request(method, url, params=params, headers=headers)
                answer = client.send(request, stream=True)
                text = _text(answer)
                answer.close()
        except httpx.HTTPError:
            raise Unreachable(
                "This machine offers no managed identity: its endpoint does not answer.",
                "Run the bot on a machine of Azure that has one, or choose another credential "
                "with /d365 setup.",
            ) from None
        return _Response(answer.status_code, text, dict(answer.headers))


def _text(answer: httpx.Response) -> str:
    """'' for a body that is larger than any token."""
    content = b""
    for chunk in answer.iter_bytes(CHUNK):
        content += chunk
        if len(content) > LARGEST:
            return ""
    return content.decode("utf-8", "replace")


def _something_else() -> Unintelligible:
    return Unintelligible(
        "The machine's managed identity endpoint answered with something else.",
        "Check that the bot runs on a machine with a managed identity.",
    )


def _refused(answer: Mapping[str, Any]) -> SignInFailed:
    """The endpoint passes on what Entra ID said, with its number."""
    said = str(answer.get("error_description") or answer.get("error") or "")[:300]
    if "AADSTS" in said:
        return refused_sign_in(answer, 400)
    fault = SignInFailed(
        f"The machine's managed identity got no token{f': {said}' if said else '.'}",
        "Check that the identity is assigned to this machine, and the client ID of the bot's app "
        "with /d365 setup; empty stands for the system-assigned one.",
        code=str(answer.get("error") or ""),
    )
    return fault.quoting(said)
