"""Key Vault as the settings name it: for keys that it wrapped, and for new ones."""

from collections.abc import Callable
from urllib.parse import urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined] # undocumented

from bot.settings import Settings
from storage.key_vault import AzureKeyVault
from storage.wrapped_keys import KeyWrapping, new_wrapped_key


def key_vault(settings: Settings) -> AzureKeyVault:
    """Also without `D365BOT_KEY_VAULT_KEY`: key files say which key wrapped them."""
    return AzureKeyVault(
        settings.d365bot_key_vault_key,
        proxy_for=key_vault_proxy(settings),
        ca_file=settings.d365bot_ca_file,
    )


def key_vault_proxy(settings: Settings) -> Callable[[str], str]:
    """Address → the proxy for it, or '' for none."""

    def proxy_for(address: str) -> str:
        host = urlsplit(address).netloc
        bypassed = proxy_bypass_environment(host, {"no": settings.no_proxy})
        return "" if bypassed else settings.https_proxy

    return proxy_for


def wrapping_of_new_keys(settings: Settings) -> KeyWrapping | None:
    """None if new keys are plain files."""
    return key_vault(settings) if settings.d365bot_key_vault_key else None


def text_of_new_key(settings: Settings) -> str:
    """The text of a new key file where a vault wraps keys; '' for a plain one. May take long."""
    wrapping = wrapping_of_new_keys(settings)
    return new_wrapped_key(wrapping) if wrapping else ""
