"""The port `Links`: one-time tokens, derived from the handover's id and stored nowhere.

A token is the id and its HMAC under a subkey of the audit key: whoever reads the database cannot
make one, and whoever has one cannot make another.
"""

import base64
import binascii
import hmac
import uuid

from connection.ports import Links

_PROOF_BYTES = 24
_TOKEN_BYTES = 16 + _PROOF_BYTES


class SignedLinks:
    """`public_url` is the bot's https address, '' where there is none."""

    def __init__(self, key: bytes, public_url: str) -> None:
        self._key = key
        self._public_url = public_url.rstrip("/")

    def address_of(self, handover_id: str) -> str:
        return f"{self._public_url}/secret/{self._token(handover_id)}" if self._public_url else ""

    def handover_of(self, token: str) -> str:
        try:
            raw = base64.b64decode(token.encode("ascii") + b"==", altchars=b"-_", validate=True)
        except (UnicodeEncodeError, binascii.Error):
            return ""
        if len(raw) != _TOKEN_BYTES:
            return ""
        handover_id = str(uuid.UUID(bytes=raw[:16]))
        issued = hmac.compare_digest(self._token(handover_id).encode(), token.encode())
        return handover_id if issued else ""

    def form_key(self, token: str) -> str:
        return hmac.digest(self._key, b"form " + token.encode("utf-8"), "sha256").hex()

    def _token(self, handover_id: str) -> str:
        own = uuid.UUID(handover_id).bytes
        proof = hmac.digest(self._key, own, "sha256")[:_PROOF_BYTES]
        return base64.urlsafe_b64encode(own + proof).rstrip(b"=").decode()


_: type[Links] = SignedLinks
