"""All or nothing: what a change set or a bulk message does is undone when a part of it fails."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from simulator.dataverse.session import Session

LINKS = ("user_roles", "team_roles", "team_members")


@contextmanager
def atomic(session: Session) -> Iterator[None]:
    """Keeps the tables, not their rows: a changed row is a new one (see `writing.update`)."""
    organisation = session.organisation
    tables = {name: dict(rows) for name, rows in organisation["tables"].items()}
    links = {name: copy.deepcopy(organisation[name]) for name in LINKS}
    try:
        yield
    except BaseException:
        _restore(organisation["tables"], tables)
        organisation.update(links)
        raise


def _restore(tables: dict[str, Any], kept: dict[str, dict[str, Any]]) -> None:
    """In place: others hold the tables too."""
    for name, rows in tables.items():
        rows.clear()
        rows.update(kept.get(name, {}))
