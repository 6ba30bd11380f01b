"""Stand-ins for what changes both sides: they keep what they were told, and tell it again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from connection.changes.remote import (
    HeldSecret,
    ImportOutcome,
    ImportState,
    IntegrationFacts,
    NavRow,
    SetupCard,
    SolutionPackage,
)
from connection.errors import Changed
from connection.identities import Access
from connection.ports import BusinessCentralChanges, SalesChanges
from connection.remote import SalesRole

UNIT = "00000000-1111-2222-3333-0000000000b1"
NAV_ID = "00000000-1111-2222-3333-0000000000c1"
INVITED = IntegrationFacts(UNIT, 4, integration_user=True)


@dataclass
class FakeSalesChanges:
    """Sales as it is changed. `copies` maps a role's root id and business unit to its copy."""

    facts: IntegrationFacts = INVITED
    copies: dict[tuple[str, str], SalesRole] = field(default_factory=dict)
    held: set[tuple[str, str]] = field(default_factory=set)
    sales_orders: bool = False
    submitted_orders: bool = False
    rows: list[NavRow] = field(default_factory=list)
    keys: dict[str, HeldSecret] = field(default_factory=dict)
    imports: dict[str, ImportState] = field(default_factory=dict)
    packages: dict[str, SolutionPackage] = field(default_factory=dict)

    async def integration_facts(self, access: Access, user_id: str) -> IntegrationFacts:
        """As they are."""
        return self.facts

    async def set_integration_facts(
        self, access: Access, user_id: str, facts: IntegrationFacts
    ) -> None:
        """But for the business unit."""
        self.facts = replace(facts, business_unit=self.facts.business_unit)

    async def role_of_unit(
        self, access: Access, root_id: str, business_unit: str
    ) -> SalesRole | None:
        """Of `copies`."""
        return self.copies.get((root_id, business_unit))

    async def give_role(self, access: Access, user_id: str, role_id: str) -> None:
        """It is held."""
        self.held.add((user_id, role_id))

    async def take_role(self, access: Access, user_id: str, role_id: str) -> None:
        """It is not."""
        self.held.discard((user_id, role_id))

    async def set_sales_orders(self, access: Access, organisation_id: str, on: bool) -> None:
        """As told."""
        self.sales_orders = on

    async def has_submitted_orders(self, access: Access) -> bool:
        """As told."""
        return self.submitted_orders

    async def nav_rows(self, access: Access) -> Sequence[NavRow]:
        """As they are."""
        return list(self.rows)

    async def put_nav_row(
        self, access: Access, row: NavRow, key: HeldSecret | None, *, blank_key: bool = False
    ) -> None:
        """Changed or added."""
        own = row.id or NAV_ID
        before = next((one for one in self.rows if one.id == own), NavRow(own, {}))
        self.rows = [one for one in self.rows if one.id != own]
        self.rows.append(NavRow(own, {**before.columns, **row.columns}))
        if key is not None:
            self.keys[own] = key
        elif blank_key:
            self.keys.pop(own, None)

    async def delete_nav_row(self, access: Access, row_id: str) -> None:
        """It is gone."""
        self.rows = [one for one in self.rows if one.id != row_id]

    async def running_import(self, access: Access, unique_name: str) -> ImportState | None:
        """The first that runs."""
        states = self.imports.values()
        return next((one for one in states if one.outcome is ImportOutcome.RUNNING), None)

    async def start_import(self, access: Access, package: SolutionPackage, job_id: str) -> None:
        """It runs, until the test says otherwise."""
        self.packages[job_id] = package
        self.imports[job_id] = ImportState(job_id, ImportOutcome.RUNNING)

    async def import_state(self, access: Access, job_id: str) -> ImportState:
        """As told."""
        return self.imports.get(job_id, ImportState(job_id, ImportOutcome.UNKNOWN))


@dataclass
class FakeSetupPage:
    """Page 5330 as it is changed; `version` counts its changes."""

    values: dict[str, object] = field(default_factory=dict)
    passwords: list[HeldSecret] = field(default_factory=list)
    version: int = 1

    async def setup_card(
        self, access: Access, service: str, properties: frozenset[str]
    ) -> SetupCard:
        """What it holds of them."""
        shown = {name: value for name, value in self.values.items() if name in properties}
        return SetupCard(shown, f'W/"{self.version}"', f"/{service}('')")

    async def change_setup(
        self,
        access: Access,
        service: str,
        card: SetupCard,
        values: Mapping[str, object],
        password: HeldSecret | None = None,
    ) -> None:
        """If it is still as the card says."""
        if card.etag != f'W/"{self.version}"':
            raise Changed("Somebody else changed the record in between.", "Read it again.")
        self.values |= values
        self.version += 1
        if password is not None:
            self.passwords.append(password)


_: tuple[type[SalesChanges], type[BusinessCentralChanges]] = (FakeSalesChanges, FakeSetupPage)
