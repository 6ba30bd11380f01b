"""What went wrong before there was an answer: httpx's exceptions as faults of the core."""

import errno
import re
import socket
import ssl
import zlib
from collections.abc import Callable, Iterator
from typing import TypeVar

import httpx

from connection.errors import (
    HostNotAllowed,
    NameUnknown,
    ProxyRefused,
    RemoteFault,
    TimedOut,
    TlsFailed,
    Unintelligible,
    Unreachable,
)

E = TypeVar("E", bound=Exception)
_SERVICE_TROUBLE = "Try again in a minute. If it stays, ask the network's operator."
_INSPECTED = (
    "If the network inspects TLS, whoever runs the bot gives its authority in D365BOT_CA_FILE."
)
_RENEW = (
    "Check the clock of the bot's machine. If it is right, whoever runs the server, or the network "
    "that inspects TLS, has to renew the certificate."
)
_ANOTHER = (
    "Check the address. If it is right, ask whoever runs the server, or the network in between, "
    "why another one answers."
)
_EXPIRED = ("its certificate has expired", _RENEW)
_TOO_EARLY = ("its certificate is not valid yet", "Check the clock of the bot's machine.")
_OTHER_HOST = ("its certificate is made out to another host", _ANOTHER)
_UNTRUSTED = ("its certificate is signed by nobody whom the bot trusts", _INSPECTED)
_CERTIFICATE_REASONS = {
    "expired": _EXPIRED,
    "not yet valid": _TOO_EARLY,
    "hostname mismatch": _OTHER_HOST,
    "ip address mismatch": _OTHER_HOST,
    "self-signed": _UNTRUSTED,
    "self signed": _UNTRUSTED,
    "unable to get local issuer": _UNTRUSTED,
}
"""What OpenSSL says -> what that means, and what to do."""


def network_fault(host: str, error: Exception) -> RemoteFault:
    """The fault for an exception of httpx, of unpacking, or of the time limit."""
    for kind, translate in _TRANSLATIONS:
        if isinstance(error, kind):
            return translate(host, error)
    return Unreachable(f"The call to {host} did not succeed.", _SERVICE_TROUBLE)


def bare(error: E) -> E:
    """The same exception and its causes without their frames, whose locals hold tokens."""
    for one in _chain(error):
        one.__traceback__ = None
    return error


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        waiting += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions
        yield one


def _not_connected(host: str, error: Exception) -> RemoteFault:
    for cause in _chain(error):
        if isinstance(cause, ssl.SSLError):
            return _tls_failed(host, cause)
        if isinstance(cause, socket.gaierror):
            return NameUnknown(
                f"DNS does not know {host}, or the proxy before it.",
                "Look for a typing error in the address and in HTTPS_PROXY.",
            )
        if isinstance(cause, ConnectionRefusedError):
            return Unreachable(f"{host} refused the connection.", _SERVICE_TROUBLE)
        if isinstance(cause, OSError) and cause.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
            return Unreachable(f"There is no route to {host}.", _SERVICE_TROUBLE)
    return Unreachable(f"No connection to {host} could be made.", _SERVICE_TROUBLE)


def _tls_failed(host: str, error: ssl.SSLError) -> TlsFailed:
    text = str(error).lower()
    found = next((known for key, known in _CERTIFICATE_REASONS.items() if key in text), None)
    if found is None:
        return TlsFailed(
            f"No secure connection to {host} could be agreed on.",
            "Check that the address leads to an https service, and what stands in between.",
        )
    reason, remedy = found
    return TlsFailed(f"{host} cannot be trusted: {reason}.", remedy)


def _proxy_refused(host: str, error: Exception) -> RemoteFault:
    found = re.match(r"(\d{3})\b", str(error))
    status = int(found[1]) if found else 0
    if status == 407:
        return ProxyRefused(
            f"The proxy wants a sign-in before it lets calls to {host} through.",
            "Whoever runs the bot puts the user name and password for the proxy into HTTPS_PROXY.",
            status=status,
        )
    if status == 504:
        return TimedOut(f"The proxy got no answer from {host} in time.", _SERVICE_TROUBLE)
    if status >= 500:
        return Unreachable(
            f"The proxy could not reach {host} ({status}).",
            "Look for a typing error in the address; then ask the proxy's operator.",
        )
    return ProxyRefused(
        f"The proxy does not let calls to {host} through.",
        f"Ask the proxy's operator to allow CONNECT to {host}:443.",
        status=status,
    )


def _timed_out(host: str, error: Exception) -> RemoteFault:
    what = "accept a connection" if isinstance(error, httpx.ConnectTimeout) else "answer"
    return TimedOut(f"{host} did not {what} in time.", _SERVICE_TROUBLE)


def _not_spoken(host: str, error: Exception) -> RemoteFault:
    if re.search(r"disconnected|closed|eof", str(error), re.IGNORECASE):
        return _cut(host, error)
    return Unintelligible(
        f"{host} does not speak HTTP as it should.",
        "Check that the address leads to a web service, and what stands in between.",
    )


def _cut(host: str, _: Exception) -> RemoteFault:
    return Unreachable(f"{host} cut the connection.", _SERVICE_TROUBLE)


def _not_unpacked(host: str, _: Exception) -> RemoteFault:
    return Unintelligible(
        f"The answer of {host} was damaged on the way.", "Try again; then ask the network operator."
    )


def _no_address(host: str, _: Exception) -> RemoteFault:
    return HostNotAllowed(f"{host} cannot be called by its address.", "Correct the address.")


_TRANSLATIONS: tuple[tuple[type[Exception], Callable[[str, Exception], RemoteFault]], ...] = (
    (httpx.ProxyError, _proxy_refused),
    (httpx.TimeoutException, _timed_out),
    (TimeoutError, _timed_out),
    (httpx.ConnectError, _not_connected),
    (httpx.ProtocolError, _not_spoken),
    (httpx.NetworkError, _cut),
    (httpx.DecodingError, _not_unpacked),
    (zlib.error, _not_unpacked),
    (httpx.UnsupportedProtocol, _no_address),
    (httpx.InvalidURL, _no_address),
)
TRANSLATED = (httpx.HTTPError, httpx.InvalidURL, zlib.error, TimeoutError)
