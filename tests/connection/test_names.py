"""A channel reads no account names, no addresses, and no words of a service's own."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from httpx import Headers
from hypothesis import given
from hypothesis import strategies as st

from connection.checks.looking import Found
from connection.checks.making import _fault_found
from connection.errors import AdminError, RemoteFault, ServerDown
from connection.identities import Identity
from connection.names import LEFT_OUT, for_everybody, left_out, names_in, veiled
from connection.people import Person
from connection.report import CheckResult, Outcome, Report
from connection.setup import FIELDS, ConnectionSetup
from dynamics.aadsts import refused_sign_in
from dynamics.calls import Answer, Service
from dynamics.faults import answer_fault
from dynamics.managed_identity import _refused

NOW = datetime(2026, 11, 25, tzinfo=UTC)
NAMES = ("integration@contoso.example", "CONTOSO\\sync", "SYNC", "Ada Lovelace")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("User ada@contoso.com is off.", f"User {LEFT_OUT} is off."),
        ("ada.b-c+d@sub.contoso.com", LEFT_OUT),
        ("(ada@contoso.com)", f"({LEFT_OUT})"),
        ("<ada@contoso.com>", f"<{LEFT_OUT}>"),
        ("ada@contoso", LEFT_OUT),
        ("o'ada@contoso.com", f"o'{LEFT_OUT}"),
        ("ada_fabrikam.com#EXT#@contoso.onmicrosoft.com", LEFT_OUT),
        ("ada%40contoso.com", LEFT_OUT),
        ("ada＠contoso.com", LEFT_OUT),
        ("mailto:ada@contoso.com,bo@contoso.com", f"mailto:{LEFT_OUT},{LEFT_OUT}"),
        ("CONTOSO\\ada lacks it", f"{LEFT_OUT} lacks it"),
        ("Give it with /d365 access add @you viewer.", None),
        ("Is 5330 CRM Connection Setup, at https://contoso.crm4.dynamics.com/x published?", None),
        ("Write to @ home", None),
    ],
)
def test_what_looks_like_a_name_is_left_out(text: str, read: str | None) -> None:
    assert veiled(text) == (read or text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("sync may not.", f"{LEFT_OUT} may not."),
        ("Ada lovelace, SYNC", f"{LEFT_OUT}, {LEFT_OUT}"),
        ("Synchronise SYNC_Only", None),
        ("CONTOSO\\SYNC", LEFT_OUT),
    ],
)
def test_names_of_the_setup_are_left_out_as_whole_words(text: str, read: str | None) -> None:
    assert veiled(text, NAMES) == (read or text)


def test_a_name_of_one_letter_leaves_sentences_readable() -> None:
    assert veiled("A service is a service.", ("A",)) == f"{LEFT_OUT} service is a service."


@given(st.text(max_size=30), st.text(max_size=30), st.sampled_from(NAMES))
def test_no_name_survives_between_spaces(before: str, after: str, name: str) -> None:
    read = veiled(f"{before} {name} {after}", NAMES)
    assert f" {name} " not in read


NAMING = ("integration_user_name", "bc_user_name", "odata_user_name")


def test_the_setup_says_which_of_its_fields_name_somebody() -> None:
    filled = {about.name: f"{about.name}-value" for about in FIELDS}
    named = set(names_in(ConnectionSetup(**filled)))
    assert named == {f"{name}-value" for name in NAMING}
    assert all(about.personal for about in FIELDS if about.name.endswith("user_name"))


WORDS = "Ada Lovelace may not read accounts"


def _answer(status: int, body: str) -> Answer:
    return Answer(status, Headers({"content-type": "application/json"}), body.encode())


def faults() -> list[RemoteFault]:
    """Every status and some codes of both sides and of Entra ID, all in words of their own."""
    found: list[RemoteFault] = []
    for service in (Service.SALES, Service.BUSINESS_CENTRAL):
        for status in range(400, 600):
            for code in ("", "0x80040220", "0x80040265", "Application_DialogException"):
                body = f'{{"error": {{"code": "{code}", "message": "{WORDS}"}}}}'
                found.append(answer_fault(service, _answer(status, body), NOW))
    unknown = {"error": "invalid_grant", "error_description": f"AADSTS99999999: {WORDS}."}
    found.append(refused_sign_in(unknown, 400))
    found.append(_refused({"error": "x", "error_description": WORDS}))
    return found


def test_a_services_own_words_are_kept_apart() -> None:
    quoting = 0
    for fault in faults():
        result = _fault_found(fault)
        assert WORDS not in result.sentence + result.remedy, fault
        assert result.sentence.endswith((".", ")"))
        quoting += WORDS in fault.message
        assert (WORDS in result.private) == (WORDS in fault.message)
    assert quoting > 100


def test_words_of_ours_are_not_taken_for_a_services() -> None:
    said = _fault_found(ServerDown("Sales is not working right now (503).", "Wait."))
    assert said == Found(Outcome.FAIL, "Sales is not working right now (503).", "Wait.")
    assert _fault_found(AdminError("No.", "Yes.")) == Found(Outcome.FAIL, "No.", "Yes.")


def test_a_report_is_read_without_names_and_in_full_by_the_one_who_asked() -> None:
    plain = CheckResult("dns", "DNS", Identity.NONE, Outcome.PASS, "It answers.")
    named = replace(plain, check="a", sentence="ada@contoso.com lacks it.", remedy="Ask SYNC.")
    private = replace(plain, check="b", private="Tested as x@contoso.com.")
    report = Report(
        *("r", "T1", "c", "contoso", 1, Person("T1", "U1"), NOW, NOW), (plain, named, private)
    )
    shown = for_everybody(report, NAMES)
    assert [one.sentence for one in shown.results] == [
        *("It answers.", f"{LEFT_OUT} lacks it.", "It answers.")
    ]
    assert "SYNC" not in str(shown)
    assert "x@contoso.com" not in str(shown)
    assert left_out(report, NAMES) == (named, private)
    assert left_out(shown, NAMES) == ()
