"""A call to one of Microsoft's services, its answer, and the token that goes with it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import httpx

REFERENCES = ("x-ms-service-request-id", "REQ_ID", "request-id", "x-ms-request-id")
"""Headers with a service's own id of a request."""
NO_CONTENT = 204


class Service(StrEnum):
    """Who is called, in the words of the person who reads the fault."""

    ENTRA = "Entra ID"
    SALES = "Sales"
    BUSINESS_CENTRAL = "Business Central"


@dataclass(frozen=True, slots=True)
class Token:
    """What a call is authorised with; its text never shows in a repr."""

    value: str = field(repr=False)
    expires_at: datetime
    scheme: str = "Bearer"


@dataclass(frozen=True, slots=True)
class Call:
    """One request as the product means it; redirects and repetitions are `Http`'s business.

    `lane` names the caller, because the services limit calls per user. `body` is sent as it
    is, and `secrets` are what it holds of them. `converging` says that doing it twice leaves what
    doing it once leaves. `once` is for what must not happen twice: it is sent again after 429 only,
    with which nothing was done. `large` gives it the time of an upload.
    """

    service: Service
    method: str
    url: str
    correlation: str = ""
    lane: str = ""
    token: Token | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
    secrets: frozenset[str] = field(default=frozenset(), repr=False)
    converging: bool = False
    harmless: bool = False
    once: bool = False
    large: bool = False

    @property
    def repeatable(self) -> bool:
        """Whether it may be sent again when the service was busy."""
        return self.method == "GET" or self.converging

    @property
    def asks_only(self) -> bool:
        """Whether it may be sent again when nobody knows what became of it. A step that converges
        reads first, so it is not."""
        return self.method == "GET" or self.harmless

    def all_headers(self, token: Token | None) -> httpx.Headers:
        """The headers to send, with `token`; the Authorization is masked in their repr."""
        headers = httpx.Headers(dict(self.headers))
        correlation = self.correlation or str(uuid.uuid4())
        names = ("x-ms-client-request-id", "x-ms-correlation-id")
        for name in ("client-request-id",) if self.service is Service.ENTRA else names:
            headers[name] = correlation
        headers["Accept-Encoding"] = "gzip"
        headers.setdefault("Accept", "application/json")
        if token is not None:
            headers["Authorization"] = f"{token.scheme} {token.value}"
        return headers


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, read to its end and unpacked."""

    status: int
    headers: httpx.Headers = field(repr=False)
    content: bytes = field(repr=False)

    @property
    def reference(self) -> str:
        """The service's own id of the request, for a support case; '' if it gave none."""
        return next((self.headers[name] for name in REFERENCES if name in self.headers), "")

    @property
    def text(self) -> str:
        """The content as text, whatever bytes it holds."""
        return self.content.decode("utf-8", "replace")
