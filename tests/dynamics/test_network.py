"""Over real sockets on loopback: certificates, the proxy, and services that misbehave."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connection.errors import (
    HostNotAllowed,
    NameUnknown,
    NotReady,
    ProxyRefused,
    RemoteFault,
    TimedOut,
    TlsFailed,
    Unintelligible,
    Unreachable,
)
from dynamics.gateway import Dynamics, DynamicsSettings
from dynamics.http import Limits
from tests.dynamics.loopback import (
    EXPIRES,
    Authority,
    Proxy,
    Talk,
    answering,
    microsoft,
    saying,
    serving,
    silent,
)
from tests.dynamics.microsoft import SALES, TENANT, TheVault, the_access

HASTE = Limits(connect=5, read=0.2, whole=0.5, size=100_000)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority") / "ca.pem")


@asynccontextmanager
async def dynamics(
    authority: Authority | None,
    *,
    allowed: tuple[str, ...] = (),
    proxy: str = "",
    no_proxy: str = "",
    limits: Limits | None = None,
) -> AsyncIterator[Dynamics]:
    settings = DynamicsSettings(
        allowed_hosts=allowed,
        ca_file=authority.pem if authority else None,
        proxy=proxy,
        no_proxy=no_proxy,
        limits=limits or Limits(),
    )
    opened = Dynamics(settings, TheVault().open)
    try:
        yield opened
    finally:
        await opened.aclose()


async def test_reaching_a_host_tells_addresses_and_expiry(authority: Authority) -> None:
    async with (
        serving(answering({}, "401 Unauthorized"), authority.context()) as port,
        dynamics(authority, allowed=("localhost",)) as opened,
    ):
        reached = await opened.sales.reach(f"https://localhost:{port}/Org")
    assert reached.host == "localhost"
    assert "127.0.0.1" in reached.addresses
    assert reached.through_proxy == ""
    assert reached.certificate_expires == EXPIRES


async def test_reaching_through_the_proxy_tells_the_hosts_own_expiry(authority: Authority) -> None:
    proxy = Proxy()
    async with (
        serving(microsoft, authority.context()) as proxy.behind,
        serving(proxy) as port,
        dynamics(authority, proxy=f"http://user:hidden@127.0.0.1:{port}") as opened,
    ):
        reached = await opened.sales.reach(SALES)
    assert reached.through_proxy == "127.0.0.1"
    assert reached.addresses == ()
    assert reached.certificate_expires == EXPIRES
    assert proxy.targets == ["CONNECT contoso.crm4.dynamics.com:443"]


async def test_signing_in_and_calling_go_through_the_proxy(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment is set because httpx and requests would read it."""
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, "missing.pem")
    monkeypatch.setenv("NO_PROXY", "*")
    proxy = Proxy()
    async with (
        serving(microsoft, authority.context()) as proxy.behind,
        serving(proxy) as port,
        dynamics(authority, proxy=f"127.0.0.1:{port}") as opened,
    ):
        await opened.sales.sign_in(the_access())
        assert await opened.sales.who_am_i(the_access()) == TENANT
    assert set(proxy.targets) == {
        "CONNECT login.microsoftonline.com:443",
        "CONNECT contoso.crm4.dynamics.com:443",
    }


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("403 Forbidden", ProxyRefused),
        ("407 Proxy Authentication Required", ProxyRefused),
        ("502 Bad Gateway", Unreachable),
        ("504 Gateway Timeout", TimedOut),
    ],
)
async def test_what_the_proxy_refuses_is_named(
    authority: Authority, status: str, kind: type[RemoteFault]
) -> None:
    proxy = Proxy(status=status)
    async with (
        serving(proxy) as port,
        dynamics(authority, proxy=f"http://user:hidden@127.0.0.1:{port}") as opened,
    ):
        with pytest.raises(RemoteFault) as caught:
            await opened.sales.reach(SALES)
        with pytest.raises(kind):
            await opened.sales.sign_in(the_access())
    assert type(caught.value) is kind
    assert "hidden" not in caught.value.message + caught.value.hint


async def test_hosts_of_no_proxy_are_called_directly(authority: Authority) -> None:
    proxy = Proxy()
    async with (
        serving(answering({}), authority.context()) as port,
        serving(proxy) as proxy_port,
        dynamics(
            authority,
            allowed=("localhost",),
            proxy=f"http://127.0.0.1:{proxy_port}",
            no_proxy="localhost",
        ) as opened,
    ):
        assert (await opened.sales.reach(f"https://localhost:{port}")).through_proxy == ""
    assert proxy.targets == []


async def test_a_certificate_of_an_unknown_authority_is_refused(authority: Authority) -> None:
    await fails_tls(authority.context(), None, "nobody whom the bot trusts")


async def test_an_expired_certificate_is_refused(authority: Authority) -> None:
    expired = datetime(2020, 1, 1, tzinfo=UTC)
    await fails_tls(authority.context(expires=expired), authority, "expired")


async def test_a_certificate_of_another_host_is_refused(authority: Authority) -> None:
    await fails_tls(authority.context("elsewhere.test"), authority, "another host")


async def test_a_server_without_tls_is_refused(authority: Authority) -> None:
    await fails_tls(None, authority, "secure connection")


async def fails_tls(
    context: ssl.SSLContext | None, authority: Authority | None, words: str
) -> None:
    talk = saying(b"HTTP/1.1 400 Bad Request\r\n\r\n") if context else no_tls
    async with (
        serving(talk, context) as port,
        dynamics(authority, allowed=("localhost",)) as opened,
    ):
        with pytest.raises(TlsFailed) as caught:
            await opened.sales.reach(f"https://localhost:{port}")
    assert words in caught.value.message


async def no_tls(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail.example.test ESMTP\r\n")
    await writer.drain()


@pytest.mark.parametrize(
    ("talk", "kind"),
    [
        (silent, TimedOut),
        (saying(b""), Unreachable),
        (saying(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{"), Unreachable),
        (saying(b"220 mail.example.test ESMTP\r\n\r\n"), Unintelligible),
        (saying(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<html"), Unintelligible),
        (saying(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100_001), Unintelligible),
        (
            saying(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot packed at all"),
            Unintelligible,
        ),
    ],
)
async def test_a_service_that_misbehaves_is_named(
    authority: Authority, talk: Talk, kind: type[RemoteFault]
) -> None:
    proxy = Proxy()
    async with (
        serving(talk, authority.context()) as proxy.behind,
        serving(proxy) as port,
        dynamics(authority, proxy=f"http://127.0.0.1:{port}", limits=HASTE) as opened,
    ):
        with pytest.raises(RemoteFault) as caught:
            await opened.sales.sign_in(the_access())
    assert type(caught.value) is kind


async def test_nobody_at_the_port_is_a_refused_connection() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        async with dynamics(None, allowed=("localhost",)) as opened:
            with pytest.raises(Unreachable) as caught:
                await opened.sales.reach(f"https://localhost:{port}")
    assert type(caught.value) is Unreachable
    assert "refused" in caught.value.message


async def test_a_name_that_leads_inside_is_never_connected_to(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS is patched because no test can point a name of Microsoft's into this network."""
    asked: list[str] = []

    async def answering_loopback(host: str, port: int, **_: object) -> list[object]:
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", answering_loopback)
    async with dynamics(authority) as opened:
        with pytest.raises(HostNotAllowed, match=r"127\.0\.0\.1"):
            await opened.sales.reach(SALES)
        with pytest.raises(HostNotAllowed):
            await opened.sales.sign_in(the_access())
    assert asked == ["contoso.crm4.dynamics.com", "login.microsoftonline.com"]


async def test_a_name_that_dns_does_not_know_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS is patched so that the test asks nobody."""

    async def unknown(host: str, port: int, **_: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)
    async with dynamics(None) as opened:
        with pytest.raises(NameUnknown, match=r"contoso\.crm4"):
            await opened.sales.reach(SALES)


@pytest.mark.parametrize("content", ["", "no certificate"])
def test_an_authority_file_without_certificates_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "ca.pem"
    file.write_text(content)
    with pytest.raises(NotReady, match="D365BOT_CA_FILE"):
        Dynamics(DynamicsSettings(ca_file=file), TheVault().open)


@pytest.mark.parametrize("proxy", ["socks5://proxy.test", "http://", "http://a b", "http://[x"])
def test_a_proxy_that_cannot_be_used_is_named(proxy: str) -> None:
    with pytest.raises(NotReady, match="HTTPS_PROXY"):
        Dynamics(DynamicsSettings(proxy=proxy), TheVault().open)
