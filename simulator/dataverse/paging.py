"""Pages that the server cuts: the opaque token of a nextLink, and what it continues."""

import base64
import binascii
import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from simulator.dataverse.errors import bad_query
from simulator.dataverse.shapes import Table
from simulator.json_bodies import read_json

if TYPE_CHECKING:
    from simulator.dataverse.session import Session

Row = dict[str, Any]
KEPT = 16


class Pages:
    """Rows that a first page filtered and sorted, kept for the pages that follow it.

    Any request that may change facts makes them out of date.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, ...], tuple[object, list[Row]]] = OrderedDict()

    def chosen(
        self,
        session: "Session",
        table: Table,
        address: str,
        start: int,
        choose: Callable[[], list[Row]],
    ) -> list[Row]:
        rows = session.organisation["tables"].get(table.entity_set, {})
        state = (id(rows), len(rows), session.world.changes)
        place = (session.user["systemuserid"], without_token(address))
        kept = self._kept.get(place) if start else None
        if kept is not None and kept[0] == state:
            self._kept.move_to_end(place)
            return kept[1]
        chosen = choose()
        self._kept[place] = (state, chosen)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return chosen


def with_token(address: str, offset: int) -> str:
    cleaned = without_token(address)
    token = json.dumps({"next": offset, "of": _fingerprint(cleaned)}).encode()
    joint = "&" if "?" in cleaned else "?"
    return f"{cleaned}{joint}$skiptoken={quote(base64.b64encode(token).decode(), safe='')}"


def start_of(skiptoken: str | None, address: str) -> int:
    if skiptoken is None:
        return 0
    try:
        token = read_json(base64.b64decode(skiptoken, validate=True))
        start, of = int(token["next"]), token["of"]
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise bad_query("The $skiptoken is malformed.") from error
    if of != _fingerprint(without_token(address)):
        raise bad_query("The $skiptoken belongs to another query.")
    return start


def without_token(address: str) -> str:
    root, _, query = address.partition("?")
    parts = [
        p for p in query.split("&") if p and not p.startswith(("$skiptoken=", "%24skiptoken="))
    ]
    return f"{root}?{'&'.join(parts)}" if parts else root


def _fingerprint(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:16]
