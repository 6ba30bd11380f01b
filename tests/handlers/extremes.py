"""Every view, given the widest and longest content that the rules allow: `EXTREMES`.

Each is (name, what is drawn): a `Message`, or a modal as Slack takes it.
"""

import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from connection.asks import Answer, Place, Tone
from connection.audit import AuditEntry, AuditTag, ChainHead
from connection.changes.request import Request, RequestState, StepState
from connection.directory import Standing
from connection.exchanges import Exchange
from connection.handover import Handover, HandoverState
from connection.home import MOST, OTHERS, Ending, HomeCard, HomePicture
from connection.identities import SecretOrigin
from connection.names import NamesPicture
from connection.past_pictures import Difference, Edit, Explanation, History
from connection.people import Role
from connection.pictures import (
    AuditPicture,
    FormPicture,
    HelpPicture,
    ListPicture,
)
from connection.report import Outcome
from connection.saving import Saved
from connection.secret_pictures import (
    CertificatePicture,
    EncryptionPicture,
    HandoverPicture,
    SecretsPicture,
    SignInPicture,
)
from connection.secrets import Certificate, EncryptionState
from connection.setting_up import OtherEdit, Questions
from connection.setup import FIELDS, LABELS, SECRET_FIELDS
from connection.signing_in import DeviceCode, SignIn, SignInState
from connection.typing_secrets import SecretInputs
from connection.users.check import UserCheck, UserList
from connection.users.findings import FINDINGS, Side
from connection.users.rule import Rule
from handlers.commands import help_rows
from handlers.ids import FEATURES_FORM, SETUP_FORM
from handlers.views.all_checks import checks_message
from handlers.views.answers import answer_message, form_offer_message, saved_message
from handlers.views.blocks import Message
from handlers.views.certificate import certificate_message
from handlers.views.confirm import confirm_view
from handlers.views.connections import list_message
from handlers.views.encryption import encryption_message
from handlers.views.explanation import explanation_message
from handlers.views.form import features_view, form_view, message_view, opening_view, part_view
from handlers.views.help import help_message
from handlers.views.history import history_message
from handlers.views.home import home_view
from handlers.views.links import Links
from handlers.views.names import names_message
from handlers.views.record import audit_message
from handlers.views.report import report_message
from handlers.views.secrets import handover_message, secrets_message
from handlers.views.secrets_form import secrets_view
from handlers.views.sign_in import sign_in_message
from handlers.views.status import status_message
from handlers.views.user_names import user_names_message
from handlers.views.users import users_message
from tests.handlers.extreme_requests import access, requests
from tests.handlers.extreme_values import (
    ADDRESS,
    APPROVERS,
    CONNECTION,
    FACTS,
    LONG,
    NAME,
    NOW,
    OLGA,
    SAVED,
    SECRETS,
    SETUP,
    WIDE,
    draft,
    report,
    request,
    status,
    text,
)

Drawn = Message | dict[str, Any]
_LINKS = Links(SETUP)
_PASS, _FAIL, _WARN, _SKIP, _UNTESTED = (
    Outcome.PASS,
    Outcome.FAIL,
    Outcome.WARN,
    Outcome.SKIPPED,
    Outcome.UNTESTED,
)


def _reports() -> Iterator[tuple[str, Drawn]]:
    kinds = {
        "all-failed": (_FAIL,),
        "all-passed": (_PASS,),
        "all-skipped": (_SKIP,),
        "all-untested": (_UNTESTED,),
        "mixed": (_FAIL, _PASS, _SKIP, _WARN, _UNTESTED),
    }
    for name, outcomes in kinds.items():
        done = report(*outcomes)
        yield f"report-{name}", report_message(done, names_left_out=True, links=_LINKS)
        yield f"checks-{name}", checks_message(done, _LINKS)
    few = report(_FAIL, number=1)
    yield "report-one-failed", report_message(few, links=_LINKS)
    running = report(_PASS, Outcome.RUNNING, _FAIL, Outcome.WAITING, running=True)
    yield "report-running", report_message(running)
    exchange = Exchange("Business Central", "GET", ADDRESS, 403, 30_000, "i" * 36, LONG)
    checks = tuple((one, (exchange,) * 8) for one in report(_FAIL).results)
    yield "explanation", explanation_message(Explanation(report(_FAIL), checks, False, True))


def _past() -> Iterator[tuple[str, Drawn]]:
    failed, worked = report(_FAIL), report(_PASS)
    differences = [
        Difference(now.title, before, now)
        for before, now in zip(worked.results, failed.results, strict=True)
    ]
    edits = [Edit(n, OLGA, NOW, tuple(LABELS.values())) for n in range(20)]
    past = History(NAME, 10**6, [failed] * 10, worked, edits, differences)
    yield "history", history_message(past)
    facts = tuple((label, text(n)) for n, label in enumerate(LABELS.values()))
    yield "names", names_message(NamesPicture(NAME, facts, failed.results, SETUP))
    rows = [
        AuditEntry(
            10**9 - n, NOW, "T0EXAMPLE", str(OLGA), list(AuditTag)[n % len(AuditTag)], NAME,
            {"connection": NAME, "said": text(n), "other": {"before": text(n), "after": ""}},
            "0" * 64, "1" * 64,
        )
        for n in range(60)
    ]  # fmt: skip
    yield "audit", audit_message(AuditPicture(NAME, rows, ChainHead(10**9, "1" * 64)))


def _connections() -> Iterator[tuple[str, Drawn]]:
    yield "status", status_message(status())
    yield "list", list_message(ListPicture([status(n) for n in range(400)]))
    every = tuple(one.name for one in FIELDS)
    secret = tuple(one.name for one in SECRET_FIELDS)
    yield "saved", saved_message(Saved(SAVED, every, secret), status())
    for tone in (Tone.TOLD, Tone.REFUSED):
        yield f"answer-{tone}", answer_message(Answer(tone, LONG + text(0), text(2)))
    lines = "\n".join(f"\N{BULLET} MAPPING-{n}: both ways, {text(n)[:120]}" for n in range(80))
    yield "answer-of-many-lines", answer_message(Answer(Tone.TOLD, lines, text(1)))
    picture = FormPicture(draft(), NAME, {}, {})
    yield "form-offer", form_offer_message(picture)
    yield "help", help_message(HelpPicture(frozenset(), ""), help_rows())
    for word in (row.word for row in help_rows()):
        yield f"help-{word}", help_message(HelpPicture(frozenset(), word), help_rows())


def _users() -> Iterator[tuple[str, Drawn]]:
    counts = {one.finding: 10_000 for one in FINDINGS}
    rows = {one.finding: tuple(range(9_990, 10_000)) for one in FINDINGS}
    check = UserCheck(
        "u1", "T0EXAMPLE", "c1", NAME, 10**6, OLGA, NOW, NOW, Rule.EMAIL,
        {Side.BC: 10_000, Side.SALES: 99_999}, counts, rows, ("Product Availability User",) * 2,
    )  # fmt: skip
    yield "users", users_message(check, _LINKS)
    yield "users-running", users_message(replace(check, finished_at=None))
    yield "users-failed", users_message(replace(check, failed=LONG))
    names = {one.finding: tuple(text(n) for n in range(10)) for one in FINDINGS}
    found = UserList("u1", names, zlib.compress(b"row\r\n"), NOW)
    yield "user-names", user_names_message(check, found)


def _secrets() -> Iterator[tuple[str, Drawn]]:
    origin = SecretOrigin("h" * 63, "t" * 60, "client_secret", "l" * 100)
    one = Handover(
        "h1", "T0EXAMPLE", "c1", "bot_client_secret", origin, OLGA, Place("C0EXAMPLE"),
        HandoverState.MADE, NOW, NOW + timedelta(minutes=30), "s1", True, "00ff",
    )  # fmt: skip
    for name, facts in (("set", SECRETS), ("not-set", {})):
        new = {field.name: one for field in SECRET_FIELDS if "certificate" in field.name}
        used, besides = SECRET_FIELDS[::2], SECRET_FIELDS[1::2]
        picture = SecretsPicture(
            CONNECTION, SETUP, used, besides, facts, new, name == "set", form=True, typed=True
        )
        yield f"secrets-{name}", secrets_message(picture)
    about = max(SECRET_FIELDS, key=lambda field: len(field.label))
    for state in HandoverState:
        for address in ("", ADDRESS):
            handed = HandoverPicture(one, state, NAME, about, False, address)
            yield f"handover-{state}-{bool(address)}", handover_message(handed)
    certificate = Certificate("-----BEGIN-----\n" * 40, NOW, "A1" * 20, "B2" * 32)
    for waiting in (None, one):
        made = CertificatePicture(
            CONNECTION, about, FACTS, certificate, "c" * 36, waiting, SETUP
        )  # fmt: skip
        yield f"certificate-{bool(waiting)}", certificate_message(made)
    numbers = tuple(range(30))
    for kept in (numbers, ()):
        state_of_keys = EncryptionState(kept, "/keys", True)
        sealed = dict.fromkeys(range(40), 10**6)
        yield (
            f"encryption-{bool(kept)}",
            encryption_message(EncryptionPicture(state_of_keys, sealed)),
        )
    for sign_in in SignInState:
        signed = SignIn(
            "i1", "T0EXAMPLE", "c1", OLGA, Place("C0EXAMPLE"), sign_in, NOW, NOW, "a" * 100, LONG
        )  # fmt: skip
        code = DeviceCode("CODE12345", "https://microsoft.com/devicelogin", NOW)
        yield (
            f"sign-in-{sign_in}",
            sign_in_message(SignInPicture(signed, sign_in, NAME, "u" * 100, code)),
        )


def _modals() -> Iterator[tuple[str, Drawn]]:
    values = draft().typed
    locked = {one.name: WIDE for one in FIELDS}
    picture = FormPicture(draft(), NAME, values, SECRETS, locked)
    wrong = {one.name: LONG for one in FIELDS}
    yield "form", form_view(picture).to_dict()
    yield "form-wrong", part_view(SETUP_FORM, picture, wrong).to_dict()
    yield "features", features_view(picture).to_dict()
    yield "features-wrong", part_view(FEATURES_FORM, picture, wrong).to_dict()
    names = tuple(one.name for one in FIELDS if one.name != "name")
    asked = Questions("d1", values, ADDRESS, ADDRESS, OtherEdit(SAVED, names, names))
    yield "confirm", confirm_view(asked).to_dict()
    yield (
        "secrets-form",
        secrets_view(SecretInputs("d1", NAME, SECRET_FIELDS, frozenset())).to_dict(),
    )
    yield "message-modal", message_view("A title that is too long for Slack", LONG).to_dict()
    yield "opening", opening_view("d1").to_dict()


def _homes() -> Iterator[tuple[str, Drawn]]:
    ends = [Ending(one.name, NOW, soon=True, over=n > 0) for n, one in enumerate(SECRET_FIELDS)]

    def cards(one: Request | None) -> list[HomeCard]:
        waits = one is not None
        return [
            HomeCard(replace(status(n), open_request=one), ends, True, waits, may_ask=not waits)
            for n in range(MOST)
        ]

    users = [one.user for one in APPROVERS]
    every = frozenset(Role)
    others = [status(n).connection for n in range(OTHERS)]
    alone = replace(request(), state=RequestState.APPLIED, alone=OLGA)
    whole = HomePicture(
        True, Standing.MEMBER, every, cards(None), others, 10**6, True, users,
        to_review=[alone] * 9, roles_waiting=300,
    )  # fmt: skip
    for name, one in {
        "pending": request(),
        "by-hand": request(StepState.BY_HAND, state=RequestState.APPLYING),
        "failed": request(StepState.FAILED, state=RequestState.STOPPED),
        "stopped": request(state=RequestState.STOPPED),
        "waits": request(StepState.WAITING, state=RequestState.WAITING_FOR_SIGN_IN),
        "no-request": None,
    }.items():
        yield f"home-{name}", home_view(replace(whole, cards=cards(one)))
    yield "home-first-steps", home_view(replace(whole, cards=[]))
    yield "home-nothing-to-see", home_view(replace(whole, cards=[], may_set_up=False))
    yield "home-stranger", home_view(replace(whole, roles=frozenset()))
    yield "home-nobody-to-ask", home_view(replace(whole, roles=frozenset(), admins=[]))
    for standing in (None, *(one for one in Standing if one is not Standing.MEMBER)):
        yield f"home-{standing or 'untold'}", home_view(replace(whole, standing=standing))


EXTREMES: tuple[tuple[str, Drawn], ...] = tuple(
    one
    for some in (
        _reports, _past, _connections, access, requests, _users, _secrets, _modals, _homes
    )
    for one in some()
)  # fmt: skip
