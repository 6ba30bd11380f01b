"""`POST $batch` (pa/webapi/execute-batch-operations-using-web-api.md)."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.responses import Response

from simulator.dataverse.asked import Asked
from simulator.dataverse.atomic import atomic
from simulator.dataverse.errors import (
    DataverseError,
    HtmlError,
    NotSimulatedError,
    bad_payload,
    no_route,
    response_of,
)
from simulator.dataverse.inner import InnerRequest, inner_request, with_references, written_answer
from simulator.dataverse.multipart import MultipartError, Part, boundary_of, parts_of, written
from simulator.dataverse.preferences import preferences_of
from simulator.dataverse.resources import answer

MOST = 1000
DETAILS = "Microsoft.PowerApps.CDS.ErrorDetails.OperationStatus"
HTTP = {"Content-Type": "application/http", "Content-Transfer-Encoding": "binary"}
Written = tuple[Mapping[str, str], bytes]


@dataclass(frozen=True)
class ChangeSet:
    """Requests that are done together or not at all."""

    requests: list[InnerRequest]


@dataclass
class Answers:
    """What was answered so far; `failed` is the status at which the batch stopped."""

    parts: list[Written] = field(default_factory=list)
    failed: int | None = None


class FailedError(Exception):
    """A request of a change set was refused: with the answer, after everything was undone."""

    def __init__(self, request: InnerRequest, response: Response) -> None:
        super().__init__(str(response.status_code))
        self.request, self.response = request, response


def batch(asked: Asked) -> Response:
    """200 with all answers; without continue-on-error the first failure ends it with its status."""
    if asked.method != "POST":
        raise no_route(asked.method)
    items = _items(asked)
    answers = Answers()
    for item in items:
        if answers.failed is None:
            _run(asked, item, answers)
    boundary = f"batchresponse_{uuid.uuid4()}"
    return Response(
        written(answers.parts, boundary),
        answers.failed or 200,
        {"Content-Type": f"multipart/mixed; boundary={boundary}"},
    )


def _items(asked: Asked) -> list[InnerRequest | ChangeSet]:
    """Everything is read before anything is done."""
    boundary = boundary_of(asked.headers.get("content-type", ""))
    if boundary is None:
        raise bad_payload("the content type of a batch is multipart/mixed with a boundary.")
    try:
        items = [_item(asked, part) for part in parts_of(asked.body, boundary)]
    except MultipartError as error:
        raise bad_payload(str(error)) from error
    number = sum(len(each.requests) if isinstance(each, ChangeSet) else 1 for each in items)
    if number > MOST:
        raise bad_payload(f"the batch has {number} requests, and no more than {MOST} are allowed.")
    if not number:
        raise bad_payload("the batch has no requests.")
    return items


def _item(asked: Asked, part: Part) -> InnerRequest | ChangeSet:
    boundary = boundary_of(part.headers.get("content-type", ""))
    if boundary is None:
        return inner_request(part, asked.session.base)
    inside = parts_of(part.body, boundary)
    requests = [inner_request(each, asked.session.base) for each in inside]
    for request in requests:
        if request.method == "GET":
            raise bad_payload("a change set has no GET requests.")
        if request.content_id is None:
            raise bad_payload("each request of a change set needs a Content-ID.")
    if len({request.content_id for request in requests}) != len(requests):
        raise bad_payload("a Content-ID is of one request only.")
    return ChangeSet(requests)


def _run(asked: Asked, item: InnerRequest | ChangeSet, answers: Answers) -> None:
    if isinstance(item, InnerRequest):
        response = _answered(asked, item, {})
        answers.parts.append((_head(item), written_answer(response)))
    else:
        response = _changed(asked, item, answers)
    if response.status_code >= 400 and not asked.preferences.continues:
        answers.failed = response.status_code


def _changed(asked: Asked, change_set: ChangeSet, answers: Answers) -> Response:
    """All answers nested, or the one failure as a plain part."""
    known: dict[str, str] = {}
    parts: list[Written] = []
    try:
        with atomic(asked.session):
            for request in change_set.requests:
                response = _succeeded(asked, request, known)
                if request.content_id and "OData-EntityId" in response.headers:
                    known[request.content_id] = response.headers["OData-EntityId"]
                parts.append((_head(request), written_answer(response)))
    except FailedError as error:
        answers.parts.append((_head(error.request), written_answer(error.response)))
        return error.response
    boundary = f"changesetresponse_{uuid.uuid4()}"
    head = {"Content-Type": f"multipart/mixed; boundary={boundary}"}
    answers.parts.append((head, written(parts, boundary)))
    return Response(status_code=200)


def _succeeded(asked: Asked, request: InnerRequest, known: Mapping[str, str]) -> Response:
    response = _answered(asked, request, known)
    if response.status_code >= 400:
        raise FailedError(request, response)
    return response


def _answered(asked: Asked, request: InnerRequest, known: Mapping[str, str]) -> Response:
    annotated = preferences_of(request.headers.get("prefer", "")).annotates(DETAILS)
    try:
        inner = with_references(request, known)
        return answer(
            Asked(
                asked.session, inner.method, inner.resource, inner.query, inner.headers, inner.body
            )
        )
    except (DataverseError, HtmlError) as error:
        return response_of(error, annotated=annotated)
    except NotSimulatedError as error:
        return response_of(DataverseError(501, "", f"The simulator does not simulate {error}."))


def _head(request: InnerRequest) -> dict[str, str]:
    return HTTP if request.content_id is None else {**HTTP, "Content-ID": request.content_id}
