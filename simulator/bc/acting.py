"""The pages that act when they are opened or changed: one row each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.bc.access import Session
from simulator.bc.dataverse_page import page as dataverse_setup
from simulator.bc.setup import page as connection_setup

Row = dict[str, Any]


@dataclass(frozen=True)
class Acting:
    """`opened` and `changed` get the company's name and facts; `shown` makes of a record what
    the page shows."""

    opened: Callable[[Session, str, Row], None]
    changed: Callable[[Session, str, Row, Row], None]
    shown: Callable[[Session, Row, Row], Row]


ACTING = {
    5330: Acting(connection_setup.opened, connection_setup.changed, connection_setup.shown),
    7200: Acting(dataverse_setup.opened, dataverse_setup.changed, dataverse_setup.shown),
}
