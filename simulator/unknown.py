"""The answer of every site to a route that it does not simulate."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response


async def not_simulated(request: Request) -> Response:
    what = f"{request.method} {request.url.path}"
    return PlainTextResponse(f"The simulator does not simulate {what}.\n", 501)
