"""HTTPS for Azure's SDK: the operator's authorities and proxy, and nothing of the environment."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from azure.core.pipeline.transport import RequestsTransport
from requests.adapters import HTTPAdapter

CONNECT_SECONDS = 5.0


@contextmanager
def transport(
    proxy_for: Callable[[str], str], ca_file: Path | None, read_seconds: float
) -> Iterator[RequestsTransport]:
    """For the vault and for Entra ID. Managed identity is asked by plain http, on this machine."""
    trust = ssl.create_default_context()
    if ca_file:
        trust.load_verify_locations(ca_file)
    with requests.Session() as session:
        session.trust_env = False
        session.mount("https://", _Adapter(trust, proxy_for))
        yield RequestsTransport(
            session=session,
            session_owner=False,
            use_env_settings=False,
            connection_timeout=CONNECT_SECONDS,
            read_timeout=read_seconds,
        )


class _Adapter(HTTPAdapter):
    def __init__(self, trust: ssl.SSLContext, proxy_for: Callable[[str], str]) -> None:
        self._trust = trust
        self._proxy_for = proxy_for
        super().__init__()

    def init_poolmanager(self, *args: Any, **named: Any) -> None:
        super().init_poolmanager(*args, **named, ssl_context=self._trust)

    def proxy_manager_for(self, proxy: str, **named: Any) -> Any:
        return super().proxy_manager_for(proxy, **named, ssl_context=self._trust)

    def send(
        self, request: requests.PreparedRequest, *args: Any, **named: Any
    ) -> requests.Response:
        """Only the settings say which proxy."""
        proxy = self._proxy_for(request.url or "")
        named["proxies"] = {"https": proxy} if proxy else {}
        return super().send(request, *args, **named)
