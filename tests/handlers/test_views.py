"""Every view stays within Slack's limits and pings nobody, whatever it is given to show."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connection.access_requests import AccessRequest, AccessState
from connection.asks import Answer, Place, Tone
from connection.audit import AuditEntry, AuditTag, ChainHead
from connection.checked_setup import fields_for
from connection.connection import Connection, Health, Observed, Run, Wanted
from connection.identities import Identity, SecretOrigin, SecretRef
from connection.people import Admins, Grant, Person, Role
from connection.pictures import (
    AccessPicture,
    AuditPicture,
    FormPicture,
    HelpPicture,
    ListPicture,
    StatusPicture,
)
from connection.report import CheckResult, Outcome, Report
from connection.revisions import Draft, SavedSetup
from connection.saving import Saved
from connection.secrets import SecretFacts
from connection.setting_up import OtherEdit, Questions
from connection.setup import FIELDS, ConnectionSetup
from connection.setup_fields import FormPart
from handlers.commands import help_rows
from handlers.views.access import access_message
from handlers.views.answers import answer_message, form_offer_message, saved_message
from handlers.views.blocks import Message
from handlers.views.confirm import confirm_view
from handlers.views.connections import list_message
from handlers.views.form import features_view, form_view, message_view, opening_view
from handlers.views.help import help_message
from handlers.views.record import audit_message
from handlers.views.report import report_message
from handlers.views.status import status_message
from simulator.slack.blockkit import faults_in_blocks, faults_in_view

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
OLGA = Person("T0EXAMPLE", "U0EXAMPLE")
NASTY = [
    "<!channel>",
    "<!here>",
    "<@U0SOMEBODY>",
    "<#C0CHANNEL>",
    "<https://evil.example|x>",
    "&<>",
]

texts = st.one_of(st.text(max_size=40), st.sampled_from(NASTY), st.just("x" * 4000))
values = st.one_of(st.text(max_size=40), st.sampled_from(NASTY), st.just("x" * 250))
names = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=40)
setups = st.builds(ConnectionSetup, **{about.name: values for about in FIELDS})
revisions = st.builds(
    SavedSetup, st.just("c1"), st.integers(1, 10**6), setups, st.just(OLGA), st.just(NOW)
)
connections = st.builds(
    Connection,
    id=st.just("c1"),
    workspace=st.just("T0EXAMPLE"),
    name=names,
    is_default=st.booleans(),
    wanted=st.sampled_from(Wanted),
    observed=st.sampled_from(Observed),
    observed_at=st.just(NOW),
    run=st.sampled_from(Run),
    health=st.sampled_from(Health),
    disable_reason=values,
    created_at=st.just(NOW),
)
results = st.builds(
    CheckResult,
    check=names,
    title=st.text(max_size=30),
    identity=st.sampled_from(Identity),
    outcome=st.sampled_from(Outcome),
    sentence=texts,
    remedy=texts,
    ms=st.integers(0, 10**6),
    correlation=names,
    reference=values,
)
reports = st.builds(
    Report,
    id=st.just("r1"),
    workspace=st.just("T0EXAMPLE"),
    connection_id=st.just("c1"),
    name=names,
    revision=st.integers(1, 10**6),
    asked_by=st.just(OLGA),
    started_at=st.just(NOW),
    finished_at=st.sampled_from([None, NOW]),
    results=st.lists(results, max_size=20).map(tuple),
)
facts = st.builds(
    SecretFacts,
    st.just(SecretRef("s1", "T0EXAMPLE", "c1", "f", SecretOrigin("h", "t", "k", "l"))),
    st.just("00ff"),
    st.just(Person("cli", "olga")),
    st.just(NOW),
)
secrets = st.fixed_dictionaries({"bot_client_secret": st.one_of(st.none(), facts)})
statuses = st.builds(StatusPicture, connections, revisions, secrets, st.one_of(st.none(), reports))
entries = st.builds(
    AuditEntry,
    n=st.integers(1, 10**9),
    at=st.just(NOW),
    workspace=st.just("T0EXAMPLE"),
    actor=st.sampled_from(["T0EXAMPLE/U0EXAMPLE", "cli/olga", "cli/<!channel>"]),
    tag=st.sampled_from(AuditTag),
    connection=names,
    details=st.dictionaries(names, st.one_of(texts, st.dictionaries(names, texts, max_size=3))),
    previous=st.just("0" * 64),
    hash=st.just("1" * 64),
)
drafts = st.builds(
    Draft,
    id=st.just("d1"),
    workspace=st.just("T0EXAMPLE"),
    person=st.just(OLGA),
    channel=st.just("C0EXAMPLE"),
    response_url=st.just(""),
    connection_id=st.just("c1"),
    base_revision=st.just(1),
    typed=st.just({}),
    asked_revision=st.just(0),
    saved_revision=st.just(0),
    created_at=st.just(NOW),
)
typed = st.fixed_dictionaries({about.name: values for about in FIELDS})
locked = st.dictionaries(st.sampled_from([about.name for about in FIELDS]), texts)
forms = st.builds(FormPicture, drafts, st.one_of(st.just(""), names), typed, secrets, locked)
field_names = st.lists(st.sampled_from([about.name for about in FIELDS]), unique=True).map(tuple)
questions = st.builds(
    Questions,
    st.just("d1"),
    typed,
    texts,
    texts,
    st.one_of(st.none(), st.builds(OtherEdit, revisions, field_names, field_names)),
)

OURS = re.compile(
    r"<@(U0EXAMPLE|U0OTHER)>|<!date\^[^<>]*>"
    r"|<https://businesscentral\.dynamics\.com/[^<>|]*\|[^<>|]*>"
)


def _fits(message: Message) -> None:
    for form in (message, message.in_classic()):
        _fits_as_it_is(form)


def _fits_as_it_is(message: Message) -> None:
    blocks = message.as_dicts()
    assert faults_in_blocks(blocks, "message") == []
    assert message.text
    assert len(message.text) <= 4000
    for text in (message.text, *_mrkdwn(blocks)):
        assert "<" not in OURS.sub("", text), text


def _mrkdwn(node: Any) -> list[str]:
    if isinstance(node, list):
        return [text for one in node for text in _mrkdwn(one)]
    if not isinstance(node, dict):
        return []
    own = [node["text"]] if node.get("type") == "mrkdwn" else []
    return own + [text for one in node.values() for text in _mrkdwn(one)]


@settings(max_examples=60)
@given(reports)
def test_a_report_fits(report: Report) -> None:
    _fits(report_message(report))


@settings(max_examples=40)
@given(statuses, st.lists(statuses, max_size=3), st.integers(0, 200))
def test_status_and_list_fit(status: StatusPicture, some: list[StatusPicture], more: int) -> None:
    _fits(status_message(status))
    _fits(list_message(ListPicture([*some, *[status] * more])))


@settings(max_examples=40)
@given(st.lists(entries, max_size=15), st.one_of(st.just(""), names))
def test_the_record_fits(rows: list[AuditEntry], name: str) -> None:
    _fits(audit_message(AuditPicture(name, rows, ChainHead(10**9, "1" * 64))))


@settings(max_examples=40)
@given(st.integers(0, 2000), st.integers(0, 300), st.sampled_from(Role))
def test_any_number_of_roles_fits(number: int, waiting: int, role: Role) -> None:
    grants = [
        Grant("T0EXAMPLE", Person("T0EXAMPLE", "U0OTHER"), role, f"c{i}") for i in range(number)
    ]
    names_of = {f"c{i}": "x" * 40 for i in range(number)}
    admins = Admins(frozenset({OLGA}), frozenset({"U0OTHER"}))
    requests = [
        AccessRequest(
            id=str(one),
            number=one,
            grant=Grant("T0EXAMPLE", OLGA, role, f"c{one}"),
            asked_by=OLGA,
            place=Place("C0EXAMPLE"),
            state=AccessState.WAITING,
            asked_at=NOW,
            ends_at=NOW,
        )
        for one in range(waiting)
    ]
    message = access_message(AccessPicture(grants, names_of, {}, requests, admins))
    _fits(message)
    said = str(message.as_dicts())
    more = number + 2 > 30 or waiting > 5
    assert ("of which the first" in said) == more
    assert bool(message.file) == more


@given(texts.filter(bool), texts, st.sampled_from([Tone.TOLD, Tone.REFUSED, Tone.BROKEN]))
def test_an_answer_fits(message: str, hint: str, tone: Tone) -> None:
    _fits(answer_message(Answer(tone, message, hint)))


@settings(max_examples=40)
@given(revisions, field_names, field_names, statuses)
def test_a_saved_setup_fits(
    saved: SavedSetup, changed: tuple[str, ...], unlinked: tuple[str, ...], status: StatusPicture
) -> None:
    valid = SavedSetup(
        saved.connection_id,
        saved.revision,
        ConnectionSetup(name=status.connection.name),
        OLGA,
        NOW,
    )
    _fits(saved_message(Saved(valid, changed, unlinked), status))


@given(st.frozensets(st.sampled_from(Role)), st.one_of(st.just(""), texts))
def test_help_fits(roles: frozenset[Role], word: str) -> None:
    _fits(help_message(HelpPicture(roles, word), help_rows()))


@settings(max_examples=60)
@given(forms, questions, texts)
def test_every_modal_is_one_that_slack_opens(
    form: FormPicture, asked: Questions, text: str
) -> None:
    _fits(form_offer_message(form))
    views: list[Callable[[], Any]] = [
        lambda: form_view(form),
        lambda: confirm_view(asked),
        lambda: opening_view("d1"),
        lambda: message_view("A title that is rather long for Slack", text or "x"),
    ]
    for view in views:
        assert faults_in_view(view().to_dict()) == []


def test_the_form_has_an_input_for_every_field_that_is_typed() -> None:
    draft = Draft("d", "T", OLGA, "C", "", "", 0, {}, 0, 0, NOW)
    view = form_view(FormPicture(draft, "", {}, {})).to_dict()
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    assert inputs == {about.name for about in fields_for({}, FormPart.CONNECTION)}
    view = features_view(FormPicture(draft, "", {}, {})).to_dict()
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    assert inputs == {about.name for about in fields_for({}, FormPart.FEATURES)}


@pytest.mark.parametrize("hosting", ["online", "on-premises"])
@pytest.mark.parametrize("auth", ["password", "certificate"])
def test_the_form_shows_what_belongs_to_its_choices(hosting: str, auth: str) -> None:
    draft = Draft("d", "T", OLGA, "C", "", "", 0, {}, 0, 0, NOW)
    values = {"hosting": hosting, "integration_auth": auth}
    view = form_view(FormPicture(draft, "", values, {})).to_dict()
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    assert ("bc_url" in inputs) == (hosting == "on-premises")
    assert ("bc_environment" in inputs) == (hosting == "online")
    assert ("integration_client_id" in inputs) == (auth == "certificate")
    assert ("integration_user_name" in inputs) == (auth == "password")
