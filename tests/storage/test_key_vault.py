"""Key Vault wraps keys by its real client, over TLS and a proxy, against a stand-in on loopback."""

import asyncio
import base64
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.identity import CredentialUnavailableError, DefaultAzureCredential

from connection.errors import NotReady
from storage.key_vault import _ONLY_FOR_PROGRAMS, AzureKeyVault
from storage.wrapped_keys import WrappedKey, new_wrapped_key, unwrapped
from tests.dynamics.loopback import Authority, Proxy, serving
from tests.stage import free_port
from tests.storage.vault_stand_in import (
    CLIENT_SECRET,
    ENTRA,
    HOST,
    KEY,
    TENANT,
    TOKEN,
    StandIn,
    standing_in,
)

ELSEWHERE = "vault.example.com"
NUMBERED = bytes(range(32))
AT_ONCE: dict[str, Any] = {"retry_total": 0, "read_seconds": 5.0}


class Signed:
    """A credential with a token, or an error."""

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error

    def get_token(self, *scopes: str, **_named: Any) -> AccessToken:
        assert scopes == ("https://vault.azure.net/.default",)
        if self._error:
            raise self._error
        return AccessToken(TOKEN, 4_000_000_000)


@dataclass
class Reached:
    """The stand-in, and how it is reached."""

    stand_in: StandIn
    proxy: Proxy
    address: str
    pem: Path

    def vault(self, key: str = KEY, **other: Any) -> AzureKeyVault:
        """A new client: nothing is remembered."""
        named = {"credential": Signed(), "ca_file": self.pem, **AT_ONCE, **other}
        return AzureKeyVault(key, proxy_for=lambda _: self.address, **named)


@pytest.fixture
async def reached(tmp_path: Path) -> AsyncIterator[Reached]:
    authority = Authority(tmp_path / "ca.pem")
    with standing_in(authority.context(HOST, ENTRA, ELSEWHERE)) as (stand_in, port):
        proxy = Proxy(behind=port)
        async with serving(proxy) as at:
            yield Reached(stand_in, proxy, f"http://127.0.0.1:{at}", authority.pem)


async def _wrapped(vault: AzureKeyVault) -> tuple[str, bytes]:
    return await asyncio.to_thread(vault.wrap, NUMBERED)


async def _refusal(act: Callable[..., object], *args: Any) -> NotReady:
    with pytest.raises(NotReady) as caught:
        await asyncio.to_thread(act, *args)
    said = f"{caught.value.message} {caught.value.hint}"
    for secret in (TOKEN, base64.b64encode(NUMBERED).decode(), "says the vault"):
        assert secret not in said
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize("readable", [False, True])
async def test_what_was_wrapped_is_unwrapped(reached: Reached, readable: bool) -> None:
    """Whether the identity may read the public key or not."""
    reached.stand_in.readable = readable
    key_id, wrapped = await _wrapped(reached.vault())
    assert key_id == f"{KEY}/{1:032x}"
    assert NUMBERED not in wrapped
    assert await asyncio.to_thread(reached.vault("").unwrap, key_id, wrapped) == NUMBERED
    assert set(reached.proxy.targets) == {f"CONNECT {HOST}:443"}


async def test_a_key_is_unwrapped_by_the_version_that_wrapped_it(reached: Reached) -> None:
    key_id, wrapped = await _wrapped(reached.vault())
    reached.stand_in.add_version()
    newer_id, _ = await _wrapped(reached.vault())
    assert newer_id == f"{KEY}/{2:032x}"
    assert await asyncio.to_thread(reached.vault().unwrap, key_id, wrapped) == NUMBERED


async def test_a_version_can_be_demanded(reached: Reached) -> None:
    first = f"{KEY}/{1:032x}"
    reached.stand_in.add_version()
    assert (await _wrapped(reached.vault(first)))[0] == first


@pytest.mark.parametrize(
    ("status", "said", "remedy"),
    [
        (400, "refused the key d365bot (400)", "RSA key"),
        (401, "does not accept the bot's identity", "tenant"),
        (403, "does not let the bot use the key d365bot", "Key Vault Crypto User"),
        (404, "has no key d365bot", "D365BOT_KEY_VAULT_KEY"),
        (429, "cannot do it now (429)", "Try again"),
        (503, "cannot do it now (503)", "Try again"),
    ],
)
@pytest.mark.parametrize("act", ["wrapkey", "unwrapkey"])
async def test_a_refusal_is_told_with_its_remedy(
    reached: Reached, status: int, said: str, remedy: str, act: str
) -> None:
    key_id, wrapped = await _wrapped(reached.vault())
    reached.stand_in.refusals[act] = status
    vault = reached.vault()
    refused = (
        await _refusal(vault.wrap, NUMBERED)
        if act == "wrapkey"
        else await _refusal(vault.unwrap, key_id, wrapped)
    )
    assert said in refused.message
    assert HOST in refused.message
    assert remedy in refused.hint


async def test_a_key_that_the_vault_does_not_know_is_told(reached: Reached) -> None:
    refused = await _refusal(reached.vault(f"https://{HOST}/keys/other").wrap, NUMBERED)
    assert "has no key other" in refused.message


async def test_what_another_key_wrapped_is_refused(reached: Reached) -> None:
    key_id, _ = await _wrapped(reached.vault())
    refused = await _refusal(reached.vault().unwrap, key_id, bytes(256))
    assert "refused the key" in refused.message


async def test_a_vault_that_does_not_answer_is_told(reached: Reached) -> None:
    reached.stand_in.refusals["wrapkey"] = -1
    refused = await _refusal(reached.vault(read_seconds=0.2).wrap, NUMBERED)
    assert "cannot be reached" in refused.message


async def test_a_vault_that_cannot_be_reached_is_told(reached: Reached) -> None:
    reached.address = f"http://127.0.0.1:{free_port()}"
    refused = await _refusal(reached.vault().wrap, NUMBERED)
    assert "cannot be reached" in refused.message
    assert "HTTPS_PROXY" in refused.hint


async def test_a_certificate_that_is_not_trusted_is_told(reached: Reached) -> None:
    refused = await _refusal(reached.vault(ca_file=None).wrap, NUMBERED)
    assert "certificate" in refused.message
    assert "D365BOT_CA_FILE" in refused.hint


@pytest.mark.parametrize("garbage", ["<html>a proxy</html>", {}, [], {"kid": 1, "value": 2}])
@pytest.mark.parametrize("readable", [False, True])
async def test_an_answer_that_is_none_is_told(
    reached: Reached, garbage: object, readable: bool
) -> None:
    key_id, wrapped = await _wrapped(reached.vault())
    reached.stand_in.garbage, reached.stand_in.readable = garbage, readable
    assert "Key Vault" in (await _refusal(new_wrapped_key, reached.vault())).message
    stored = WrappedKey(key_id, wrapped)
    assert "Key Vault" in (await _refusal(unwrapped, reached.vault(), stored)).message


async def test_a_token_is_given_to_nobody_but_a_key_vault(reached: Reached) -> None:
    """The challenge names a resource that has to fit to the host."""
    nobody = Signed(AssertionError("a token was asked for"))
    vault = reached.vault(f"https://{ELSEWHERE}/keys/d365bot", credential=nobody)
    refused = await _refusal(vault.wrap, NUMBERED)
    assert "is no answer of Key Vault" in refused.message


async def test_without_an_identity_the_ways_to_get_one_are_told(reached: Reached) -> None:
    vault = reached.vault(credential=Signed(CredentialUnavailableError("nothing is configured")))
    refused = await _refusal(vault.wrap, NUMBERED)
    assert "gave the bot no identity" in refused.message
    assert "AZURE_CLIENT_ID" in refused.hint


async def test_the_bots_own_identity_comes_from_its_environment(
    reached: Reached, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the proxy and with the authorities of the settings, to Entra ID as well."""
    monkeypatch.setenv("AZURE_TENANT_ID", TENANT)
    monkeypatch.setenv("AZURE_CLIENT_ID", "d365bot")
    monkeypatch.setenv("AZURE_CLIENT_SECRET", CLIENT_SECRET)
    key_id, wrapped = await _wrapped(reached.vault(credential=None))
    assert await asyncio.to_thread(reached.vault().unwrap, key_id, wrapped) == NUMBERED
    assert f"CONNECT {ENTRA}:443" in reached.proxy.targets


def test_nobody_who_is_signed_in_on_the_machine_is_asked() -> None:
    with DefaultAzureCredential(**_ONLY_FOR_PROGRAMS) as credential:
        names = {type(one).__name__ for one in credential.credentials}
    assert names <= {
        "EnvironmentCredential",
        "FailedDACCredential",
        "ManagedIdentityCredential",
        "WorkloadIdentityCredential",
    }


def test_without_the_extra_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patched, because the tests need the extra."""
    monkeypatch.setitem(sys.modules, "azure.identity", None)
    with pytest.raises(NotReady) as caught:
        AzureKeyVault(KEY).wrap(NUMBERED)
    assert caught.value.hint == "Install d365bot[keyvault]."
