"""Azure Key Vault wraps numbered keys with an RSA key that never leaves it.

Everything of Azure is imported when it is needed: it belongs to the extra `keyvault`.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connection.errors import NotReady
from storage.key_vault_refusals import told
from storage.wrapped_keys import KeyWrapping

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from azure.keyvault.keys.crypto import CryptographyClient

READ_SECONDS = 15.0
"""Somebody waits for the start, or at the command line."""

_DISLIKED_ANSWERS = (AttributeError, KeyError, NotImplementedError, TypeError, ValueError)
"""What the SDK stumbles over if something else than Key Vault answers."""

_RETRIES: dict[str, Any] = {"retry_total": 2}


_VERSIONED = re.compile(r"https://[^/\s]+/keys/[^/\s]+/[^/\s]+")


def _kid(answer: Any) -> str:
    """The key that Key Vault used. Its client tells it only if it may read the key as well."""
    try:
        return str(json.loads(answer.http_response.text())["kid"])
    except (KeyError, TypeError, ValueError):
        return ""


def _bytes(value: object) -> bytes:
    """The SDK hands on whatever was answered."""
    return value if isinstance(value, bytes) else b""


def _directly(_address: str) -> str:
    return ""


class AzureKeyVault:
    """See `storage.wrapped_keys.KeyWrapping`. Connections last for one call."""

    def __init__(
        self,
        key: str = "",
        *,
        proxy_for: Callable[[str], str] = _directly,
        ca_file: Path | None = None,
        read_seconds: float = READ_SECONDS,
        credential: "TokenCredential | None" = None,
        **options: Any,
    ) -> None:
        """`key` is the address of the key to wrap with, with or without a version.

        `proxy_for` says '' for addresses that are called directly. `credential` and `options`
        (of the SDK's client) are for tests; without them the bot signs in as what Azure says it is.
        """
        self._key = key
        self._proxy_for = proxy_for
        self._ca_file = ca_file
        self._credential = credential
        self._read_seconds = read_seconds
        self._options = _RETRIES | options

    def wrap(self, key: bytes) -> tuple[str, bytes]:
        """Raises `NotReady`."""
        answered: list[str] = []
        with self._client(self._key) as (client, algorithm):
            done = client.wrap_key(
                algorithm, key, raw_response_hook=lambda answer: answered.append(_kid(answer))
            )
        told_ids = [done.key_id or "", *reversed(answered)]
        key_id = next((one for one in told_ids if _VERSIONED.fullmatch(one)), "")
        wrapped = _bytes(done.encrypted_key)
        if not key_id or not wrapped:
            raise NotReady(
                f"Key Vault did not say which version of {self._key} it used.",
                "Check what stands between the bot and the vault.",
            )
        return key_id, wrapped

    def unwrap(self, key_id: str, wrapped: bytes) -> bytes:
        """Raises `NotReady`."""
        with self._client(key_id) as (client, algorithm):
            return _bytes(client.unwrap_key(algorithm, wrapped).key)

    @contextmanager
    def _client(self, key_id: str) -> Iterator[tuple["CryptographyClient", Any]]:
        try:
            from azure.core.exceptions import AzureError
            from azure.identity import DefaultAzureCredential
            from azure.keyvault.keys.crypto import CryptographyClient, KeyWrapAlgorithm

            from storage.key_vault_transport import transport
        except ImportError as error:
            raise NotReady(
                "Keys that Key Vault wraps need the extra keyvault, which is not installed.",
                "Install d365bot[keyvault].",
            ) from error
        try:
            with transport(self._proxy_for, self._ca_file, self._read_seconds) as over:
                credential = self._credential or DefaultAzureCredential(
                    transport=over, **_ONLY_FOR_PROGRAMS, **_RETRIES
                )
                client = CryptographyClient(key_id, credential, transport=over, **self._options)
                yield client, KeyWrapAlgorithm.rsa_oaep_256
        except (AzureError, *_DISLIKED_ANSWERS) as error:
            raise told(error, key_id) from error


_ONLY_FOR_PROGRAMS = {
    f"exclude_{one}_credential": True
    for one in (
        "broker",
        "cli",
        "developer_cli",
        "interactive_browser",
        "powershell",
        "shared_token_cache",
        "visual_studio_code",
    )
}
"""What somebody is signed in with on the bot's machine is not the bot's identity."""

_: type[KeyWrapping] = AzureKeyVault
