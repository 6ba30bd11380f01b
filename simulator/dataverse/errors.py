"""Dataverse's refusals, in the shape of its error body.

Shape and most codes: compose-http-requests-handle-errors.md and the error reference; the status of
some codes is what third parties observed (see the README).
"""

from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, Response

DETAILS = "@Microsoft.PowerApps.CDS."
HELP = "http://go.microsoft.com/fwlink/?LinkID=398563&error=Microsoft.Crm.CrmException%3a{}"


class DataverseError(Exception):
    def __init__(
        self, status: int, code: str, message: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, headers or {}


class HtmlError(Exception):
    """An answer that comes from before Dataverse, as a page and not as JSON."""

    def __init__(self, status: int, title: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(title)
        self.status, self.title, self.headers = status, title, headers or {}


class NotSimulatedError(Exception):
    """The real service knows this; the simulator does not."""


def response_of(error: Exception, *, annotated: bool = False) -> Response:
    """`annotated`: the caller asked for annotations, and the error object carries details."""
    if isinstance(error, HtmlError):
        page = f"<!DOCTYPE html><html><head><title>{error.title}</title></head><body>"
        text = f"{page}<h2>{error.title}</h2></body></html>"
        return HTMLResponse(text, error.status, error.headers)
    if not isinstance(error, DataverseError):
        raise TypeError(f"{error!r} is no refusal") from error
    body: dict[str, Any] = {"code": error.code, "message": error.message}
    if annotated:
        body |= _details(error)
    return JSONResponse({"error": body}, error.status, error.headers)


def _details(error: DataverseError) -> dict[str, str]:
    """Additional details about errors (compose-http-requests-handle-errors.md)."""
    return {
        f"{DETAILS}ErrorDetails.OperationStatus": "0",
        f"{DETAILS}ErrorDetails.SubErrorCode": "-2146233088",
        f"{DETAILS}HelpLink": HELP.format(error.code),
        f"{DETAILS}TraceText": "",
        f"{DETAILS}InnerError.Message": error.message,
    }


def missing(entity: str, record: str) -> DataverseError:
    text = f"Entity '{entity}' With Id = {record} Does Not Exist"
    return DataverseError(404, "0x80040217", text)


def unknown_segment(segment: str) -> DataverseError:
    text = f"Resource not found for the segment '{segment}'."
    return DataverseError(404, "0x8006088a", text)


def bad_query(message: str) -> DataverseError:
    return DataverseError(400, "0x0", message)


def bad_payload(message: str) -> DataverseError:
    return DataverseError(400, "0x80048d19", f"Error identified in Payload: {message}")


def unknown_property(name: str, entity: str) -> DataverseError:
    text = f"Could not find a property named '{name}' on type 'Microsoft.Dynamics.CRM.{entity}'."
    return bad_query(text)


def no_such_method(method: str, entity: str) -> DataverseError:
    """Inferred: the docs name status 405 only."""
    text = f"The '{method}' method does not support entities of type '{entity}'."
    return DataverseError(405, "0x80040800", text)


def no_route(method: str) -> DataverseError:
    text = f"No HTTP resource was found that matches the request URI with the method {method}."
    return DataverseError(404, "", text)
