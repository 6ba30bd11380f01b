"""Every exception of the network becomes a fault that says what happened."""

import errno
import ssl
from collections.abc import Iterator

import httpx
import pytest

from connection.errors import ProxyRefused, RemoteFault, TimedOut, TlsFailed, Unreachable
from dynamics.network_faults import network_fault
from tests.dynamics.refusing import caused_by

PROXY: list[tuple[str, type[RemoteFault]]] = [
    ("407 Proxy Authentication Required", ProxyRefused),
    ("403 Forbidden", ProxyRefused),
    ("502 Bad Gateway", Unreachable),
    ("504 Gateway Timeout", TimedOut),
    ("what", ProxyRefused),
]


@pytest.mark.parametrize(("said", "kind"), PROXY)
def test_what_the_proxy_says_is_told_apart(said: str, kind: type[RemoteFault]) -> None:
    assert type(network_fault("h", httpx.ProxyError(said))) is kind


@pytest.mark.parametrize(
    ("cause", "kind", "words"),
    [
        (ConnectionRefusedError(), Unreachable, "refused"),
        (OSError(errno.ENETUNREACH, "no route"), Unreachable, "no route"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER]"), TlsFailed, "agreed"),
        (ssl.SSLError(1, "certificate has expired"), TlsFailed, "expired"),
        (ssl.SSLError(1, "Hostname mismatch, certificate"), TlsFailed, "another host"),
        (ExceptionGroup("all", [ConnectionRefusedError()]), Unreachable, "refused"),
        (ValueError(), Unreachable, "No connection"),
    ],
)
def test_the_cause_of_a_failed_connection_is_named(
    cause: Exception, kind: type[RemoteFault], words: str
) -> None:
    fault = network_fault("h", caused_by(httpx.ConnectError("no"), cause))
    assert type(fault) is kind
    assert words in fault.message


def leaves(error: type[Exception]) -> Iterator[type[Exception]]:
    for narrower in error.__subclasses__():
        yield from leaves(narrower)
    yield error


@pytest.mark.parametrize(
    "error", dict.fromkeys(leaves(httpx.HTTPError)), ids=lambda error: error.__name__
)
def test_every_exception_of_httpx_becomes_a_fault_with_a_hint(error: type[httpx.HTTPError]) -> None:
    raised = error.__new__(error)
    Exception.__init__(raised, "it happened")
    fault = network_fault("h.test", raised)
    assert "h.test" in fault.message
    assert fault.hint
