"""The identity of the machine: from the endpoint that Azure gives it, and from nowhere else.

Every test sets IDENTITY_ENDPOINT and IDENTITY_HEADER, because msal reads them from the
environment itself, as Azure's documentation tells programs to.
"""

import asyncio
import gzip
import time
from collections.abc import Callable

import pytest

from connection.errors import (
    HostNotAllowed,
    RemoteFault,
    SignInFailed,
    Unintelligible,
    Unreachable,
)
from dynamics.managed_identity import LARGEST, ManagedIdentityHttp
from tests.dynamics.loopback import Talk, answering, head, saying, serving
from tests.dynamics.microsoft import CLIENT, SALES
from tests.dynamics.simulated import access_to, dynamics
from tests.dynamics.test_secrecy import everything_in
from tests.simulator.conftest import Visitor

HEADER = "0123-the-header-of-the-machine"
ISSUED = "the-machines-token"
UNKNOWN = "4a3c6f36-3a5e-4e2f-9f0b-2f9c5d9b1234"
SOURCES = ("MSI_ENDPOINT", "MSI_SECRET", "IMDS_ENDPOINT", "IDENTITY_SERVER_THUMBPRINT")
Offer = Callable[[str], None]


@pytest.fixture
def offer(monkeypatch: pytest.MonkeyPatch) -> Offer:
    """Azure gives this machine an identity at an address."""

    def set_variables(endpoint: str, header: str = HEADER) -> None:
        for name in SOURCES:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("IDENTITY_ENDPOINT", endpoint)
        monkeypatch.setenv("IDENTITY_HEADER", header)
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")

    return set_variables


@pytest.fixture
def endpoint(visitor: Visitor, monkeypatch: pytest.MonkeyPatch, offer: Offer) -> str:
    given = visitor.ready["managed_identity"]
    offer(given["endpoint"])
    monkeypatch.setenv("IDENTITY_HEADER", given["header"])
    return str(given["endpoint"])


@pytest.mark.parametrize("assigned", ["", "by the user"])
async def test_the_machines_identity_signs_in_to_both_services(
    visitor: Visitor, endpoint: str, assigned: str
) -> None:
    """Directly, though the bot and the environment have a proxy."""
    client_id = visitor.ready["apps"]["bot"]["client_id"] if assigned else ""
    access = access_to(visitor, "managed_identity", client_id=client_id)
    async with dynamics(visitor, identity_endpoint=endpoint) as room:
        signed_in = await room.sales.sign_in(access)
        assert 3500 < (signed_in.expires_at.timestamp() - time.time()) <= 3600
        assert await room.sales.who_am_i(access)
        assert await room.business_central.companies(access)
    assert not await visitor.calls(site="proxy")


async def test_an_identity_that_the_machine_does_not_have_is_explained(
    visitor: Visitor, endpoint: str
) -> None:
    access = access_to(visitor, "managed_identity", client_id=UNKNOWN)
    async with dynamics(visitor, identity_endpoint=endpoint) as room:
        with pytest.raises(SignInFailed) as caught:
            await room.sales.sign_in(access)
    assert "No User Assigned" in caught.value.message
    assert "/d365 setup" in caught.value.hint


async def test_a_machine_without_an_identity_of_its_own_is_explained(
    visitor: Visitor, endpoint: str
) -> None:
    await visitor.patch({"managed_identity": {"system": None}})
    async with dynamics(visitor, identity_endpoint=endpoint) as room:
        with pytest.raises(SignInFailed) as caught:
            await room.sales.sign_in(access_to(visitor, "managed_identity", client_id=""))
    assert "system-assigned" in caught.value.hint


async def test_a_refusal_of_entra_comes_through_with_its_explanation(
    visitor: Visitor, endpoint: str
) -> None:
    await visitor.patch({"apps": {"bot": {"refuse": 53003}}})
    async with dynamics(visitor, identity_endpoint=endpoint) as room:
        with pytest.raises(SignInFailed) as caught:
            await room.sales.sign_in(access_to(visitor, "managed_identity", client_id=""))
    assert caught.value.code == "AADSTS53003"
    assert caught.value.message.startswith("A conditional access policy")


async def test_a_wrong_header_is_explained(
    visitor: Visitor, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDENTITY_HEADER", HEADER)
    async with dynamics(visitor, identity_endpoint=endpoint) as room:
        with pytest.raises(SignInFailed) as caught:
            await room.sales.sign_in(access_to(visitor, "managed_identity", client_id=""))
    assert "X-IDENTITY-HEADER" in caught.value.message
    assert HEADER not in everything_in(caught.value)


async def token(port: int, client_id: str = "") -> object:
    """Through the endpoint on this port."""
    http = ManagedIdentityHttp(f"http://127.0.0.1:{port}/msi/token")
    return await asyncio.to_thread(http.token, client_id, SALES)


async def fault_of(talk: Talk, offer: Offer) -> RemoteFault:
    async with serving(talk) as port:
        offer(f"http://127.0.0.1:{port}/msi/token")
        with pytest.raises(RemoteFault) as caught:
            await token(port)
        return caught.value


async def test_nothing_that_listens_is_unreachable_with_a_way_out(offer: Offer) -> None:
    async with serving(saying(b"")) as port:
        pass
    offer(f"http://127.0.0.1:{port}/msi/token")
    with pytest.raises(Unreachable) as caught:
        await token(port)
    assert "another credential with /d365 setup" in caught.value.hint


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://127.0.0.2:{port}/msi/token",
        "https://127.0.0.1:{port}/msi/token",
        "http://localhost:{port}/msi/token",
        "http://a@127.0.0.1:{port}/msi/token",
    ],
)
async def test_another_origin_than_the_machines_own_is_never_asked(
    offer: Offer, elsewhere: str
) -> None:
    asked = False

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked = True

    async with serving(talk) as port:
        offer(elsewhere.format(port=port))
        with pytest.raises(HostNotAllowed) as caught:
            await token(port)
    assert not asked
    assert "IDENTITY_ENDPOINT" in caught.value.hint
    assert "IDENTITY_HEADER" in caught.value.hint


async def test_a_redirect_is_not_followed(offer: Offer) -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    assert isinstance(await fault_of(saying(moved), offer), Unintelligible)


def plain(content: bytes, *headers: bytes) -> Talk:
    lines = [b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(content), *headers, b"", content]
    return saying(b"\r\n".join(lines))


@pytest.mark.parametrize(
    "said",
    [b"", b"<html>sign in</html>", b"garbage", b"[]", b'"x"', b"null", b"7", b"\xff\xfe", b"{"],
)
async def test_garbage_is_named_for_what_it_is(offer: Offer, said: bytes) -> None:
    fault = await fault_of(plain(said), offer)
    assert isinstance(fault, Unintelligible)
    assert "managed identity" in fault.message


@pytest.mark.parametrize(
    "body",
    [
        {"access_token": ISSUED, "expires_on": "soon"},
        {"access_token": ISSUED, "expires_on": [1]},
        {"access_token": ISSUED, "expires_on": float("inf")},
        {"access_token": 5, "expires_on": "99999999999"},
    ],
)
async def test_a_token_that_is_none_is_named(offer: Offer, body: object) -> None:
    fault = await fault_of(answering(body), offer)
    assert isinstance(fault, Unintelligible)
    assert ISSUED not in everything_in(fault)


async def test_a_huge_body_is_not_read_to_its_end(offer: Offer) -> None:
    sent = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" " * 65_536)
            sent += 65_536
            await writer.drain()

    assert isinstance(await fault_of(talk, offer), Unintelligible)
    assert sent < 20 * LARGEST


async def test_what_unpacks_to_a_huge_body_is_refused(offer: Offer) -> None:
    packed = gzip.compress(b" " * 100 * LARGEST)
    fault = await fault_of(plain(packed, b"Content-Encoding: gzip"), offer)
    assert isinstance(fault, Unintelligible)


async def test_the_header_and_the_identity_are_sent_and_nothing_else_of_the_machine(
    offer: Offer,
) -> None:
    heard: list[str] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append((await reader.readuntil(b"\r\n\r\n")).decode().lower())
        await answering({"access_token": ISSUED, "expires_on": str(int(time.time()) + 60)})(
            Rest(), writer
        )

    async with serving(talk) as port:
        offer(f"http://127.0.0.1:{port}/msi/token")
        await token(port, CLIENT)
    assert f"x-identity-header: {HEADER}" in heard[0]
    assert f"client_id={CLIENT}" in heard[0]
    assert "authorization" not in heard[0]


class Rest(asyncio.StreamReader):
    """A request that was read already."""

    def __init__(self) -> None:
        super().__init__()
        self.feed_data(b"GET / HTTP/1.1\r\n\r\n")
