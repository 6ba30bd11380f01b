"""How each kind of credential asks msal for a token: one row each. Runs in a worker thread.

msal gets a new app object for every token, so its memory of failures never answers.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from connection.errors import NotReady, SignInFailed
from dynamics.managed_identity import ManagedIdentityHttp
from dynamics.msal_client import MsalClient

LONGEST_ASSERTION = 65_536
_ASSERTION = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Request:
    """One token to ask for. `secret` is '' for identities that have none of their own."""

    credential: str
    tenant: str
    client_id: str
    user_name: str
    resource: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Desk:
    """What msal works with: its client, the login's address, and the machine's own identities."""

    client: MsalClient
    login_url: str
    assertion_file: Path | None
    managed: ManagedIdentityHttp

    def authority(self, tenant: str) -> str:
        """The tenant's address."""
        return f"{self.login_url}/{tenant}"


Answer = Mapping[str, Any]


def ask(desk: Desk, request: Request) -> Answer:
    """msal's answer: a token, or an error object. Raises what the client raises."""
    return _WAYS[request.credential](desk, request)


def knows(credential: str) -> bool:
    """Whether there is a way for it."""
    return credential in _WAYS


def app_of(desk: Desk, tenant: str, client_id: str, credential: Any) -> Any:
    """msal's confidential client, or with None for the credential a public one that does not
    warn: asking for a password's token is deprecated there, and still what tests it."""
    import msal

    return msal.ConfidentialClientApplication(
        client_id,
        client_credential=credential,
        authority=desk.authority(tenant),
        instance_discovery=False,
        azure_region=msal.ConfidentialClientApplication.DISABLE_MSAL_FORCE_REGION,
        http_client=desk.client,
    )


def public_app_of(desk: Desk, tenant: str, client_id: str) -> Any:
    """msal's public client, for device codes."""
    import msal

    return msal.PublicClientApplication(
        client_id,
        authority=desk.authority(tenant),
        instance_discovery=False,
        http_client=desk.client,
    )


def _as_app(desk: Desk, request: Request, credential: Any) -> Answer:
    app = app_of(desk, request.tenant, request.client_id, credential)
    found: Answer = app.acquire_token_for_client(scopes=[f"{request.resource}/.default"])
    return found


def _by_secret(desk: Desk, request: Request) -> Answer:
    return _as_app(desk, request, request.secret)


def _by_certificate(desk: Desk, request: Request) -> Answer:
    """Key and certificate without a thumbprint: msal then signs with PS256 and x5t#S256."""
    pair = {"private_key": request.secret, "public_certificate": request.secret}
    return _as_app(desk, request, pair)


def _by_workload_identity(desk: Desk, request: Request) -> Answer:
    """The assertion is read anew each time: who issues it replaces the file before it ends."""
    assertion = _assertion(desk.assertion_file)
    return _as_app(desk, request, {"client_assertion": lambda: assertion})


def _assertion(file: Path | None) -> str:
    if file is None:
        raise NotReady(
            "The bot has no workload identity: AZURE_FEDERATED_TOKEN_FILE is not set.",
            "Run the bot where an assertion file is mounted, or choose another credential with "
            "/d365 setup.",
        )
    try:
        with file.open("rb") as opened:
            text = opened.read(LONGEST_ASSERTION + 1)
    except OSError as error:
        raise NotReady(
            f"The assertion file of the workload identity cannot be read: {error.strerror}.",
            "Look at AZURE_FEDERATED_TOKEN_FILE and who may read the file it names.",
        ) from error
    assertion = text.decode("ascii", "replace").strip()
    if len(text) > LONGEST_ASSERTION or not _ASSERTION.fullmatch(assertion):
        raise NotReady(
            "The assertion file of the workload identity holds no assertion.",
            "AZURE_FEDERATED_TOKEN_FILE has to name the file of the projected token.",
        )
    return assertion


def _by_managed_identity(desk: Desk, request: Request) -> Answer:
    return desk.managed.token(request.client_id, request.resource)


def _by_password(desk: Desk, request: Request) -> Answer:
    """The integration user's own sign-in, through a public client (entra/v2-oauth-ropc)."""
    if not request.client_id:
        raise NotReady(
            "The setup names no app that people sign in through.",
            "Enter its client ID with /d365 setup.",
        )
    if "@" not in request.user_name:
        raise SignInFailed(
            "Entra ID knows users by their user principal name, such as integration@contoso.com.",
            "Correct the integration user with /d365 setup.",
            code="AADSTS50034",
        )
    app = app_of(desk, request.tenant, request.client_id, None)
    found: Answer = app.acquire_token_by_username_password(
        request.user_name, request.secret, scopes=[f"{request.resource}/.default"]
    )
    return found


_WAYS: dict[str, Callable[[Desk, Request], Answer]] = {
    "client_secret": _by_secret,
    "certificate": _by_certificate,
    "workload_identity": _by_workload_identity,
    "managed_identity": _by_managed_identity,
    "password": _by_password,
}
WITHOUT_SECRET = frozenset({"workload_identity", "managed_identity"})
