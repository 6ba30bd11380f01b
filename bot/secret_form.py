"""`GET|POST /secret/<token>`: the form behind a one-time link.

GET and HEAD change nothing, so previews of the link use nothing up. A sent form has to come from
the page itself: its key, and what the browser says of where it comes from. With no-referrer a
browser says `Origin: null` even of its own page, so Sec-Fetch-Site is what tells there.
"""

import hmac
import ipaddress
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.bodies import TooLarge, read_body
from bot.secret_page import form_page, given_page, refusal_page
from connection.errors import AdminError, Mistake, UnknownLink
from connection.handing_over import Offered
from connection.keeping_secrets import end_of_day
from connection.service import ConnectionService

LARGEST_BODY = 200_000
"""Bytes. A certificate has at most 32 kB, and form encoding at most triples that."""

MOST_REFUSED = 10_000
"""Links whose refusal is remembered until the bot starts again."""

_FORM = "application/x-www-form-urlencoded"


class SecretForm:
    """`public_url` is the bot's https address, '' where no link is ever made."""

    def __init__(self, service: ConnectionService, public_url: str) -> None:
        self._service = service
        parts = urlsplit(public_url)
        self._origin = f"{parts.scheme}://{parts.netloc}".lower() if public_url else ""
        self._refused: set[str] = set()

    async def answer(self, request: Request) -> Response:
        """404 for what leads nowhere, 410 for what is over, 403 for what is not safe."""
        if not self._origin:
            return refusal_page("There is nothing here", "", 404)
        if not _by_https(request):
            return refusal_page(
                "This page is for https only",
                "Open the link as Slack shows it. Whoever runs the bot lets the proxy in front of "
                "it set X-Forwarded-Proto.",
                403,
            )
        token = str(request.path_params["token"])
        try:
            offered = await self._service.offered(token)
            if not offered.lasts and request.method != "POST":
                return _over()
            if offered.lasts and offered.locked:
                return refusal_page(offered.locked.message, offered.locked.hint, 409)
            if request.method == "POST":
                return await self._given(request, token, offered)
        except UnknownLink as error:
            return refusal_page(error.message, error.hint, 404)
        return form_page(offered, self._service.form_key(token))

    async def _given(self, request: Request, token: str, offered: Offered) -> Response:
        key = self._service.form_key(token)
        try:
            fields = await _fields(request)
        except (TooLarge, TimeoutError, ClientDisconnect):
            return refusal_page("That was too much or too slow", "Open the link again.", 413)
        if fields is None or not self._from_the_page(request) or not _same(fields, key):
            return refusal_page(
                "This did not come from the form",
                "Open the link in a browser and give it there.",
                403,
            )
        try:
            expires = end_of_day(fields.get("expires", ""))
            handover = await self._service.give(token, fields.get("value", ""), expires)
        except Mistake as error:
            return await self._once_more(token, key, error, fields.get("expires", ""))
        except AdminError as error:
            return refusal_page(error.message, error.hint, 503)
        return given_page(handover, offered.connection)

    async def _once_more(self, token: str, key: str, error: Mistake, expires: str) -> Response:
        """The form again if it still works, else why it does not; that is remembered once a
        link, so that whoever has an old one cannot fill the audit with it."""
        offered = await self._service.offered(token)
        if offered.lasts:
            return form_page(offered, key, f"{error.message} {error.hint}".strip(), expires)
        if offered.handover.id not in self._refused and len(self._refused) < MOST_REFUSED:
            self._refused.add(offered.handover.id)
            await self._service.link_refused(offered.handover)
        return _over()

    def _from_the_page(self, request: Request) -> bool:
        origin = request.headers.get("origin", "null").lower()
        site = request.headers.get("sec-fetch-site", "same-origin")
        return origin in ("null", self._origin) and site == "same-origin"


def _over() -> Response:
    return refusal_page(
        "This link is used or over",
        "A link works once, for ten minutes. Ask for a new one in Slack with /d365 secret. If you "
        "did not use it yourself, press Discard in Slack, which asks about what was given.",
        410,
    )


def _by_https(request: Request) -> bool:
    """What the proxy in front says; a caller on this machine that says nothing is not refused:
    nothing travelled."""
    said = request.headers.get("x-forwarded-proto", "").split(",")[0].strip().lower()
    if said or "forwarded" in request.headers:
        first = request.headers.get("forwarded", "").lower().split(",")[0]
        pairs = {pair.strip().replace('"', "") for pair in first.split(";")}
        return said == "https" or (not said and "proto=https" in pairs)
    return request.url.scheme == "https" or _stays_here(request)


def _stays_here(request: Request) -> bool:
    """From this machine to a name of this machine, so without a proxy that forgot to say."""
    return _is_loopback(request.client.host if request.client else "") and _is_loopback(
        request.url.hostname or ""
    )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _fields(request: Request) -> Mapping[str, str] | None:
    body = await read_body(request, LARGEST_BODY)
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != _FORM:
        return None
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError:
        return None
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else None


def _same(fields: Mapping[str, str], key: str) -> bool:
    return hmac.compare_digest(fields.get("form_key", "").encode(), key.encode())
