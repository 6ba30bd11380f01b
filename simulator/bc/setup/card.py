"""Page 5330 open in one company: a copy of the company's records, saved together or not at all."""

import copy
from dataclasses import dataclass, field
from typing import Any

from simulator.bc.access import Session
from simulator.bc.profile import Profile
from simulator.bc.setup.record import BLANK

Row = dict[str, Any]


@dataclass
class Card:
    session: Session
    name: str
    company: Row
    profile: Profile
    pages: Row = field(init=False)

    def __post_init__(self) -> None:
        self.pages = copy.deepcopy(self.company["pages"])

    @property
    def setup(self) -> Row:
        rows = self.pages["crm_connection_setup"]
        found: Row = next(iter(rows.values()))
        return found

    @property
    def jobs(self) -> dict[str, Row]:
        rows: dict[str, Row] = self.pages.setdefault("job_queue_entries", {})
        return rows

    @property
    def mappings(self) -> dict[str, Row]:
        rows: dict[str, Row] = self.pages.setdefault("integration_table_mappings", {})
        return rows

    @property
    def dataverse(self) -> Row:
        """The record of page 7200, an empty one if there is none."""
        rows: dict[str, Row] = self.pages.get("cds_connection_setup", {})
        return next(iter(rows.values()), {})

    def complete(self) -> bool:
        """Makes the record, or what it lacks; says whether it was missing."""
        return self._completed("crm_connection_setup", BLANK)

    def _completed(self, page: str, blank: Row) -> bool:
        rows: dict[str, Row] = self.pages.setdefault(page, {})
        missing = not rows
        if missing:
            rows["setup"] = {}
        for name, value in blank.items():
            self.setup.setdefault(name, value)
        return missing

    def commit(self) -> None:
        """AL's Commit: what was changed so far stays, whatever fails later."""
        self.company["pages"] = copy.deepcopy(self.pages)
