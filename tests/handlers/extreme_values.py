"""The widest and longest values that the rules let into the bot, in several scripts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from connection.asks import Place
from connection.changes.plan import Act, Impact, Plan, PlannedStep
from connection.changes.request import Policy, Request, StepRun, StepState
from connection.changes.table import STEPS
from connection.connection import Connection, Health, Observed, Run, Wanted
from connection.identities import Identity, SecretOrigin, SecretRef
from connection.people import Person, Role
from connection.pictures import StatusPicture
from connection.report import CheckResult, Outcome, Report, Topic
from connection.revisions import Draft, SavedSetup
from connection.secrets import SecretFacts
from connection.setup import FIELDS, SECRET_FIELDS, ConnectionSetup
from connection.setup_fields import FieldKind

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
OLGA = Person("T0EXAMPLE", "U0EXAMPLE")
APPROVERS = tuple(Person("T0EXAMPLE", f"U0APPROVER{number:02}") for number in range(60))
NAME = "x" * 40
ADDRESS = "https://contoso.crm4.dynamics.com/" + "long-path-without-a-blank/" * 6 + "y" * 10
WORD = "Donaudampfschifffahrtsgesellschaftskapitän" * 5
RIGHT_TO_LEFT = "משתמש האינטגרציה חסר את התפקיד " * 8
WIDE = "統合ユーザーにはこの権限がありません。" * 12
FOREIGN = "<!channel> & <https://evil.example|open>; *bold* `code` " * 6
LONG = "The role is not there, and nobody knows which of the many units has a copy of it. " * 40
TEXTS = (WORD, RIGHT_TO_LEFT, WIDE, FOREIGN, LONG)
"""Each longer than a line; the last one longer than a block of Slack may be."""
GUID = "0f8fad5b-d9cb-469f-a165-70867728950e"


def text(number: int) -> str:
    """One of them, in turn."""
    return TEXTS[number % len(TEXTS)]


def _value(field: str) -> str:
    about = next(one for one in FIELDS if one.name == field)
    if about.kind is FieldKind.CHOICE:
        return about.choices[-1][0]
    if about.kind is FieldKind.SECRET:
        return "s1"
    return ADDRESS if about.kind is FieldKind.URL else ("w" * 120 + RIGHT_TO_LEFT)[:250]


SETUP = replace(ConnectionSetup(**{one.name: _value(one.name) for one in FIELDS}), name=NAME)
SAVED = SavedSetup("c1", 10**6, SETUP, OLGA, NOW)
CONNECTION = Connection(
    id="c1",
    workspace="T0EXAMPLE",
    name=NAME,
    is_default=True,
    wanted=Wanted.ENABLED,
    observed=Observed.DISABLED,
    observed_at=NOW,
    run=Run.NONE,
    health=Health.UNTESTED,
    disable_reason=LONG,
    created_at=NOW,
)
FACTS = SecretFacts(
    SecretRef("s1", "T0EXAMPLE", "c1", "f", SecretOrigin("h" * 63, "t", "k", "l" * 100)),
    "00ff",
    Person("cli", "o" * 60),
    NOW,
    NOW + timedelta(days=180),
    "PEM",
)
SECRETS = {one.name: FACTS for one in SECRET_FIELDS}


def report(*outcomes: Outcome, number: int = 100, running: bool = False) -> Report:
    """Of so many checks, whose outcomes are these in turn."""
    topics = [topic for topic in Topic if topic]
    results = tuple(
        CheckResult(
            check=f"check_{n}",
            title=f"Check number {n} of the integration user"[:40],
            identity=Identity.BUSINESS_CENTRAL,
            outcome=outcomes[n % len(outcomes)],
            sentence=text(n),
            remedy=text(n + 1) if outcomes[n % len(outcomes)] is not Outcome.PASS else "",
            ms=123_456,
            correlation=GUID,
            reference=GUID,
            private=text(n + 2),
            topic=topics[n % len(topics)],
        )
        for n in range(number)
    )
    end = None if running else NOW
    return Report("r1", "T0EXAMPLE", "c1", NAME, 10**6, OLGA, NOW, end, results)


def status(number: int = 0) -> StatusPicture:
    """The connection with this number."""
    one = replace(CONNECTION, name=f"{'x' * 37}{number:03}")
    return StatusPicture(one, SAVED, SECRETS, report(Outcome.FAIL))


def draft() -> Draft:
    """With everything typed."""
    typed = {one.name: _value(one.name) for one in FIELDS}
    return Draft("d1", "T0EXAMPLE", OLGA, "C0EXAMPLE", "", "c1", 1, typed, 0, 0, NOW)


def plan(act: Act = Act.ENABLE, number: int = 30) -> Plan:
    """So many steps, each with three long values, every third of them by hand."""
    steps = tuple(
        PlannedStep(
            STEPS[n % len(STEPS)].id,
            {f"Key {n}": text(n), "Address": ADDRESS, "Same": "yes"},
            {f"Key {n}": text(n + 1), "Address": f"{ADDRESS}z", "Same": "yes"},
            by_hand=text(n) if n % 3 == 0 else "",
            note=text(n + 1),
        )
        for n in range(number)
    )
    return Plan(act, 10**6, steps, "on", administrator=True, impact=Impact(10_000, NOW, 99, NOW))


def request(step: StepState | None = None, act: Act = Act.ENABLE, **changes: object) -> Request:
    """Asked of sixty people; with a state its steps are so far."""
    planned = plan(act)
    runs = tuple(
        StepRun(one.step, step, said=text(n), hint=text(n + 1), words=text(n + 2), percent=99)
        for n, one in enumerate(planned.steps)
        if step is not None
    )
    made = Request(
        id="r1",
        workspace="T0EXAMPLE",
        number=10**6,
        connection_id="c1",
        name=NAME,
        plan=planned,
        plan_hash="",
        policy=Policy(approvals=5, approvers=Role.APPROVER),
        roster=APPROVERS,
        asked_by=OLGA,
        place=Place("C0EXAMPLE"),
        asked_at=NOW,
        ends_at=NOW + timedelta(hours=72),
        reason=LONG,
        said=LONG,
        steps=runs,
    )
    return replace(made, **changes)  # type: ignore[arg-type]
