"""`$batch` in JSON: several requests in one (OData 4.01, JSON format, 19)."""

import copy
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Message

from simulator.bc.errors import (
    BusinessCentralError,
    NotSimulatedError,
    not_allowed,
    not_simulated_response,
    response_of,
)
from simulator.json_bodies import read_json

Row = dict[str, Any]
Act = Callable[[Request, str], Awaitable[Response]]
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")


async def batch(request: Request, environment: Row, most: int, act: Act) -> Response:
    """One after the other; the first that fails is the last, unless the caller prefers to go on.

    `Isolation: snapshot` makes it all or nothing, but for what went to Sales meanwhile.
    """
    if request.method != "POST":
        raise not_allowed(request.method, "$batch")
    if "json" not in request.headers.get("content-type", ""):
        raise NotSimulatedError("$batch in multipart/mixed in Business Central")
    parts = _parts(await request.body(), most)
    together = "snapshot" in request.headers.get("isolation", "").lower()
    goes_on = "odata.continue-on-error" in request.headers.get("prefer", "").lower()
    before = copy.deepcopy(environment) if together else {}
    answers: list[Row] = []
    for part in parts:
        answers.append(await _one(request, part, act))
        if answers[-1]["status"] >= 400:
            if together:
                environment.clear()
                environment.update(before)
            if together or not goes_on:
                break
    return JSONResponse({"responses": answers})


def _parts(body: bytes, most: int) -> list[Row]:
    try:
        parts = read_json(body)["requests"]
    except (ValueError, TypeError, KeyError) as error:
        raise _bad("The body has no requests.") from error
    if not isinstance(parts, list) or not all(_is_request(each) for each in parts):
        raise _bad("Each request needs an id, a method and a url.")
    if len({each["id"] for each in parts}) < len(parts):
        raise _bad("Each request needs an id of its own.")
    if len(parts) > most:
        text = f"A batch has at most {most} operations."
        raise BusinessCentralError(413, "Application_RequestEntityTooLarge", text)
    if any("atomicityGroup" in each or "dependsOn" in each for each in parts):
        raise NotSimulatedError("$batch with atomicityGroup or dependsOn")
    return parts


def _is_request(part: object) -> bool:
    return (
        isinstance(part, dict)
        and all(isinstance(part.get(name), str) for name in ("id", "method", "url"))
        and part["method"].upper() in METHODS
        and not part["url"].lstrip("/").startswith("$batch")
        and isinstance(part.get("headers", {}), dict)
    )


async def _one(whole: Request, part: Row, act: Act) -> Row:
    try:
        answer = await act(*_request(whole, part))
    except BusinessCentralError as error:
        answer = response_of(error)
    except NotSimulatedError as error:
        answer = not_simulated_response(error)
    told: Row = {"id": part["id"], "status": answer.status_code}
    told["headers"] = {"content-type": answer.headers.get("content-type", "")}
    text = bytes(answer.body)
    if text:
        is_json = "json" in told["headers"]["content-type"]
        told["body"] = json.loads(text) if is_json else text.decode()
    return told


def _below(whole: Request, url: str) -> str:
    """The address below the service's root, which may be written out or begin at the host."""
    root = whole.url.path.removesuffix("$batch")
    for start in (f"https://{whole.url.netloc}{root}", root):
        if url.lower().startswith(start.lower()):
            return url[len(start) :]
    return url.lstrip("/")


def _request(whole: Request, part: Row) -> tuple[Request, str]:
    """A request of its own, with the path below the service's root."""
    path, _, query = _below(whole, part["url"]).partition("?")
    body = json.dumps(part["body"]).encode() if "body" in part else b""
    given = part.get("headers", {}).items()
    headers = [(str(name).lower().encode(), str(value).encode()) for name, value in given]
    scope = {
        **whole.scope,
        "method": part["method"].upper(),
        "headers": headers,
        "query_string": query.encode(),
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(scope, receive), unquote(path)


def _bad(text: str) -> BusinessCentralError:
    return BusinessCentralError(400, "BadRequest", text)
