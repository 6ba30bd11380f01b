"""Large pages that were made once are kept until anything changes.

The real services read pages from a database; here they are rendered from facts, and that must not
be what a reader of many users waits for.
"""

from collections.abc import Hashable

from starlette.requests import Request
from starlette.responses import Response

SMALLEST = 500_000
"""Bytes: what is smaller is made anew each time."""
HEADERS = ("content-type", "preference-applied")


class PagesAhead:
    """`who` is everything about the caller that an answer depends on."""

    def __init__(self) -> None:
        self._pages: dict[Hashable, tuple[bytes, dict[str, str]]] = {}
        self._changes = -1

    def page(self, changes: int, who: Hashable, request: Request) -> Response | None:
        """As it was answered before to the same caller, unless the world changed since."""
        if self._changes != changes:
            self._pages.clear()
            self._changes = changes
        kept = self._pages.get(_key(who, request))
        return None if kept is None else Response(kept[0], headers=kept[1])

    def keep(self, who: Hashable, request: Request, response: Response) -> None:
        """What `page` did not have. A read changes nothing, so the page is still true."""
        body = bytes(response.body)
        if request.method == "GET" and response.status_code == 200 and len(body) >= SMALLEST:
            headers = {name: response.headers[name] for name in HEADERS if name in response.headers}
            self._pages[_key(who, request)] = (body, headers)


def _key(who: Hashable, request: Request) -> Hashable:
    return who, request.method, str(request.url), request.headers.get("prefer", "")
