"""Refusals to translate, and exceptions with a cause."""

import httpx

from connection.errors import RemoteFault
from dynamics.calls import Answer, Service
from dynamics.faults import answer_fault
from tests.dynamics.microsoft import NOW, Reply

HTML = b"<!DOCTYPE html><html><body>Service Unavailable</body></html>"


def refusal(status: int, code: object, message: str = "So it is.") -> Reply:
    return Reply(status, {"error": {"code": code, "message": message}})


def caused_by(error: httpx.HTTPError, cause: Exception) -> httpx.HTTPError:
    error.__cause__ = cause
    return error


def fault_of(service: Service, reply: Reply) -> RemoteFault:
    response = reply.response()
    return answer_fault(
        service, Answer(response.status_code, response.headers, response.content), NOW
    )
