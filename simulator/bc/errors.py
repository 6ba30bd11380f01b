"""Business Central's refusals: `{error: {code, message}}`, the message with a CorrelationId.

Codes: bc/webservices/dynamics-error-codes.md. Pairs of code and status that no page gives are
inferred; the README lists them.
"""

import uuid

from starlette.responses import JSONResponse, PlainTextResponse, Response


class BusinessCentralError(Exception):
    def __init__(self, status: int, code: str, message: str, wait: int | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.wait = status, code, message, wait


class NotSimulatedError(Exception):
    """What Business Central has and the simulator has not, in a few words."""


def response_of(error: BusinessCentralError, challenge: str = "Bearer") -> Response:
    text = f"{error.message}  CorrelationId:  {uuid.uuid4()}."
    headers = {}
    if error.status == 401:
        headers["WWW-Authenticate"] = challenge
    if error.wait is not None:
        headers["Retry-After"] = str(error.wait)
    body = {"error": {"code": error.code, "message": text}}
    return JSONResponse(body, error.status, headers)


def not_simulated_response(error: NotSimulatedError) -> Response:
    return PlainTextResponse(f"The simulator does not simulate {error}.\n", 501)


def admin_response_of(error: BusinessCentralError) -> Response:
    """The admin center's errors are flat (administration-center-api.md)."""
    body = {
        "code": error.code,
        "message": error.message,
        "target": "",
        "extensionData": {},
        "clientError": [],
    }
    return JSONResponse(body, error.status)


def bad_request(message: str) -> BusinessCentralError:
    return BusinessCentralError(400, "BadRequest", message)


def rejected() -> BusinessCentralError:
    return BusinessCentralError(
        401,
        "Authentication_InvalidCredentials",
        "The server has rejected the client credentials.",
    )


def no_resource(segment: str) -> BusinessCentralError:
    text = f"Resource not found for the segment '{segment}'."
    return BusinessCentralError(404, "BadRequest_ResourceNotFound", text)


def dialog(message: str) -> BusinessCentralError:
    """An AL error: what a person would see as a message on the page."""
    return BusinessCentralError(400, "Application_DialogException", message)


def refuse_longer(control: str, value: object, longest: int | None) -> None:
    """Text is at most as long as its field; None for a field without an end."""
    if isinstance(value, str) and longest is not None and len(value) > longest:
        text = f"The length of '{control}' is {len(value)}, but it must be at most {longest}."
        raise BusinessCentralError(400, "Application_StringExceededLength", text)


def callback(what: str) -> BusinessCentralError:
    """The page would ask a question, which a web service cannot answer."""
    text = f"Callback functions are not allowed: {what} would ask for a confirmation."
    return BusinessCentralError(400, "Application_CallbackNotAllowed", text)


def read_only(control: str) -> BusinessCentralError:
    text = f"The control '{control}' is read-only."
    return BusinessCentralError(400, "BadRequest_InvalidOperation", text)


def forbidden(what: str) -> BusinessCentralError:
    text = f"The caller has no permission set that allows to {what}."
    return BusinessCentralError(403, "Authorization", text)


def not_allowed(method: str, what: str) -> BusinessCentralError:
    text = f"{method} is not allowed on {what}."
    return BusinessCentralError(405, "BadRequest_MethodNotAllowed", text)
