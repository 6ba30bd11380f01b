"""The ports that change something at Microsoft; reading is in `connection.ports`.

Every method raises `RemoteFault`; one that sends a stored secret also `SecretMissing` and
`SealBroken`, and `start_import` also `NotReady`. None repeats a change by itself when nobody knows
what became of it: the steps read first, and converge.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from connection.changes.remote import (
    HeldSecret,
    ImportState,
    IntegrationFacts,
    NavRow,
    SetupCard,
    SolutionPackage,
)
from connection.identities import Access
from connection.remote import SalesRole


class SalesChanges(Protocol):
    """Sales through Dataverse's Web API."""

    async def integration_facts(self, access: Access, user_id: str) -> IntegrationFacts: ...

    async def set_integration_facts(
        self, access: Access, user_id: str, facts: IntegrationFacts
    ) -> None:
        """Invitation status and integration flag; the business unit is left alone."""
        ...

    async def role_of_unit(
        self, access: Access, root_id: str, business_unit: str
    ) -> SalesRole | None:
        """The copy of a role in a business unit; None where the role is not deployed."""
        ...

    async def give_role(self, access: Access, user_id: str, role_id: str) -> None:
        """Associate; giving what is held already is harmless."""
        ...

    async def take_role(self, access: Access, user_id: str, role_id: str) -> None:
        """Disassociate; taking what is not held is harmless."""
        ...

    async def set_sales_orders(self, access: Access, organisation_id: str, on: bool) -> None:
        """`issopintegrationenabled` of the organisation."""
        ...

    async def has_submitted_orders(self, access: Access) -> bool:
        """Whether a salesorder has statecode 1, Submitted."""
        ...

    async def nav_rows(self, access: Access) -> Sequence[NavRow]:
        """`nav_connections`. Raises `NotFound` where the solution is not installed."""
        ...

    async def put_nav_row(
        self, access: Access, row: NavRow, key: HeldSecret | None, *, blank_key: bool = False
    ) -> None:
        """Change the columns that `row` names, or insert it where its id is ''; a row that is gone
        is `NotFound`. The access key is written where one is given, and emptied with `blank_key`,
        never both."""
        ...

    async def delete_nav_row(self, access: Access, row_id: str) -> None:
        """Harmless where it is gone."""
        ...

    async def running_import(self, access: Access, unique_name: str) -> ImportState | None:
        """An import of the solution that runs now, whoever started it (asyncoperations of type
        203, and importjobs without `completedon`).

        Its `job_id` is '' as long as Dataverse does not say which solution an import is of that
        waits for its turn: ask again then, and start none."""
        ...

    async def start_import(self, access: Access, package: SolutionPackage, job_id: str) -> None:
        """`ImportSolutionAsync` under an import job id of our own. Raises `Throttled` while Sales
        is busy with another solution, `Changed` where there is a job of that id, and `NotReady`
        where the package is not the chosen one any more."""
        ...

    async def import_state(self, access: Access, job_id: str) -> ImportState:
        """How far it is; `UNKNOWN` where no such job was started, or is not listed yet: see
        `running_import` before starting one again."""
        ...


class BusinessCentralChanges(Protocol):
    """Business Central through page 5330. Reading it acts: see `BusinessCentral`."""

    async def setup_card(
        self, access: Access, service: str, properties: frozenset[str]
    ) -> SetupCard:
        """The controls that are named in `properties` and known, but those that hold a secret.
        `Unintelligible` where none is: another page is published under that name."""
        ...

    async def change_setup(
        self,
        access: Access,
        service: str,
        card: SetupCard,
        values: Mapping[str, object],
        password: HeldSecret | None = None,
    ) -> None:
        """PATCH with the card's etag; BC changes control by control in the order of `values`, or
        nothing. Raises `Changed` where somebody else changed it; a `code` of
        `Application_CallbackNotAllowed` or `BadRequest_InvalidOperation` says that it has to be
        done by hand."""
        ...


class Packages(Protocol):
    """The solution packages that the operator put into `D365BOT_SOLUTION_DIR`."""

    async def choose(self, unique_name: str, organisation_version: str) -> SolutionPackage:
        """The newest managed package of the solution that is made for this version of Dataverse or
        an older one. Raises `NotReady`, with what was found instead."""
        ...
