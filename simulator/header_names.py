"""Header names as Microsoft's services spell them.

HTTP does not mind case, but some clients do: the official asynchronous SDK copies an answer's
headers into a plain dict and looks for `Retry-After` and `Content-Type`.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SPELLINGS = (
    "Allow",
    "Cache-Control",
    "Content-Disposition",
    "Content-Encoding",
    "Content-ID",
    "Content-Type",
    "Date",
    "ETag",
    "Location",
    "OData-EntityId",
    "OData-Version",
    "Preference-Applied",
    "REQ_ID",
    "Retry-After",
    "WWW-Authenticate",
)
_BY_NAME = {name.lower(): name for name in SPELLINGS}


class Spelled(bytes):
    """A name that stays as it is when the server puts it into lower case before writing it."""

    __slots__ = ()

    def lower(self) -> bytes:
        return self


def spelled(name: str) -> str:
    return _BY_NAME.get(name.lower(), name)


def with_spelled_headers(app: ASGIApp) -> ASGIApp:
    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def spelling(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [_spelled(*pair) for pair in message.get("headers", ())]
            await send(message)

        await app(scope, receive, spelling)

    return wrapped


def _spelled(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    known = _BY_NAME.get(name.decode("latin-1").lower())
    return (name if known is None else Spelled(known.encode())), value
