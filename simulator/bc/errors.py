"""Business Central's refusals: `{error: {code, message}}`, the message with a CorrelationId.

Codes: bc/webservices/dynamics-error-codes.md. Pairs of code and status that no page gives are
inferred; the README lists them.
"""

import uuid

from starlette.responses import JSONResponse, Response


class BusinessCentralError(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def response_of(error: BusinessCentralError, challenge: str = "Bearer") -> Response:
    text = f"{error.message}  CorrelationId:  {uuid.uuid4()}."
    headers = {}
    if error.status == 401:
        headers["WWW-Authenticate"] = challenge
    body = {"error": {"code": error.code, "message": text}}
    return JSONResponse(body, error.status, headers)


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


def callback(what: str) -> BusinessCentralError:
    """The page would ask a question, which a web service cannot answer."""
    text = f"Callback functions are not allowed: {what} would ask for a confirmation."
    return BusinessCentralError(400, "Application_CallbackNotAllowed", text)


def read_only(control: str) -> BusinessCentralError:
    text = f"The control '{control}' is read-only."
    return BusinessCentralError(400, "BadRequest_InvalidOperation", text)
