"""The port `Hold`: secrets that are not stored, in this process's memory and nowhere else."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from connection.errors import SealBroken
from connection.identities import SecretOrigin, SecretRef
from connection.ports import Hold
from storage.sealing import fingerprint_end

MOST = 1_000


@dataclass(frozen=True, slots=True)
class _Held:
    ref: SecretRef
    until: datetime
    value: str = field(repr=False)


class HeldSecrets:
    """Gone when their time is over, when they are dropped, and when the process ends."""

    def __init__(self, fingerprint_key: bytes, now: Callable[[], datetime]) -> None:
        self._fingerprint_key = fingerprint_key
        self._now = now
        self._held: dict[str, _Held] = {}
        self._access = threading.Lock()

    def hold(self, ref: SecretRef, value: str, until: datetime) -> str:
        """The oldest one goes where there are too many."""
        with self._access:
            self._forget_old()
            while len(self._held) >= MOST:
                self._held.pop(next(iter(self._held)))
            self._held[ref.id] = _Held(ref, until, value)
        return fingerprint_end(self._fingerprint_key, value)

    def value(self, secret_id: str) -> str | None:
        with self._access:
            self._forget_old()
            held = self._held.get(secret_id)
        return held.value if held else None

    def drop(self, secret_id: str) -> None:
        with self._access:
            self._held.pop(secret_id, None)

    def open(self, ref: SecretRef, origin: SecretOrigin) -> str | None:
        """As `Vault.open`, for what is held; None for what is not. Raises `SealBroken`."""
        with self._access:
            self._forget_old()
            held = self._held.get(ref.id)
        if held is None:
            return None
        if held.ref != ref or held.ref != replace(ref, origin=origin):
            raise SealBroken(
                f"The {ref.field.replace('_', ' ')} was given for another place.",
                "Give it again with /d365 secret.",
            )
        return held.value

    def _forget_old(self) -> None:
        now = self._now()
        for secret_id in [one for one, held in self._held.items() if held.until <= now]:
            del self._held[secret_id]


_: type[Hold] = HeldSecrets
