"""Refusals of Business Central that no fact of the world brings: one row a code or limit.

Codes and statuses: bc/webservices/dynamics-error-codes.md and its include on HTTP status codes;
limits: bc/administration/operational-limits-online.md. Which code comes with which status is
inferred but for 409. A code that only a change can meet spoils changes only.
"""

from simulator.scenarios.scenario import Rule, Scenario

PAGES = "*/ODataV4/Company(*)/*"
COMPANIES = "*/companies"
CHANGES = ("POST", "PATCH", "PUT", "DELETE")
LONG_WAIT = 30
REFERENCE = "9e4b1c2d-7f60-4a8b-8c3d-5e6f7a8b9c0d"


def _error(status: int, code: str, message: str) -> Rule:
    text = f"{message}  CorrelationId:  {REFERENCE}."
    return {"site": "bc", "status": status, "json": {"error": {"code": code, "message": text}}}


def _page(status: int, code: str, message: str) -> tuple[Rule, ...]:
    """While a page is read."""
    return (_error(status, code, message) | {"method": "GET", "path": PAGES},)


def _change(status: int, code: str, message: str) -> tuple[Rule, ...]:
    rule = _error(status, code, message) | {"path": PAGES}
    return tuple(rule | {"method": method} for method in CHANGES)


def _entry(status: int, code: str, message: str, *, wait: bool = False) -> tuple[Rule, ...]:
    """At the first call, which lists the companies."""
    rule = _error(status, code, message) | {"method": "GET", "path": COMPANIES}
    return (rule | {"headers": {"Retry-After": str(LONG_WAIT)}} if wait else rule,)


BC_SCENARIOS: tuple[Scenario, ...] = (
    Scenario(
        "bc-request-wrong",
        "Business Central does not accept the request.",
        faults=_page(400, "BadRequest", "The request is wrong."),
    ),
    Scenario(
        "bc-address-wrong",
        "Business Central does not understand the address.",
        faults=_page(400, "BadRequest_InvalidRequestUrl", "The request URL is not valid."),
    ),
    Scenario(
        "bc-query-wrong",
        "Business Central does not understand the query.",
        faults=_page(400, "BadRequest_NotFound", "Bad Request - Error in query syntax."),
    ),
    Scenario(
        "bc-segment-unknown",
        "Business Central does not know a part of the address.",
        faults=_page(
            404, "BadRequest_ResourceNotFound", "Resource not found for the segment 'LCY'."
        ),
    ),
    Scenario(
        "bc-parameter-missing",
        "The request lacks a parameter.",
        faults=_page(400, "BadRequest_RequiredParamNotProvided", "A parameter is required."),
    ),
    Scenario(
        "bc-method-not-allowed",
        "The page does not take the method.",
        faults=_page(405, "BadRequest_MethodNotAllowed", "The method is not allowed."),
    ),
    Scenario(
        "bc-filter-without-data",
        "No record is within the filter.",
        faults=_page(404, "Internal_DataNotFoundFilter", "There is no record within the filter."),
    ),
    Scenario(
        "bc-record-missing",
        "The record is not there.",
        faults=_page(404, "Internal_RecordNotFound", "The General Ledger Setup does not exist."),
    ),
    Scenario(
        "bc-company-unknown",
        "Business Central does not know the company of the address.",
        faults=_page(404, "Internal_CompanyNotFound", "Cannot find company."),
    ),
    Scenario(
        "bc-relation-invalid",
        "A value names a record that is not there.",
        faults=_page(400, "Internal_InvalidTableRelation", "The relation of the field is wrong."),
    ),
    Scenario(
        "bc-server-error",
        "Business Central has an error of its own.",
        faults=_page(500, "Internal_ServerError", "An unexpected error occurred."),
    ),
    Scenario(
        "bc-tenant-unavailable",
        "The database of the environment is not mounted.",
        faults=_entry(503, "Internal_TenantUnavailable", "The tenant is not available.", wait=True),
    ),
    Scenario(
        "bc-dialog",
        "The page shows an error message.",
        faults=_page(400, "Application_DialogException", "The setup is not complete."),
    ),
    Scenario(
        "bc-evaluation-failed",
        "A text is no value of its type.",
        faults=_page(400, "Application_EvaluateException", "The value cannot be evaluated."),
    ),
    Scenario(
        "bc-guid-invalid",
        "A text is no GUID.",
        faults=_page(400, "Application_InvalidGUID", "Invalid format of GUID string."),
    ),
    Scenario(
        "bc-callback",
        "The page would ask a question.",
        faults=_page(400, "Application_CallbackNotAllowed", "Callback functions are not allowed."),
    ),
    Scenario(
        "bc-filter-wrong",
        "A filter is wrong.",
        faults=_page(400, "Application_FilterErrorException", "The filter is not valid."),
    ),
    Scenario(
        "bc-unknown-error",
        "Business Central cannot say what is wrong.",
        faults=_page(400, "Unknown", "An error occurred."),
    ),
    Scenario(
        "bc-credentials-rejected",
        "Business Central rejects the token.",
        faults=_entry(
            401,
            "Authentication_InvalidCredentials",
            "The server has rejected the client credentials.",
        ),
    ),
    Scenario(
        "bc-permission-missing",
        "The bot's app has no permission set for the page.",
        faults=_page(403, "Authorization", "You do not have the permission to read the page."),
    ),
    Scenario(
        "bc-read-only",
        "The field is read-only.",
        faults=_change(400, "BadRequest_InvalidOperation", "The control is read-only."),
    ),
    Scenario(
        "bc-etag-wrong",
        "The If-Match header is missing or wrong.",
        faults=_change(400, "BadRequest_InvalidToken", "The If-Match header is not valid."),
    ),
    Scenario(
        "bc-method-not-implemented",
        "The page does not offer the change.",
        faults=_change(400, "BadRequest_MethodNotImplemented", "The method is not implemented."),
    ),
    Scenario(
        "bc-record-changed",
        "Somebody else changes each record first.",
        faults=_change(409, "Request_EntityChanged", "Another user has changed the record."),
    ),
    Scenario(
        "bc-record-exists",
        "Such a record exists already.",
        faults=_change(409, "Internal_EntityWithSameKeyExists", "The record already exists."),
    ),
    Scenario(
        "bc-text-too-long",
        "A text is longer than its field.",
        faults=_change(400, "Application_StringExceededLength", "The length is exceeded."),
    ),
    Scenario(
        "bc-value-refused",
        "A value does not pass its validation.",
        faults=_change(400, "Application_FieldValidationException", "The value is not valid."),
    ),
    Scenario(
        "bc-media-type-refused",
        "Business Central does not take the content type.",
        faults=_change(415, "BadRequest", "The content type is not supported."),
    ),
    Scenario(
        "bc-throttled",
        "More than 6000 requests came within five minutes.",
        faults=_entry(429, "Application_TooManyRequests", "Too many requests."),
    ),
    Scenario(
        "bc-queue-full",
        "The request waited in the queue for eight minutes.",
        faults=_entry(503, "Internal_ServerError", "The request waited too long.", wait=True),
    ),
    Scenario(
        "bc-operation-too-long",
        "The operation took more than eight minutes.",
        faults=_page(408, "Internal_ServerError", "The operation took too long."),
    ),
    Scenario(
        "bc-gateway-timeout",
        "The gateway waited for ten minutes.",
        faults=_page(504, "Internal_ServerError", "The gateway got no answer in time."),
    ),
    Scenario(
        "bc-bad-gateway",
        "Business Central is between two versions.",
        faults=_entry(502, "Internal_ServerError", "The service is being updated.", wait=True),
    ),
    Scenario(
        "bc-page-too-large",
        "The page would have more than 20,000 rows.",
        faults=_page(413, "BadRequest", "The page is larger than allowed."),
    ),
)
