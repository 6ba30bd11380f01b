"""The answer of every site to a route that it does not simulate."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route


async def not_simulated(request: Request) -> Response:
    what = f"{request.method} {request.url.path}"
    return PlainTextResponse(f"The simulator does not simulate {what}.\n", 501)


METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]


def everything_else() -> Route:
    """The last route of a site: whatever it does not simulate, by whatever method."""
    return Route("/{rest:path}", not_simulated, methods=METHODS)
