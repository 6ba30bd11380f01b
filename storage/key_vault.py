"""Azure Key Vault wraps numbered keys with an RSA key that never leaves it.

Everything of Azure is imported when it is needed: it belongs to the extra `keyvault`.
"""

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

_PATIENCE: dict[str, Any] = {"retry_total": 2, "connection_timeout": 5, "read_timeout": 15}
"""Seconds: somebody waits for the start, or at the command line."""


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
        self._options = _PATIENCE | options

    def wrap(self, key: bytes) -> tuple[str, bytes]:
        """Raises `NotReady`."""
        with self._client(self._key) as (client, algorithm):
            done = client.wrap_key(algorithm, key)
        if not done.key_id:
            raise NotReady(f"Key Vault did not say which version of {self._key} it used.")
        return done.key_id, done.encrypted_key

    def unwrap(self, key_id: str, wrapped: bytes) -> bytes:
        """Raises `NotReady`."""
        with self._client(key_id) as (client, algorithm):
            return client.unwrap_key(algorithm, wrapped).key

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
            with transport(self._proxy_for, self._ca_file) as over:
                credential = self._credential or DefaultAzureCredential(
                    transport=over, **_ONLY_FOR_PROGRAMS, **_PATIENCE
                )
                client = CryptographyClient(key_id, credential, transport=over, **self._options)
                yield client, KeyWrapAlgorithm.rsa_oaep_256
        except (AzureError, ValueError) as error:
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
