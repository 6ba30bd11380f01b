"""`/_hooks/upload/<key>`: takes the bytes of a file, raw or as one part of a form.

Rules: docs.slack.dev/messaging/working-with-files (uploading files). The answer to bytes of
another length than promised is inferred.
"""

import re

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from simulator.slack.state import App

BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)


class Uploading:
    def __init__(self, app: App) -> None:
        self._app = app

    async def answer(self, request: Request) -> Response:
        body = await request.body()
        response = self._take(request.path_params["key"], request, body)
        self._app.record("slack", request.method, "/_hooks/upload/*", response.status_code, body)
        return response

    def _take(self, key: str, request: Request, body: bytes) -> Response:
        found = [state.uploads.at(key) for state in self._app.states.values()]
        upload = next((each for each in found if each is not None), None)
        if upload is None:
            return PlainTextResponse("no such upload", 404)
        content = _content(request.headers.get("content-type", ""), body)
        if len(content) != upload.length:
            sentence = f"{len(content)} bytes arrived where {upload.length} were promised"
            return PlainTextResponse(sentence, 400)
        upload.content = content
        return PlainTextResponse(f"OK - {len(content)}")


def _content(content_type: str, body: bytes) -> bytes:
    """The whole body, or of a form the part that names a file, else the first (RFC 7578)."""
    found = BOUNDARY.search(content_type)
    if not content_type.lower().startswith("multipart/form-data") or found is None:
        return body
    pieces = (b"\r\n" + body).split(b"\r\n--" + found[1].encode())[1:-1]
    parts = [piece.removeprefix(b"\r\n").partition(b"\r\n\r\n") for piece in pieces]
    files = [content for head, _, content in parts if b"filename=" in head]
    return next(iter([*files, *(content for _, _, content in parts)]), b"")
