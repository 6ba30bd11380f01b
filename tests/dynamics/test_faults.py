"""Every fault in the tree is provoked, and every row of the tables says what to do."""

import errno
import socket
import ssl
from collections.abc import Iterator

import httpx
import pytest

from connection.errors import (
    CallerDisabled,
    Changed,
    Forbidden,
    HostNotAllowed,
    NameUnknown,
    NotFound,
    NotInOrganisation,
    PrivilegeMissing,
    ProxyRefused,
    RemoteFault,
    RequestRefused,
    ServerDown,
    SignInFailed,
    Throttled,
    TimedOut,
    TlsFailed,
    Unauthorised,
    Unintelligible,
    Unreachable,
)
from dynamics.aadsts import AADSTS
from dynamics.bc_refusals import BC_CODES, BC_STATUSES
from dynamics.calls import Answer, Service
from dynamics.faults import answer_fault
from dynamics.meanings import Meaning
from dynamics.network_faults import network_fault
from dynamics.sales_refusals import SALES_CODES, SALES_STATUSES
from tests.dynamics.microsoft import LOGIN, NOW, TENANT, Desk, Reply, Says, the_access

HTML = b"<!DOCTYPE html><html><body>Service Unavailable</body></html>"


def refusal(status: int, code: object, message: str = "So it is.") -> Reply:
    return Reply(status, {"error": {"code": code, "message": message}})


def caused_by(error: httpx.HTTPError, cause: Exception) -> httpx.HTTPError:
    error.__cause__ = cause
    return error


WRONG_CERTIFICATE = ssl.SSLCertVerificationError(
    1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate"
)
PROVOCATIONS: dict[type[RemoteFault], Says] = {
    HostNotAllowed: Reply(302, headers={"Location": "https://evil.test"}),
    Unreachable: httpx.RemoteProtocolError("Server disconnected without sending a response."),
    NameUnknown: caused_by(httpx.ConnectError("no"), socket.gaierror(-2, "Name not known")),
    TlsFailed: caused_by(httpx.ConnectError("no"), WRONG_CERTIFICATE),
    ProxyRefused: httpx.ProxyError("403 Forbidden"),
    TimedOut: httpx.ReadTimeout("slow"),
    Unauthorised: refusal(401, "0x80072559"),
    Forbidden: refusal(403, "0x80048405"),
    PrivilegeMissing: refusal(
        403, "0x80040220", "Principal user (Id=1) is missing prvReadUser privilege"
    ),
    NotInOrganisation: refusal(403, "0x80072560"),
    CallerDisabled: refusal(403, "0x80040225"),
    NotFound: refusal(404, "0x80040217"),
    Changed: refusal(412, "0x80060882"),
    Throttled: refusal(429, "0x80072322"),
    ServerDown: Reply(503, content=HTML),
    RequestRefused: refusal(400, "0x0"),
    Unintelligible: Reply(200, content=HTML),
}


def tree(fault: type[RemoteFault]) -> Iterator[type[RemoteFault]]:
    for narrower in fault.__subclasses__():
        yield narrower
        yield from tree(narrower)


@pytest.mark.parametrize("fault", list(tree(RemoteFault)), ids=lambda fault: fault.__name__)
async def test_every_fault_of_the_tree_is_provoked(desk: Desk, fault: type[RemoteFault]) -> None:
    if fault is SignInFailed:
        refused = Reply(401, {"error": "invalid_client", "error_codes": [7000215]})
        desk.microsoft.tell(f"{LOGIN}/{TENANT}/oauth2/v2.0/token", refused)
    else:
        desk.sales_says("WhoAmI", PROVOCATIONS[fault])
    with pytest.raises(RemoteFault) as caught:
        await desk.sales.who_am_i(the_access())
    assert type(caught.value) is fault
    assert caught.value.message.endswith((".", "?")) or ":" in caught.value.message
    assert caught.value.hint


async def test_a_missing_privilege_is_named(desk: Desk) -> None:
    desk.sales_says("WhoAmI", PROVOCATIONS[PrivilegeMissing])
    with pytest.raises(PrivilegeMissing) as caught:
        await desk.sales.who_am_i(the_access())
    assert caught.value.privilege == "prvReadUser"
    assert "prvReadUser" in caught.value.message
    assert "prvReadUser" in caught.value.hint


def fault_of(service: Service, reply: Reply) -> RemoteFault:
    response = reply.response()
    return answer_fault(
        service, Answer(response.status_code, response.headers, response.content), NOW
    )


STATUSES: dict[int, type[RemoteFault]] = {
    400: RequestRefused,
    401: Unauthorised,
    403: Forbidden,
    404: NotFound,
    405: RequestRefused,
    408: TimedOut,
    409: Changed,
    412: Changed,
    413: RequestRefused,
    415: RequestRefused,
    418: RequestRefused,
    429: Throttled,
    500: ServerDown,
    501: ServerDown,
    502: ServerDown,
    503: ServerDown,
    504: ServerDown,
}


@pytest.mark.parametrize("service", [Service.SALES, Service.BUSINESS_CENTRAL])
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("content", [b"", HTML, b"\xff\xfe{", b"[1]", b'{"error": 5}', b"{}"])
def test_the_status_decides_whatever_the_body(
    service: Service, status: int, content: bytes
) -> None:
    fault = fault_of(service, Reply(status, content=content))
    assert type(fault) is STATUSES[status]
    assert fault.status == status
    assert fault.message.endswith(".")
    assert fault.hint.endswith(".")


@pytest.mark.parametrize("code", SALES_CODES)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 412])
def test_a_code_makes_the_status_narrower_never_another(code: str, status: int) -> None:
    fault = fault_of(Service.SALES, refusal(status, code))
    assert isinstance(fault, RemoteFault if status == 400 else STATUSES[status])
    assert fault.code == code
    assert "{" not in fault.message + fault.hint


@pytest.mark.parametrize("code", BC_CODES)
def test_a_code_of_business_central_with_status_400_means_what_its_row_says(code: str) -> None:
    fault = fault_of(Service.BUSINESS_CENTRAL, refusal(400, code))
    assert isinstance(fault, BC_CODES[code].kind)
    assert fault.hint == BC_CODES[code].hint


@pytest.mark.parametrize(
    "meaning",
    [
        *SALES_CODES.values(),
        *BC_CODES.values(),
        *SALES_STATUSES.values(),
        *BC_STATUSES.values(),
    ],
    ids=lambda meaning: meaning.sentence[:30],
)
def test_every_row_says_what_to_do(meaning: Meaning) -> None:
    hint, sentence = meaning.hint, meaning.sentence
    assert hint.endswith(".")
    assert sentence.endswith(".") is not meaning.quotes


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ({"error": {"code": "0x80040217", "message": "A"}}, "0x80040217", "A"),
        ({"error": {"code": "0X80040217", "message": "A"}}, "0x80040217", "A"),
        ({"error": {"code": -2147220969, "message": "A"}}, "0x80040217", "A"),
        ({"error": {"code": "-2147220969", "message": "A"}}, "0x80040217", "A"),
        ({"error": {"code": "", "innererror": {"message": "B"}}}, "", "B"),
        ({"message": "C"}, "", "C"),
        ({"ErrorCode": -2147220969, "Message": "D"}, "0x80040217", "D"),
        ({"ErrorCode": "x", "ExceptionMessage": "E"}, "x", "E"),
        ({"code": "F", "message": "G", "target": ""}, "F", "G"),
        ({"error": "plain"}, "", "plain"),
    ],
)
def test_every_shape_of_refusal_is_read(body: object, code: str, said: str) -> None:
    fault = fault_of(Service.SALES, Reply(404, body))
    assert fault.code == code
    assert fault.message.endswith(f": {said}")


def test_the_correlation_id_of_business_central_becomes_the_reference() -> None:
    guid = "44444444-4444-4444-8444-444444444444"
    said = f"Wrong value.  CorrelationId:  {guid}."
    fault = fault_of(Service.BUSINESS_CENTRAL, refusal(400, "Application_DialogException", said))
    assert fault.reference == guid
    assert fault.message == "Business Central answered with an error: Wrong value."


def test_a_long_sentence_is_clipped() -> None:
    fault = fault_of(Service.SALES, refusal(400, "0x1", "word " * 1000))
    assert len(fault.message) < 400


def test_an_unauthorised_app_is_told_about_business_centrals_page() -> None:
    fault = fault_of(Service.BUSINESS_CENTRAL, refusal(401, "Authentication_InvalidCredentials"))
    assert "Microsoft Entra applications" in fault.hint


PROXY: list[tuple[str, type[RemoteFault]]] = [
    ("407 Proxy Authentication Required", ProxyRefused),
    ("403 Forbidden", ProxyRefused),
    ("502 Bad Gateway", Unreachable),
    ("504 Gateway Timeout", TimedOut),
    ("what", ProxyRefused),
]


@pytest.mark.parametrize(("said", "kind"), PROXY)
def test_what_the_proxy_says_is_told_apart(said: str, kind: type[RemoteFault]) -> None:
    assert type(network_fault("h", httpx.ProxyError(said))) is kind


@pytest.mark.parametrize(
    ("cause", "kind", "words"),
    [
        (ConnectionRefusedError(), Unreachable, "refused"),
        (OSError(errno.ENETUNREACH, "no route"), Unreachable, "no route"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER]"), TlsFailed, "agreed"),
        (ssl.SSLError(1, "certificate has expired"), TlsFailed, "expired"),
        (ssl.SSLError(1, "Hostname mismatch, certificate"), TlsFailed, "another host"),
        (ExceptionGroup("all", [ConnectionRefusedError()]), Unreachable, "refused"),
        (ValueError(), Unreachable, "No connection"),
    ],
)
def test_the_cause_of_a_failed_connection_is_named(
    cause: Exception, kind: type[RemoteFault], words: str
) -> None:
    fault = network_fault("h", caused_by(httpx.ConnectError("no"), cause))
    assert type(fault) is kind
    assert words in fault.message


def leaves(error: type[Exception]) -> Iterator[type[Exception]]:
    for narrower in error.__subclasses__():
        yield from leaves(narrower)
    yield error


@pytest.mark.parametrize("error", set(leaves(httpx.HTTPError)), ids=lambda error: error.__name__)
def test_every_exception_of_httpx_becomes_a_fault_with_a_hint(error: type[httpx.HTTPError]) -> None:
    raised = error.__new__(error)
    Exception.__init__(raised, "it happened")
    fault = network_fault("h.test", raised)
    assert "h.test" in fault.message
    assert fault.hint


@pytest.mark.parametrize("number", AADSTS)
def test_every_number_of_entra_has_a_sentence_and_a_remedy(number: int) -> None:
    fault = fault_of(Service.ENTRA, Reply(400, {"error": "x", "error_codes": [number]}))
    assert isinstance(fault, SignInFailed)
    assert fault.code == f"AADSTS{number}"
    assert fault.message == AADSTS[number].sentence
    assert fault.hint.endswith(".")
    assert fault.message.endswith(".")


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
