"""Large pages that were made once are kept until anything changes.

The real service reads pages from a database; here they are rendered from facts, and that must not
be what a reader of many users waits for.
"""

from starlette.requests import Request
from starlette.responses import Response

from simulator.dataverse.session import Session

SMALLEST = 500_000
"""Bytes: what is smaller is made anew each time."""
Key = tuple[str, frozenset[str], str, str]


class PagesAhead:
    def __init__(self) -> None:
        self._pages: dict[Key, tuple[bytes, dict[str, str]]] = {}
        self._changes = -1

    def page(self, session: Session, request: Request) -> Response | None:
        """As it was answered before to the same user."""
        if self._changes != session.world.changes:
            self._pages.clear()
            self._changes = session.world.changes
        kept = self._pages.get(_key(session, request))
        return None if kept is None else Response(kept[0], headers=kept[1])

    def keep(self, session: Session, request: Request, response: Response) -> None:
        """What `page` did not have. A read changes nothing, so the page is still true."""
        body = bytes(response.body)
        if request.method == "GET" and response.status_code == 200 and len(body) >= SMALLEST:
            names = ("content-type", "preference-applied")
            headers = {name: response.headers[name] for name in names if name in response.headers}
            self._pages[_key(session, request)] = (body, headers)


def _key(session: Session, request: Request) -> Key:
    prefer = request.headers.get("prefer", "")
    return session.user["systemuserid"], session.privileges, str(request.url), prefer
