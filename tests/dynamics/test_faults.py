"""Every fault in the tree is provoked, and every row of the tables says what to do."""

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
from dynamics.bc_refusals import BC_CODES, BC_STATUSES
from dynamics.calls import Service
from dynamics.meanings import Meaning
from dynamics.refusals import LONGEST
from dynamics.sales_refusals import SALES_CODES, SALES_STATUSES
from tests.dynamics.microsoft import LOGIN, TENANT, Desk, Reply, Says, the_access
from tests.dynamics.refusing import HTML, caused_by, fault_of, refusal

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
    assert len(fault.quoted) <= LONGEST
    assert fault.quoted.endswith("…")


def test_an_unauthorised_app_is_told_about_business_centrals_page() -> None:
    fault = fault_of(Service.BUSINESS_CENTRAL, refusal(401, "Authentication_InvalidCredentials"))
    assert "Microsoft Entra applications" in fault.hint
