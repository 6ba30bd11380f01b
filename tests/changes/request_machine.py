"""Whatever people do with requests in whatever order: the acts, and who may have decided."""

import asyncio
import tempfile
from collections.abc import Coroutine
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from hypothesis import event
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from connection.asks import Ask, Place
from connection.changes import ending, going_on
from connection.changes.asking import hand_in, new_request, refuse_other
from connection.changes.deciding import decide
from connection.changes.plan import Act, Plan, PlannedStep
from connection.changes.progress import Progress
from connection.changes.record import keep
from connection.changes.request import OPEN, Policy, Request, RequestState, Verdict
from connection.errors import AdminError
from connection.knowing import know
from connection.people import Admins, Grant, Person, Role
from connection.ports import Transaction
from storage.database import Database
from storage.verifying import verify
from tests.connection.test_settling import MovedClock
from tests.directories import FakeDirectory
from tests.parity.fakes import ports_on
from tests.storage.samples import StoredInFile, a_connection, a_setup, migrated

T = TypeVar("T")
WORKSPACE, CONNECTION = "T1", "T1-contoso"
ROLES = {
    "ANN": Role.OPERATOR,
    "BEN": Role.OPERATOR,
    "CAL": Role.APPROVER,
    "DOT": Role.APPROVER,
    "EVE": Role.ADMIN,
}
PEOPLE = {name: Person(WORKSPACE, f"U0{name}") for name in (*ROLES, "SAM")}
ANYBODY = some.sampled_from(sorted(PEOPLE))
DIAGRAM: dict[RequestState, set[RequestState]] = {
    RequestState.PLANNING: {RequestState.PENDING, RequestState.VOID},
    RequestState.PENDING: {
        RequestState.REJECTED,
        RequestState.EXPIRED,
        RequestState.WITHDRAWN,
        RequestState.VOID,
        RequestState.APPLYING,
    },
    RequestState.APPLYING: {
        RequestState.APPLIED,
        RequestState.STOPPED,
        RequestState.WAITING_FOR_SIGN_IN,
        RequestState.VOID,
        RequestState.LEFT,
    },
    RequestState.WAITING_FOR_SIGN_IN: {RequestState.APPLYING, RequestState.LEFT},
    RequestState.STOPPED: {RequestState.APPLYING, RequestState.LEFT},
    RequestState.APPLIED: {RequestState.UNDONE},
    RequestState.LEFT: {RequestState.UNDONE},
}
STEP = PlannedStep("enabled", {"Enabled": "no"}, {"Enabled": "yes"})


def _ends(progress: Progress, outcome: str) -> Coroutine[Any, Any, None]:
    if outcome == "finish":
        return progress.finish()
    if outcome == "fail":
        return progress.fail("enabled", "It failed.", "")
    if outcome == "hand":
        return progress.wait_for_hand("enabled", "why", "what")
    if outcome == "sign-in":
        return progress.wait_for_sign_in("enabled", "why")
    return progress.void("It moved.")


class Requests(RuleBasedStateMachine):
    """One connection, six people, a real database, a clock that is moved."""

    original: ClassVar[StoredInFile | None] = None

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.new_event_loop()
        self._folder = tempfile.TemporaryDirectory()
        self._stored = self._migrated().copy(Path(self._folder.name) / "copy")
        self._database = Database.open(self._stored.url, self._stored.keys)
        self.clock = MovedClock()
        directory = FakeDirectory(self.clock)
        self.ports = ports_on(
            self._database, clock=self.clock, directory=directory, admins=Admins()
        )
        self._numbers = count(1)
        self.seen: dict[str, RequestState] = {}
        self.do(self.ports.ledger.run(self._begin))

    @classmethod
    def _migrated(cls) -> StoredInFile:
        """Migrated once for all examples."""
        if cls.original is None:
            cls.original = migrated(Path(tempfile.mkdtemp()) / "original")
        return cls.original

    def _begin(self, tx: Transaction) -> None:
        now = self.clock.now()
        tx.create_connection(a_connection())
        tx.save_setup(CONNECTION, a_setup(), PEOPLE["ANN"], now)
        for name, role in ROLES.items():
            tx.grant(Grant(WORKSPACE, PEOPLE[name], role), PEOPLE["EVE"], now)

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    def teardown(self) -> None:
        self._database.close()
        self._loop.close()
        verify(self._stored.url, self._stored.keys)
        self._folder.cleanup()

    def an_ask(self, name: str, act: str, rest: str = "") -> Ask:
        own = f"ask-{next(self._numbers)}"
        ask = Ask(
            id=own,
            workspace=WORKSPACE,
            person=PEOPLE[name],
            act=act,
            place=Place("C1"),
            received_at=self.clock.now(),
            dedupe_key=own,
            rest=rest,
            subject=CONNECTION,
        )
        self.do(know(self.ports, WORKSPACE, PEOPLE[name].user))
        self.do(self.ports.ledger.run(lambda tx: tx.accept(ask)))
        return ask

    def newest(self) -> Request | None:
        found = self.do(self.ports.ledger.read(lambda reading: reading.requests(WORKSPACE, 1)))
        return found[0] if found else None

    def state(self) -> RequestState | None:
        request = self.newest()
        return request.state if request else None

    def is_open(self) -> bool:
        return self.state() in OPEN

    def try_(self, work: Coroutine[Any, Any, None]) -> None:
        """What people are told is no failure."""
        try:
            self.do(work)
        except AdminError:
            return

    @rule(name=some.sampled_from(["ANN", "BEN", "EVE"]), approvals=some.integers(1, 2))
    def ask_to_enable(self, name: str, approvals: int) -> None:
        ask = self.an_ask(name, "enable")

        def begin(tx: Transaction) -> Request:
            connection = tx.connection(CONNECTION)
            assert connection is not None
            refuse_other(tx, connection, self.clock.now())
            policy = Policy(approvals=approvals)
            plan = Plan(Act.ENABLE, tx.setup(CONNECTION).revision, (STEP,))
            made = new_request(ask, tx, connection, plan, policy, "", self.ports)
            return keep(tx, made, self.clock.now(), final=False)

        async def act() -> None:
            await hand_in(self.ports, ask, await self.ports.ledger.run(begin))

        self.try_(act())

    @rule(
        name=ANYBODY, verdict=some.sampled_from([Verdict.APPROVE, Verdict.REJECT, Verdict.WITHDRAW])
    )
    def say(self, name: str, verdict: Verdict) -> None:
        request = self.newest()
        if request is not None:
            self.try_(decide(self.ports, self.an_ask(name, verdict, request.id), verdict))

    @rule(name=some.sampled_from(["CAL", "DOT", "EVE"]))
    def approve(self, name: str) -> None:
        self.say(name, Verdict.APPROVE)

    @rule(
        name=some.sampled_from(["ANN", "BEN", "CAL", "EVE", "EVE", "EVE"]),
        word=some.sampled_from(
            ["alone it burns", "alone-yes", "reviewed", "resume", "leave", "done"]
        ),
    )
    def go_on(self, name: str, word: str) -> None:
        request = self.newest()
        if request is not None:
            ask = self.an_ask(name, "request", f"{request.id} {word}")
            self.try_(going_on.request(self.ports, ask))

    @precondition(lambda self: self.is_open())
    @rule(hours=some.sampled_from([1, 1, 1, 3, 9]))
    def wait(self, hours: int) -> None:
        self.clock.move(timedelta(hours=hours))
        self.do(ending.end_overdue(self.ports))

    @precondition(lambda self: next(self._numbers) % 4 == 0)
    @rule()
    def change_the_setup(self) -> None:
        changed = a_setup(tenant=f"tenant-{next(self._numbers)}.example")
        now = self.clock.now()
        self.do(
            self.ports.ledger.run(lambda tx: tx.save_setup(CONNECTION, changed, PEOPLE["ANN"], now))
        )

    @rule(name=some.sampled_from(["CAL", "DOT"]), held=some.booleans())
    def give_or_take(self, name: str, held: bool) -> None:
        grant = Grant(WORKSPACE, PEOPLE[name], Role.APPROVER)
        now = self.clock.now()

        def work(tx: Transaction) -> None:
            if held:
                tx.grant(grant, PEOPLE["EVE"], now)
            else:
                tx.revoke(grant)

        self.do(self.ports.ledger.run(work))

    @precondition(lambda self: self.state() is RequestState.APPLYING)
    @rule(outcome=some.sampled_from(["finish", "fail", "hand", "sign-in", "void"]))
    def carry_out(self, outcome: str) -> None:
        """What an apply comes to."""
        asks = self.do(self.ports.ledger.read(lambda reading: reading.open_asks()))
        for ask in asks:
            request = self.newest()
            if ask.act != "apply" or request is None or request.id != ask.rest:
                continue
            progress = Progress(self.ports, ask, request)
            if request.state is RequestState.APPLYING:
                self.do(progress.begin())
                self.do(progress.start("enabled", {"Enabled": "yes"}))
                self.do(_ends(progress, outcome))

    @invariant()
    def one_is_open_at_most(self) -> None:
        found = self.do(self.ports.ledger.read(lambda reading: reading.requests(WORKSPACE, 99)))
        assert sum(one.state in OPEN for one in found) <= 1
        assert len({one.number for one in found}) == len(found)

    @invariant()
    def states_move_along_the_diagram(self) -> None:
        found = self.do(self.ports.ledger.read(lambda reading: reading.requests(WORKSPACE, 99)))
        for one in found:
            before = self.seen.get(one.id, RequestState.PLANNING)
            assert one.state is before or self._leads(before, one.state), (before, one.state)
            self.seen[one.id] = one.state
            event(f"a request was {one.state.value}")

    def _leads(self, before: RequestState, after: RequestState) -> bool:
        """Also in two moves: planned and handed in at once, or gone on and stopped again."""
        first = DIAGRAM.get(before, set())
        return after in first or any(after in DIAGRAM.get(one, set()) for one in first)

    @invariant()
    def only_those_of_then_have_decided(self) -> None:
        found = self.do(self.ports.ledger.read(lambda reading: reading.requests(WORKSPACE, 99)))
        for one in found:
            said = self.do(self.ports.ledger.read(lambda r, own=one.id: r.decisions(own)))  # type: ignore[misc]
            approved = {each.person for each in said if each.verdict is Verdict.APPROVE}
            assert one.asked_by not in approved
            assert approved <= set(one.roster)
            if one.runs and one.alone is None:
                assert len(approved) >= one.policy.approvals
            if one.alone is not None:
                assert one.alone == PEOPLE["EVE"]
                assert one.reviewed_by != one.alone
