"""Applying against the simulated world, in one process: real adapters and database, no Slack."""

import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from connection.asks import Ask, Place
from connection.changes import going_on
from connection.changes.applying import apply
from connection.changes.opening import scene_of_ask
from connection.changes.plan import Act, Plan
from connection.changes.planning import plan_for
from connection.changes.request import Policy, Request, RequestState, StepRun, StepState
from connection.changes.running import begin_run
from connection.checked_setup import check_fields
from connection.keeping_secrets import set_secret
from connection.knowing import know
from connection.people import Admins, Person
from connection.ports import Ports, Transaction
from dynamics.gateway import Dynamics
from storage.database import Database
from storage.keys import new_key
from tests.directories import FakeDirectory
from tests.dynamics.simulated import dynamics
from tests.parity.fakes import ports_on
from tests.parity.room import NAME, RIGHT, a_connection
from tests.simulator.conftest import Visitor
from tests.simulator.packing import INTEGRATION as SOLUTION
from tests.storage.samples import migrated

ADA = Person("T1", "U0ADA")
INTEGRATION = "integration@adventure-example.onmicrosoft.com"
NAV = ("prvCreatenav_connection", "prvWritenav_connection", "prvDeletenav_connection")
BOT_MAY = {"Connection Bot": dict.fromkeys((*NAV, "prvReadSalesOrder"), True)}
ROLES = ("bc-integration-administrator", "bc-integration-user")


@dataclass
class Bench:
    """One connection, and what was made of its last request."""

    ports: Ports
    visitor: Visitor

    async def begin_anew(self) -> None:
        """Every step of enabling has something to do."""
        await self.visitor.become("healthy")
        company = self.visitor.ready["bc"]["company"]
        page = {"crm_connection_setup": {"setup": {"Server_Address": "", "User_Name": ""}}}
        tables = {
            "solutions": {SOLUTION: None},
            "nav_connections": None,
            "systemusers": {"integration": {"invitestatuscode": 1, "isintegrationuser": False}},
        }
        sales = {
            "privileges": BOT_MAY,
            "tables": tables,
            "user_roles": {"integration": dict.fromkeys(ROLES)},
            "imports": {"seconds": 0},
        }
        await self.visitor.patch(
            {
                "sales": {"adventure": sales},
                "business_central": {"Production": {"companies": {company: {"pages": page}}}},
            }
        )

    async def save(self, **fields: str) -> None:
        """Another revision of the setup."""
        now = self.ports.clock.now()

        def work(tx: Transaction) -> None:
            changed = replace(tx.setup("c1").setup, **fields)
            tx.save_setup("c1", changed, ADA, now)

        await self.ports.ledger.run(work)

    async def fault(self, **rule: object) -> None:
        """From now on."""
        answer = await self.visitor.control.post("/_faults", json=rule)
        assert answer.status_code < 300, answer.text

    async def mend(self) -> None:
        """No faults any more."""
        answer = await self.visitor.control.delete("/_faults")
        assert answer.status_code < 300, answer.text

    async def calls(self, about: str) -> list[str]:
        """Paths of the calls so far with these words in them."""
        answer = await self.visitor.control.get("/_world/calls")
        return [one["path"] for one in answer.json() if about in one["path"]]

    async def facts(self) -> Mapping[str, Any]:
        """The world."""
        answer = await self.visitor.control.get("/_world")
        found: Mapping[str, Any] = answer.json()
        return found

    async def page(self) -> Mapping[str, Any]:
        """Page 5330."""
        companies = (await self.facts())["business_central"]["Production"]["companies"]
        pages = companies[self.visitor.ready["bc"]["company"]]["pages"]
        found: Mapping[str, Any] = pages["crm_connection_setup"]["setup"]
        return found

    def an_ask(self, act: str, rest: str = "") -> Ask:
        """Ada's."""
        own = str(uuid.uuid4())
        now = self.ports.clock.now()
        return Ask(own, "T1", ADA, act, Place("C1"), now, own, NAME, rest, "c1")

    async def planned(self, act: Act, words: str = "") -> Plan:
        """Of the world as it is now."""
        return await plan_for(await scene_of_ask(self.ports, self.an_ask(act), act, words))

    async def approved(self, act: Act, words: str = "") -> Ask:
        """Planned and approved; the ask that applies it."""
        plan = await self.planned(act, words)
        ask, policy = self.an_ask(act), Policy()

        def work(tx: Transaction) -> Ask:
            request = Request(
                id=ask.id,
                workspace=ask.workspace,
                number=tx.next_request(ask.workspace),
                connection_id="c1",
                name=NAME,
                plan=plan,
                plan_hash=plan.hash,
                policy=policy,
                roster=(),
                asked_by=ADA,
                place=ask.place,
                asked_at=ask.received_at,
                ends_at=ask.received_at + policy.life,
                state=RequestState.PENDING,
                steps=tuple(StepRun(step.step) for step in plan.steps),
            )
            return begin_run(tx, request, ask.received_at)

        return await self.ports.ledger.run(work)

    async def apply(self, ask: Ask) -> Request:
        """As far as it gets."""
        await apply(self.ports, ask)
        return await self.request(ask.rest)

    async def request(self, request_id: str) -> Request:
        """As it stands."""
        found = await self.ports.ledger.read(lambda reading: reading.request(request_id))
        assert found is not None
        return found

    async def press(self, request: Request, word: str) -> None:
        """Ada presses a button."""
        ask = self.an_ask("request", f"{request.id} {word}")
        await know(self.ports, "T1", ADA.user)
        await self.ports.ledger.run(lambda tx: tx.accept(ask))
        await going_on.request(self.ports, ask)

    async def go_on(self, request: Request, word: str = "resume") -> Request:
        """Ada presses a button, and the job that it began is carried out."""
        await self.press(request, word)
        asks = await self.ports.ledger.read(lambda reading: reading.open_asks())
        for one in asks:
            if one.act == "apply" and one.rest == request.id:
                return await self.apply(one)
        return await self.request(request.id)


def failed(request: Request) -> StepRun | None:
    """The step to blame."""
    return next((one for one in request.steps if one.state is StepState.FAILED), None)


@asynccontextmanager
async def a_bench(
    folder: Path, visitor: Visitor, packages: Path | None, **fields: str
) -> AsyncIterator[Bench]:
    """Set up with its secrets; Business Central has the password that it had."""
    stored = migrated(folder / "stored")
    new_key(stored.keys)
    secret, bc = visitor.ready["apps"]["bot"]["client_secret"], visitor.ready["bc"]
    host = str(urlsplit(bc["on_premises_url"]).hostname)
    held: dict[str, str] = {}
    with closing(Database.open(stored.url, stored.keys)) as database:
        async with dynamics(
            visitor, secret, allowed=(host,), solution_dir=packages, held=held
        ) as room:
            ports = _ports(database, room)
            await _set_up(ports, visitor, fields)
            if fields.get("bc_url"):
                key = bc["on_premises_access_key"]
                facts = await set_secret(ports, "T1", NAME, "bc_access_key", key, ADA)
                held[facts.ref.id] = key
            yield Bench(ports, visitor)


def _ports(database: Database, room: Dynamics) -> Ports:
    return ports_on(
        database,
        sales=room.sales,
        business_central=room.business_central,
        sales_changes=room.sales_changes,
        business_central_changes=room.business_central_changes,
        packages=room.packages,
        admins=Admins(frozenset({ADA})),
        directory=FakeDirectory(),
    )


async def _set_up(ports: Ports, visitor: Visitor, fields: Mapping[str, str]) -> None:
    ready = visitor.ready
    values = {
        **RIGHT,
        "sales_url": ready["sales_url"],
        "tenant": ready["tenant"],
        "bot_client_id": ready["apps"]["bot"]["client_id"],
        "admin_client_id": ready["apps"]["admin"]["client_id"],
        "integration_user_name": INTEGRATION,
        "bc_company": ready["bc"]["company"],
        "auto_process_quotes": "yes",
        **fields,
    }
    connection = a_connection()

    def work(tx: Transaction) -> None:
        tx.create_connection(connection)
        tx.save_setup(connection.id, check_fields(values), ADA, connection.created_at)

    await ports.ledger.run(work)
    await set_secret(ports, "T1", NAME, "bot_client_secret", "held by the stand-in", ADA)
