"""Whatever people do with requests: what is over stays, and every move stands in the record."""

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import invariant, precondition, rule

from connection.audit import AuditEntry, AuditTag
from connection.changes import going_on
from connection.changes.request import OPEN, Request, RequestState
from tests.changes.request_machine import WORKSPACE, Requests
from tests.parity.fake_changes import FakeSetupPage

MOVES: dict[RequestState, tuple[AuditTag, ...]] = {
    RequestState.PENDING: (AuditTag.REQUEST_MADE,),
    RequestState.REJECTED: (AuditTag.REQUEST_REJECTED,),
    RequestState.EXPIRED: (AuditTag.REQUEST_EXPIRED,),
    RequestState.WITHDRAWN: (AuditTag.REQUEST_WITHDRAWN,),
    RequestState.VOID: (AuditTag.REQUEST_VOIDED,),
    RequestState.APPLIED: (AuditTag.APPLY_FINISHED,),
    RequestState.LEFT: (AuditTag.REQUEST_LEFT,),
    RequestState.UNDONE: (AuditTag.REQUEST_UNDONE,),
    RequestState.STOPPED: (AuditTag.STEP_FAILED, AuditTag.APPLY_STOPPED),
    RequestState.WAITING_FOR_SIGN_IN: (AuditTag.APPLY_WAITS,),
    RequestState.APPLYING: (
        AuditTag.REQUEST_APPROVED,
        AuditTag.REQUEST_FORCED,
        AuditTag.REQUEST_RESUMED,
        AuditTag.STEP_FINISHED,  # somebody said that it is done by hand
    ),
}
"""A state, and the rows that may have brought a request there."""


def what_counts(one: Request) -> tuple[object, ...]:
    """What must not change once a request is over."""
    return (one.plan, one.plan_hash, one.roster, one.policy, one.steps, one.runs, one.alone)


class Recorded(Requests):
    """The same, and what is kept of it is compared with what was kept before."""

    def __init__(self) -> None:
        super().__init__()
        self.over: dict[str, Request] = {}
        self.moved: dict[str, RequestState] = {}
        page = self.ports.business_central_changes
        assert isinstance(page, FakeSetupPage)
        page.values["Is_Enabled"] = True

    def every(self) -> list[Request]:
        return list(
            self.do(self.ports.ledger.read(lambda reading: reading.requests(WORKSPACE, 99)))
        )

    def rows(self, request: Request) -> list[AuditEntry]:
        found = self.do(self.ports.ledger.read(lambda r: r.audit_entries(WORKSPACE, limit=9999)))
        return [one for one in found if one.details.get("request") == request.title]

    @precondition(lambda self: not self.is_open())
    @rule(outcome=some.sampled_from(["finish", "fail", "hand", "sign-in"]))
    def enable(self, outcome: str) -> None:
        """The plain way, so that what comes behind it is met as well."""
        self.ask_to_enable("ANN", 1)
        self.states_move_along_the_diagram()
        self.approve("EVE")
        self.states_move_along_the_diagram()
        if self.state() is RequestState.APPLYING:
            self.carry_out(outcome)

    @precondition(lambda self: self.state() in (RequestState.STOPPED, RequestState.APPLIED))
    @rule(name=some.sampled_from(["ANN", "BEN", "EVE"]), agreed=some.booleans())
    def undo(self, name: str, agreed: bool) -> None:
        request = self.newest()
        assert request is not None
        self.try_(going_on.request(self.ports, self.an_ask(name, "request", f"{request.id} undo")))
        self.states_move_along_the_diagram()
        if agreed:
            self.approve("EVE")
            self.states_move_along_the_diagram()
        if agreed and self.state() is RequestState.APPLYING:
            self.carry_out("finish")

    @invariant()
    def what_is_over_stays_as_it_was(self) -> None:
        for one in self.every():
            before = self.over.get(one.id)
            if before is not None:
                assert one.state in (before.state, RequestState.UNDONE)
                assert what_counts(one) == what_counts(before)
                assert before.reviewed_by in (None, one.reviewed_by)
            if one.state not in OPEN:
                self.over[one.id] = one

    @invariant()
    def every_move_stands_in_the_record(self) -> None:
        for one in self.every():
            if one.state is self.moved.get(one.id, RequestState.PLANNING):
                continue
            self.moved[one.id] = one.state
            said = Counter(row.tag for row in self.rows(one))
            assert any(said[tag] for tag in MOVES[one.state]), (one.state, said)
            assert said[AuditTag.REQUEST_MADE] == 1
            if one.state is RequestState.APPLYING:
                begun = (said[tag] for tag in MOVES[RequestState.APPLYING])
                assert sum(begun) >= one.runs

    @invariant()
    def reminders_are_counted_in_the_record(self) -> None:
        for one in self.every():
            said = Counter(row.tag for row in self.rows(one))
            assert said[AuditTag.REQUEST_REMINDED] == one.reminders
            assert said[AuditTag.REQUEST_EXPIRED] == (one.state is RequestState.EXPIRED)


TestRequests = Recorded.TestCase
TestRequests.settings = settings(max_examples=60, stateful_step_count=40)
