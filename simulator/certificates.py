"""The simulator's own certificate authority, and the certificates of each known host."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import trustme

NOBODY = "simulator.invalid"


class Authority:
    """The private keys never leave memory; only the CA's certificate is written out."""

    def __init__(self) -> None:
        self._ca = trustme.CA(organization_name="d365bot simulator (for tests only)")
        self._stranger = trustme.CA(organization_name="an authority that nobody trusts")
        self._contexts: dict[tuple[str, str], ssl.SSLContext] = {}

    @property
    def pem(self) -> bytes:
        return self._ca.cert_pem.bytes()

    def server_context(
        self, knows: Callable[[str], bool], kind_of: Callable[[str], str]
    ) -> ssl.SSLContext:
        """Presents the certificate of the host that the client names, if `knows` accepts it.

        `kind_of` says which of the host's certificates, in the words of `network_facts.py`.
        """

        def choose(connection: ssl.SSLObject, host: str | None, _: ssl.SSLContext) -> int | None:
            if host is None or not knows(host):
                return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
            connection.context = self._context(host.lower(), kind_of(host))
            return None

        context = self._context(NOBODY, "ok")
        context.sni_callback = choose
        return context

    def _context(self, host: str, kind: str) -> ssl.SSLContext:
        if (host, kind) not in self._contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.set_alpn_protocols(["http/1.1"])
            self._issue(host, kind).configure_cert(context)
            self._contexts[host, kind] = context
        return self._contexts[host, kind]

    def _issue(self, host: str, kind: str) -> trustme.LeafCert:
        if kind == "unknown-authority":
            return self._stranger.issue_cert(host)
        if kind == "wrong-host":
            return self._ca.issue_cert(NOBODY)
        if kind == "expired":
            now = datetime.now(UTC)
            begins, ended = now - timedelta(days=90), now - timedelta(days=1)
            return self._ca.issue_cert(host, not_before=begins, not_after=ended)
        if kind == "ends-soon":
            return self._ca.issue_cert(host, not_after=datetime.now(UTC) + timedelta(days=5))
        return self._ca.issue_cert(host)
