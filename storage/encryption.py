"""The port `Encryption`: whether secrets can be sealed, and turning that on."""

import asyncio
from collections.abc import Callable

from connection.errors import NotReady
from connection.ports import Encryption
from connection.secrets import EncryptionState
from storage.keys import EncryptionKeys, new_key


class KeyEncryption:
    """`wrapped_text` gives the text of a new key file where a key vault wraps keys, else ''."""

    def __init__(self, keys: EncryptionKeys, wrapped_text: Callable[[], str]) -> None:
        self._keys = keys
        self._wrapped_text = wrapped_text
        self._turning = asyncio.Lock()

    def on(self) -> bool:
        return self._keys.exist()

    def state(self) -> EncryptionState:
        return EncryptionState(
            tuple(self._keys.numbers()), self._keys.where, self._keys.folder is None
        )

    async def turn_on(self) -> int | None:
        async with self._turning:
            if self._keys.exist():
                return None
            return await asyncio.to_thread(self._first_key)

    def _first_key(self) -> int:
        folder = self._keys.folder
        if folder is None:
            raise NotReady(
                "The keys come from D365BOT_ENCRYPTION_KEYS.", "Add one there and restart the bot."
            )
        try:
            number = new_key(folder, self._wrapped_text())
        except OSError as error:
            raise NotReady(
                f"No key could be written to {folder}: {error.strerror}.",
                "Whoever runs the bot looks at D365BOT_KEY_DIR.",
            ) from error
        self._keys.load()
        return number


_: type[Encryption] = KeyEncryption
