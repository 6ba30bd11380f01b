"""Every code and status that Microsoft's pages name has its row: a class, a sentence, a remedy.

The lists are data of their own, so that a row that gets lost is missed. Sources: the Web API's
page on errors, the error reference, pa/api-limits; dynamics-error-codes and its include on HTTP
statuses; operational-limits-online; entra/reference-error-codes.
"""

import pytest

from connection.errors import (
    CallerDisabled,
    Changed,
    Forbidden,
    NotFound,
    NotInOrganisation,
    PrivilegeMissing,
    RemoteFault,
    RequestRefused,
    ServerDown,
    Throttled,
    TimedOut,
    Unauthorised,
)
from dynamics.aadsts import AADSTS
from dynamics.bc_refusals import BC_CODES, BC_STATUSES
from dynamics.calls import Service
from dynamics.sales_refusals import SALES_CODES, SALES_STATUSES
from tests.dynamics.microsoft import Reply
from tests.dynamics.refusing import fault_of, refusal

DATAVERSE = (
    ("0x80040220", 403, PrivilegeMissing),
    ("0x80048306", 403, Forbidden),
    ("0x80040217", 404, NotFound),
    ("0x80060891", 404, NotFound),
    ("0x80060892", 412, Changed),
    ("0x80040237", 412, Changed),
    ("0x80040333", 412, Changed),
    ("0x80060882", 412, Changed),
    ("0x80072560", 403, NotInOrganisation),
    ("0x80072559", 401, Unauthorised),
    ("0x80072559", 403, Forbidden),
    ("0x80040225", 403, CallerDisabled),
    ("0x8004d24b", 403, CallerDisabled),
    ("0x80048405", 403, Forbidden),
    ("0x80048d2f", 403, Forbidden),
    ("0x8005F101", 401, Unauthorised),
    ("0x80048350", 400, RequestRefused),
    ("0x8006088a", 404, NotFound),
    ("0x0", 400, RequestRefused),
    ("0x80048d19", 400, RequestRefused),
    ("0x80044331", 400, RequestRefused),
    ("0x80040265", 400, RequestRefused),
    ("0x80048033", 400, RequestRefused),
    ("0x8004801D", 400, RequestRefused),
    ("0x80048068", 400, RequestRefused),
    ("0x80044151", 500, ServerDown),
    ("0x80048040", 400, RequestRefused),
    ("0x80048041", 400, RequestRefused),
    ("0x8004801C", 400, RequestRefused),
    ("0x80048060", 400, RequestRefused),
    ("0x80048013", 400, RequestRefused),
    ("0x8004801A", 400, RequestRefused),
    ("0x80071151", 429, Throttled),
    ("0x80072322", 429, Throttled),
    ("0x80072321", 429, Throttled),
    ("0x80072326", 429, Throttled),
)
SIGNED = (
    (-2147220960, "0x80040220"),
    (-2147187962, "0x80048306"),
    (-2147220969, "0x80040217"),
    (-2147220937, "0x80040237"),
    (-2147088254, "0x80060882"),
    (-2147015902, "0x80072322"),
    (-2147015903, "0x80072321"),
    (-2147015898, "0x80072326"),
)
BUSINESS_CENTRAL = (
    ("BadRequest", 400, RequestRefused),
    ("BadRequest_InvalidRequestUrl", 400, RequestRefused),
    ("BadRequest_NotFound", 400, RequestRefused),
    ("BadRequest_ResourceNotFound", 404, NotFound),
    ("BadRequest_InvalidOperation", 400, RequestRefused),
    ("BadRequest_InvalidToken", 400, RequestRefused),
    ("BadRequest_RequiredParamNotProvided", 400, RequestRefused),
    ("BadRequest_MethodNotAllowed", 405, RequestRefused),
    ("BadRequest_MethodNotImplemented", 400, RequestRefused),
    ("Request_EntityChanged", 409, Changed),
    ("Internal_DataNotFoundFilter", 404, NotFound),
    ("Internal_RecordNotFound", 404, NotFound),
    ("Internal_InvalidTableRelation", 400, RequestRefused),
    ("Internal_EntityWithSameKeyExists", 409, Changed),
    ("Internal_CompanyNotFound", 404, NotFound),
    ("Internal_TenantUnavailable", 503, ServerDown),
    ("Internal_ServerError", 500, ServerDown),
    ("Application_DialogException", 400, RequestRefused),
    ("Application_EvaluateException", 400, RequestRefused),
    ("Application_StringExceededLength", 400, RequestRefused),
    ("Application_InvalidGUID", 400, RequestRefused),
    ("Application_CallbackNotAllowed", 400, RequestRefused),
    ("Application_FilterErrorException", 400, RequestRefused),
    ("Application_FieldValidationException", 400, RequestRefused),
    ("Authentication_InvalidCredentials", 401, Unauthorised),
    ("Unknown", 400, RequestRefused),
)
STATUSES = {
    Service.SALES: (
        (400, RequestRefused),
        (401, Unauthorised),
        (403, Forbidden),
        (404, NotFound),
        (405, RequestRefused),
        (412, Changed),
        (413, RequestRefused),
        (429, Throttled),
        (501, ServerDown),
        (503, ServerDown),
    ),
    Service.BUSINESS_CENTRAL: (
        (400, RequestRefused),
        (401, Unauthorised),
        (403, Forbidden),
        (404, NotFound),
        (405, RequestRefused),
        (408, TimedOut),
        (409, Changed),
        (412, Changed),
        (413, RequestRefused),
        (415, RequestRefused),
        (429, Throttled),
        (502, ServerDown),
        (503, ServerDown),
        (504, ServerDown),
    ),
}
SIGN_INS = (
    50034, 50053, 50055, 50057, 50059, 50076, 50079, 50105, 50126, 50194, 50196, 53000, 53003,
    530032, 530035, 65001, 650057, 700016, 700025, 700027, 7000215, 7000222, 7000218, 70011, 70016,
    70018, 70019, 70020, 90002, 9001023, 900144, 90038, 90055, 90024, 90033, 500011,
)  # fmt: skip


@pytest.mark.parametrize(("code", "status", "kind"), DATAVERSE)
def test_a_code_of_dataverse_has_its_row_and_its_class(
    code: str, status: int, kind: type[RemoteFault]
) -> None:
    fault = fault_of(Service.SALES, refusal(status, code))
    assert type(fault) is kind
    assert SALES_CODES[code.lower()].sentence.partition("{")[0].rstrip(".") in fault.message
    assert fault.hint.endswith(".")


@pytest.mark.parametrize(("number", "code"), SIGNED)
def test_a_signed_number_is_the_same_code(number: int, code: str) -> None:
    assert fault_of(Service.SALES, refusal(400, number)).code == code


@pytest.mark.parametrize(("code", "status", "kind"), BUSINESS_CENTRAL)
def test_a_code_of_business_central_has_its_row_and_its_class(
    code: str, status: int, kind: type[RemoteFault]
) -> None:
    fault = fault_of(Service.BUSINESS_CENTRAL, refusal(status, code))
    assert type(fault) is kind
    assert BC_CODES[code].sentence.rstrip(".") in fault.message
    assert fault.hint.endswith(".")


@pytest.mark.parametrize("code", ["BadRequest", "Unknown"])
@pytest.mark.parametrize("status", [403, 413, 415])
def test_a_code_that_says_little_leaves_the_word_to_the_status(code: str, status: int) -> None:
    fault = fault_of(Service.BUSINESS_CENTRAL, refusal(status, code))
    assert BC_STATUSES[status].sentence.rstrip(".") in fault.message


@pytest.mark.parametrize(
    ("service", "status", "kind"),
    [(service, *row) for service, rows in STATUSES.items() for row in rows],
)
def test_a_status_has_its_class_and_below_500_its_row(
    service: Service, status: int, kind: type[RemoteFault]
) -> None:
    assert type(fault_of(service, Reply(status))) is kind
    listed = SALES_STATUSES if service is Service.SALES else BC_STATUSES
    assert status in listed or kind in (Throttled, ServerDown)


@pytest.mark.parametrize("number", SIGN_INS)
def test_a_number_of_entra_has_its_row(number: int) -> None:
    assert AADSTS[number].sentence.endswith(".")
    assert AADSTS[number].remedy.endswith(".")
