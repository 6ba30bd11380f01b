"""The simulator's own certificate authority, and a certificate for each known host."""

import ssl
from collections.abc import Callable

import trustme


class Authority:
    """The CA's private key never leaves memory; only its certificate is written out."""

    def __init__(self) -> None:
        self._ca = trustme.CA(organization_name="d365bot simulator (for tests only)")
        self._contexts: dict[str, ssl.SSLContext] = {}

    @property
    def pem(self) -> bytes:
        return self._ca.cert_pem.bytes()

    def server_context(self, knows: Callable[[str], bool]) -> ssl.SSLContext:
        """Presents the certificate of the host that the client names, if `knows` accepts it."""

        def choose(connection: ssl.SSLObject, host: str | None, _: ssl.SSLContext) -> int | None:
            if host is None or not knows(host):
                return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
            connection.context = self._context(host.lower())
            return None

        context = self._context("simulator.invalid")
        context.sni_callback = choose
        return context

    def _context(self, host: str) -> ssl.SSLContext:
        if host not in self._contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.set_alpn_protocols(["http/1.1"])
            self._ca.issue_cert(host).configure_cert(context)
            self._contexts[host] = context
        return self._contexts[host]
