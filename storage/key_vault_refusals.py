"""What Key Vault refuses, in words and with a remedy; nothing of what it was sent or answered."""

import ssl
from urllib.parse import urlsplit

from connection.errors import NotReady


def told(error: Exception, key_id: str) -> NotReady:
    """For any error of Azure's SDK, and for those that answers of somebody else bring it to."""
    from azure.core.exceptions import (
        ClientAuthenticationError,
        HttpResponseError,
        ServiceRequestError,
        ServiceResponseError,
    )

    vault, key = _parts(key_id)
    status = error.status_code if isinstance(error, HttpResponseError) else None
    if isinstance(error, ClientAuthenticationError) and status is None:
        return NotReady(
            f"Azure gave the bot no identity to open Key Vault {vault} with.",
            "Run it with a managed identity or a workload identity, or set AZURE_TENANT_ID, "
            "AZURE_CLIENT_ID and AZURE_CLIENT_SECRET in its environment.",
        )
    if status is not None:
        return _refused(status, vault, key)
    if isinstance(error, ServiceRequestError | ServiceResponseError):
        return _away(error, vault)
    return NotReady(
        f"Key Vault {vault} answered something that is no answer of Key Vault.",
        "Check the address, and what stands between the bot and the vault.",
    )


def _parts(key_id: str) -> tuple[str, str]:
    address = urlsplit(key_id)
    return address.netloc, address.path.removeprefix("/keys/").partition("/")[0]


def _refused(status: int, vault: str, key: str) -> NotReady:
    if status == 401:
        return NotReady(
            f"Key Vault {vault} does not accept the bot's identity (401).",
            "Give the bot an identity of the tenant that the vault belongs to.",
        )
    if status == 403:
        return NotReady(
            f"Key Vault {vault} does not let the bot use the key {key} (403).",
            "Give its identity the role Key Vault Crypto User (wrap and unwrap), let its address "
            "through the vault's firewall, and see that this version of the key is enabled.",
        )
    if status == 404:
        return NotReady(
            f"Key Vault {vault} has no key {key}, or not this version of it (404).",
            "Correct D365BOT_KEY_VAULT_KEY, or recover the key in the vault if it was deleted.",
        )
    if status == 429 or status >= 500:
        return NotReady(
            f"Key Vault {vault} cannot do it now ({status}).", "Try again in a few minutes."
        )
    return NotReady(
        f"Key Vault {vault} refused the key {key} ({status}).",
        "It has to be an RSA key that may wrap and unwrap keys, and the one that wrapped the "
        "key file.",
    )


def _away(error: BaseException, vault: str) -> NotReady:
    if _of_tls(error):
        return NotReady(
            f"The certificate of Key Vault {vault} is not trusted.",
            "If a proxy of yours looks into TLS, name its authority in D365BOT_CA_FILE.",
        )
    return NotReady(
        f"Key Vault {vault}, or Entra ID, cannot be reached.",
        "Check the vault's name, the network and HTTPS_PROXY, then try again.",
    )


def _of_tls(error: BaseException) -> bool:
    """The SDK hides it below several others."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, ssl.SSLError):
            return True
        waiting += [one.__cause__, one.__context__, *one.args]
        waiting += [getattr(one, name, None) for name in ("reason", "inner_exception")]
    return False
