"""Setting up and testing connections through the use cases, without Slack and Microsoft."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from connection import testing
from connection.admitting import admit
from connection.asks import Ask, Place
from connection.checked_setup import check_fields
from connection.connection import Connection, Health, Observed, Run, Wanted
from connection.keeping_secrets import set_secret
from connection.knowing import know
from connection.naming import the_connection
from connection.people import Person
from connection.ports import Ports, Reading, Transaction
from connection.report import CheckResult, Report
from connection.revisions import Draft, SavedSetup
from connection.saving import Saved
from connection.setting_up import Confirmed, Questions, draft_for, submit
from storage.keys import new_key

WORKSPACE = "T1"
OPERATOR = Person(WORKSPACE, "U1")
NAME = "adventure"
RIGHT: Mapping[str, str] = {
    "name": NAME,
    "hosting": "online",
    "sales_url": "https://adventure-example.crm4.dynamics.com",
    "tenant": "adventure-example.onmicrosoft.com",
    "bot_client_id": "00000000-1111-2222-3333-444444444444",
    "bot_credential": "client_secret",
    "admin_client_id": "00000000-1111-2222-3333-555555555555",
    "integration_user_name": "tester@domain.net",
    "bc_environment": "Production",
    "bc_company": "Adventure Example Ltd.",
}


def an_ask(name: str = NAME) -> Ask:
    """As if typed in a channel."""
    number = str(uuid.uuid4())
    return Ask(
        id=number,
        workspace=WORKSPACE,
        person=OPERATOR,
        act="test",
        place=Place("C1"),
        received_at=datetime.now(UTC),
        dedupe_key=number,
        connection=name,
    )


def a_connection(observed: Observed = Observed.UNKNOWN, disable_reason: str = "") -> Connection:
    """As it was last seen in Business Central."""
    return Connection(
        id="c1",
        workspace=WORKSPACE,
        name=NAME,
        is_default=False,
        wanted=Wanted.UNDECIDED,
        observed=observed,
        observed_at=None,
        run=Run.NONE,
        health=Health.UNTESTED,
        disable_reason=disable_reason,
        created_at=datetime.now(UTC),
    )


@dataclass
class Room:
    """What an operator does, one method each."""

    ports: Ports
    keys: Path

    def turns_encryption_on(self) -> None:
        """From now on secrets can be stored."""
        new_key(self.keys)

    async def gives_secret(self, name: str = NAME) -> None:
        """That of the bot's own app."""
        await set_secret(self.ports, WORKSPACE, name, "bot_client_secret", "x", OPERATOR)

    async def gives_password(self, name: str = NAME) -> None:
        """That of the integration user."""
        await set_secret(self.ports, WORKSPACE, name, "integration_password", "y", OPERATOR)

    async def finds(self, connection: Connection) -> None:
        """A connection that was set up rightly and seen in this state."""

        def work(tx: Transaction) -> None:
            tx.create_connection(connection)
            tx.save_setup(connection.id, check_fields(RIGHT), OPERATOR, connection.created_at)

        await self.ports.ledger.run(work)

    async def opens_form(self, name: str = NAME) -> Draft:
        """Of the connection of that name, or of a new one."""

        def work(tx: Transaction) -> Draft:
            known = tx.connection_named(WORKSPACE, name)
            return draft_for(tx, an_ask(name), known, datetime.now(UTC))

        return await self.ports.ledger.run(work)

    async def submits(self, draft: Draft, **typed: str) -> Questions | Saved:
        """The form, right but for what is typed otherwise."""
        await admit(self.ports, WORKSPACE, OPERATOR)
        return await submit(self.ports, draft.id, OPERATOR, {**RIGHT, **typed}, None)

    async def answers(self, draft: Draft, *, yes: bool) -> Questions | Saved:
        """The question about the address."""
        confirmed = Confirmed(use_proposed_url=yes, keep_theirs=frozenset())
        return await submit(self.ports, draft.id, OPERATOR, {}, confirmed)

    async def saves(self, **typed: str) -> Saved:
        """A form that nothing is asked about."""
        saved = await self.submits(await self.opens_form(typed.get("name", NAME)), **typed)
        assert isinstance(saved, Saved)
        return saved

    async def connections(self) -> list[str]:
        """Names of all that is set up."""
        found = await self.ports.ledger.read(lambda reading: reading.connections(WORKSPACE))
        return [connection.name for connection in found]

    async def saved(self, name: str = NAME) -> SavedSetup:
        """The newest revision."""

        def query(reading: Reading) -> SavedSetup:
            connection = reading.connection_named(WORKSPACE, name)
            assert connection is not None
            return reading.setup(connection.id)

        return await self.ports.ledger.read(query)

    async def connection(self, name: str = NAME) -> Connection:
        """As the bot has it."""
        return await self.ports.ledger.read(lambda r: the_connection(r, WORKSPACE, name))

    async def holds_every_secret(self) -> None:
        """That a test of the connection in the room needs."""
        self.turns_encryption_on()
        await self.gives_secret()
        await self.gives_password()

    async def tests(self, name: str = NAME) -> Report:
        """The finished report."""
        known = await self.ports.ledger.read(lambda r: the_connection(r, WORKSPACE, name))
        ask = replace(an_ask(name), subject=known.id)
        await self.ports.ledger.run(lambda tx: tx.accept(ask))
        await testing.test(self.ports, ask)
        report = await self.ports.ledger.read(lambda reading: reading.report(ask.id))
        assert report is not None
        return report


def result_of(report: Report, check: str) -> CheckResult:
    """One check of a report."""
    return next(result for result in report.results if result.check == check)


async def asks(room: Room, rest: str = "") -> Ask:
    """An accepted ask about the connection of the room; a job looks first who asks."""
    await know(room.ports, WORKSPACE, OPERATOR.user)
    known = await room.ports.ledger.read(lambda r: the_connection(r, WORKSPACE, NAME))
    ask = replace(an_ask(), subject=known.id, rest=rest)
    await room.ports.ledger.run(lambda tx: tx.accept(ask))
    return ask
