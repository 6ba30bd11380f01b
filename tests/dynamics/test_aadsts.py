"""Every refusal of Entra ID is explained."""

import re

import pytest

from connection.errors import RemoteFault, ServerDown, SignInFailed, Throttled, Unintelligible
from dynamics.aadsts import AADSTS
from dynamics.calls import Service
from tests.dynamics.microsoft import Reply
from tests.dynamics.refusing import HTML, fault_of


@pytest.mark.parametrize("number", AADSTS)
def test_every_number_of_entra_has_a_sentence_and_a_remedy(number: int) -> None:
    fault = fault_of(Service.ENTRA, Reply(400, {"error": "x", "error_codes": [number]}))
    assert isinstance(fault, SignInFailed)
    assert fault.code == f"AADSTS{number}"
    assert fault.message == AADSTS[number].sentence
    assert fault.hint.endswith(".")
    assert fault.message.endswith(".")


@pytest.mark.parametrize(("status", "kind"), [(429, Throttled), (503, ServerDown)])
@pytest.mark.parametrize("number", [90024, 90033, 90055])
def test_a_number_is_explained_whatever_the_status(
    status: int, kind: type[RemoteFault], number: int
) -> None:
    body = {"error": "temporarily_unavailable", "error_codes": [number]}
    fault = fault_of(Service.ENTRA, Reply(status, body))
    assert type(fault) is kind
    assert (fault.message, fault.hint) == (AADSTS[number].sentence, AADSTS[number].remedy)


@pytest.mark.parametrize("codes", [None, [], "x", [[]], [None], [1], {}])
def test_a_busy_entra_without_a_known_number_is_still_busy(codes: object) -> None:
    body = {"error": "temporarily_unavailable", "error_codes": codes}
    assert type(fault_of(Service.ENTRA, Reply(503, body))) is ServerDown
    assert type(fault_of(Service.ENTRA, Reply(429, content=b"[]"))) is Throttled


@pytest.mark.parametrize("number", AADSTS)
def test_a_remedy_names_commands_that_exist(number: int) -> None:
    named = set(re.findall(r"/d365 ([a-z-]+)", AADSTS[number].remedy))
    assert named <= {"setup", "secret", "sign-in", "test"}


def test_an_unknown_number_keeps_entras_first_sentence() -> None:
    said = (
        "AADSTS999999: Something new happened. More about it. Trace ID: 1 Correlation ID: 2 "
        "Timestamp: 2026-11-23 10:00:00Z"
    )
    body = {"error": "invalid_grant", "error_description": said, "trace_id": "t-1"}
    fault = fault_of(Service.ENTRA, Reply(400, body))
    assert fault.message == "Entra ID refused the sign-in: Something new happened."
    assert fault.code == "AADSTS999999"
    assert fault.reference == "t-1"


def test_a_refusal_without_number_keeps_oauths_word() -> None:
    fault = fault_of(Service.ENTRA, Reply(400, {"error": "invalid_request"}))
    assert fault.code == "invalid_request"
    assert fault.message == "Entra ID refused the sign-in."


@pytest.mark.parametrize("content", [HTML, b"garbage", b"[]", b"{}", b'{"error": {"code": 1}}'])
def test_an_answer_that_is_not_entras_is_said_to_be_none(content: bytes) -> None:
    assert type(fault_of(Service.ENTRA, Reply(400, content=content))) is Unintelligible
    assert type(fault_of(Service.ENTRA, Reply(500, content=content))) is ServerDown
