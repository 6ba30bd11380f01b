"""A secret that a server sends back in its refusal is never repeated."""

from urllib.parse import quote, quote_plus

from connection.errors import AdminError, RemoteFault

MASKED = "[masked]"
SHORTEST = 8
"""Shorter ones may be words of ours."""


def unsaid(error: Exception, secret: str) -> Exception:
    """The same error; message and hint without the secret, in whatever spelling."""
    if not isinstance(error, AdminError) or len(secret) < SHORTEST:
        return error
    for spelling in {secret, quote(secret), quote(secret, safe=""), quote_plus(secret)}:
        error.message = error.message.replace(spelling, MASKED)
        error.hint = error.hint.replace(spelling, MASKED)
        if isinstance(error, RemoteFault):
            error.quoting(error.quoted.replace(spelling, MASKED))
    error.args = (error.message,)
    return error
