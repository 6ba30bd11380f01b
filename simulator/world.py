"""The facts that every simulated site reports: one JSON document, changed by merge patches."""

import copy
import itertools
from collections.abc import Callable, Iterator
from typing import Any

from simulator import network_facts
from simulator.bc import facts as bc_facts
from simulator.clock import Clock
from simulator.dataverse import facts as dataverse_facts
from simulator.dataverse.jobs import settle
from simulator.dataverse.tables import TABLES
from simulator.entra import facts as entra_facts
from simulator.healthy import healthy_facts
from simulator.identifiers import Draw
from simulator.merge_patch import masked, merged, restored
from simulator.scenarios import patch_of

Facts = dict[str, Any]
"""A JSON object. Records are dicts under a readable key, so that a merge patch reaches one."""


class BadFactError(ValueError):
    """A patch says something that cannot be; the world stays as it was."""


class World:
    def __init__(self, draw: Draw, clock: Clock | None = None) -> None:
        self.draw = draw
        self.clock = clock or Clock()
        self._healthy = healthy_facts(draw)
        self._versions = itertools.count(1_000_001)
        self.lives = 0
        self.facts: Facts = {}
        self.changes = 0
        self.listeners: list[Callable[[], None]] = []
        self._broken: tuple[Facts, Facts, Facts] = ({}, {}, {})
        self.become("healthy")

    def touched(self) -> None:
        """Facts are others, or may be: what was made of them is to be made anew."""
        self.changes += 1

    def become(self, scenario: str) -> None:
        """Everything healthy again, then what the scenario changes.

        Ids and secrets stay, and so do the certificates that somebody registered for an app.
        """
        self.lives += 1
        self.touched()
        self._broken = {}, {}, {}
        patch = patch_of(scenario)
        registered = {key: {"certificates": app["certificates"]} for key, app in self._apps()}
        self.facts = merged(merged(copy.deepcopy(self._healthy), {"apps": registered}), patch)
        self._version_rows({})
        self.settle()
        self._tell()

    def break_on(self, scenario: str) -> None:
        """Only what the scenario changes is as it says, and what the last one broke is mended; all
        else stays, and so does what somebody has changed of it meanwhile, such as a bot."""
        patch = patch_of(scenario)
        facts, broken = self.facts, self._broken
        before = restored(facts, *broken)
        self.facts = before
        try:
            self.patch(patch)
        except BadFactError:
            self.facts = facts
            raise
        self._broken = before, self.facts, patch

    def _apps(self) -> list[tuple[str, Facts]]:
        healthy = self._healthy["apps"]
        return [each for each in self.facts.get("apps", {}).items() if each[0] in healthy]

    def patched(self, patch: Facts) -> Facts:
        """The facts as they would be; what the patch does not touch is shared, not copied."""
        facts: Facts = merged(self.facts, patch)
        parts = (entra_facts, network_facts, dataverse_facts, bc_facts)
        faults = [fault for part in parts for fault in part.faults_in(facts)]
        if faults:
            raise BadFactError("; ".join(faults))
        return facts

    def patch(self, patch: Facts) -> None:
        self.settle()
        self.touched()
        before = _rows(self.facts)
        self.facts = self.patched(patch)
        self._version_rows(before)
        self.settle()
        self._tell()

    def _tell(self) -> None:
        """Whoever has to act when the facts are others."""
        for listener in self.listeners:
            listener()

    def settle(self) -> None:
        """Everything that takes its time in Sales is brought to where the clock is."""
        for organisation in self.facts["sales"].values():
            settle(self, organisation)

    def shown(self) -> Facts:
        self.settle()
        shown: Facts = masked(self.facts)
        return shown

    def next_version(self) -> int:
        """A row version that no row of any organisation had before."""
        return next(self._versions)

    def _version_rows(self, before: dict[tuple[str, ...], Facts]) -> None:
        """A new version for each changed row, and an id for each new row that has none."""
        for place, row in _rows(self.facts).items():
            if before.get(place) != row:
                table = TABLES.get(place[1])
                if table is not None and table.key not in row:
                    row[table.key] = self.draw.guid()
                row["versionnumber"] = self.next_version()

    def tenant_of(self, name: str) -> tuple[str, Facts] | None:
        """The key and facts of the tenant with this guid or domain."""
        for key, tenant in self.facts["tenants"].items():
            if name.lower() in (tenant["id"].lower(), tenant["domain"].lower()):
                return key, tenant
        return None

    def app_of(self, client_id: str, tenant: str) -> tuple[str, Facts] | None:
        for key, app in self.facts["apps"].items():
            if app["client_id"].lower() == client_id.lower() and app["tenant"] == tenant:
                return key, app
        return None

    def organisation_at(self, host: str) -> Facts | None:
        """The Sales organisation at a host name or at its `api` variant."""
        for organisation in self.facts["sales"].values():
            if host.lower() in organisation_hosts(organisation):
                found: Facts = organisation
                settle(self, found)
                return found
        return None

    def server_at(self, host: str) -> Facts | None:
        """The server on the company's premises with this host name."""
        for server in self.facts["on_premises"].values():
            if host.lower() == server["host"].lower():
                found: Facts = server
                return found
        return None

    def environment_of(self, name: str, tenant: str) -> tuple[str, Facts] | None:
        """A Business Central environment; their names do not mind case."""
        for key, environment in self.facts["business_central"].items():
            if key.lower() == name.lower() and environment["tenant"] == tenant:
                return key, environment
        return None


def organisation_hosts(organisation: Facts) -> tuple[str, str]:
    """The web host and the equally valid `api` host (compose-http-requests-handle-errors)."""
    host = organisation["host"].lower()
    label, _, rest = host.partition(".")
    return host, f"{label}.api.{rest}"


def _rows(facts: Facts) -> dict[tuple[str, ...], Facts]:
    return dict(_walk(facts))


def _walk(facts: Facts) -> Iterator[tuple[tuple[str, ...], Facts]]:
    for organisation, sales in facts.get("sales", {}).items():
        for table, rows in sales.get("tables", {}).items():
            for key, row in rows.items():
                yield (organisation, table, key), row
