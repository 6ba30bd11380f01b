"""Whether a request comes from Slack.

Slack signs `v0:{timestamp}:{raw body}` with HMAC-SHA256 and refuses more than five minutes of
clock difference (docs.slack.dev, Verifying requests from Slack).
"""

import hashlib
import hmac
import re

MOST_SECONDS_APART = 300
_TIMESTAMP = re.compile(r"[0-9]{1,12}")


def is_signed(
    secret: str, timestamp: str | None, signature: str | None, body: bytes, now: float
) -> bool:
    """False for anything malformed; compares in constant time."""
    if timestamp is None or signature is None or not _TIMESTAMP.fullmatch(timestamp):
        return False
    if abs(now - int(timestamp)) > MOST_SECONDS_APART:
        return False
    signed = b"v0:" + timestamp.encode() + b":" + body
    expected = "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "surrogateescape"))
