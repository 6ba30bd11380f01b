"""What an answer of 400 and above means: first by its status, then by the service's code.

Statuses: compose-http-requests-handle-errors (Dataverse) and the devitpro page on HTTP status
codes (Business Central). A code may only make the meaning narrower, never another one.
"""

from dataclasses import dataclass
from datetime import datetime

from connection.errors import (
    Changed,
    Forbidden,
    NotFound,
    PrivilegeMissing,
    RemoteFault,
    RequestRefused,
    ServerDown,
    Throttled,
    TimedOut,
    Unauthorised,
)
from dynamics.aadsts import explanation_of, sign_in_fault
from dynamics.bc_refusals import BC_CODES, BC_STATUSES
from dynamics.calls import Answer, Service
from dynamics.meanings import Meaning, Meanings
from dynamics.refusals import Refusal, refusal_of
from dynamics.sales_refusals import SALES_CODES, SALES_STATUSES, privilege_in
from dynamics.waiting import UNSAID, retry_after

_KINDS: dict[int, type[RemoteFault]] = {
    401: Unauthorised,
    403: Forbidden,
    404: NotFound,
    408: TimedOut,
    409: Changed,
    412: Changed,
    429: Throttled,
}


@dataclass(frozen=True, slots=True)
class _Tables:
    codes: Meanings
    statuses: dict[int, Meaning]


_TABLES = {
    Service.SALES: _Tables(SALES_CODES, SALES_STATUSES),
    Service.BUSINESS_CENTRAL: _Tables(BC_CODES, BC_STATUSES),
}


def answer_fault(service: Service, answer: Answer, now: datetime) -> RemoteFault:
    """The fault of a refusal. `now` turns a Retry-After date into seconds."""
    wait = retry_after(answer, now)
    if answer.status == 429:
        return _throttled(service, answer, UNSAID if wait is None else wait)
    if answer.status >= 500:
        return _down(service, answer, wait)
    if service is Service.ENTRA:
        return sign_in_fault(answer)
    return _refused(service, answer)


def _refused(service: Service, answer: Answer) -> RemoteFault:
    refusal = refusal_of(answer)
    tables = _TABLES[service]
    kind = _KINDS.get(answer.status, RequestRefused)
    meaning = tables.codes.get(refusal.code)
    listed = tables.statuses.get(answer.status)
    if meaning is None or not _narrows(meaning.kind, kind):
        meaning = listed or _unlisted(service, answer)
    elif meaning.broad and listed and answer.status != 400:
        meaning = listed
    if meaning.kind is Throttled:
        return _throttled(service, answer, UNSAID)
    if meaning.kind is not RemoteFault:
        kind = meaning.kind
    return _fault(kind, meaning, answer, refusal)


def _narrows(meant: type[RemoteFault], by_status: type[RemoteFault]) -> bool:
    return meant is RemoteFault or by_status is RequestRefused or issubclass(meant, by_status)


def _fault(
    kind: type[RemoteFault], meaning: Meaning, answer: Answer, refusal: Refusal
) -> RemoteFault:
    fault = _made(kind, meaning, answer, refusal)
    return fault.quoting(refusal.said) if meaning.quotes else fault


def _made(
    kind: type[RemoteFault], meaning: Meaning, answer: Answer, refusal: Refusal
) -> RemoteFault:
    message = _quoting(meaning, refusal)
    if kind is PrivilegeMissing:
        name = privilege_in(refusal.said)
        what = f"the privilege {name}" if name else "a privilege"
        return PrivilegeMissing(
            message.format(privilege=what),
            meaning.hint.format(privilege=what),
            privilege=name,
            status=answer.status,
            code=refusal.code,
            reference=refusal.reference,
        )
    return kind(
        message,
        meaning.hint,
        status=answer.status,
        code=refusal.code,
        reference=refusal.reference,
    )


def _quoting(meaning: Meaning, refusal: Refusal) -> str:
    if not meaning.quotes:
        return meaning.sentence
    said = f": {refusal.said}" if refusal.said else "."
    return f"{meaning.sentence.removesuffix('.')}{said}"


def _unlisted(service: Service, answer: Answer) -> Meaning:
    return Meaning(
        RemoteFault,
        f"{service} refused the request ({answer.status}).",
        "Report this with the reference shown if it happens again.",
        quotes=True,
    )


def _throttled(service: Service, answer: Answer, wait: float) -> Throttled:
    refusal = refusal_of(answer)
    sentence, remedy = _explained(service, answer, refusal, Throttled)
    if service is not Service.ENTRA:
        remedy = f"Try again in {_seconds(wait)}. {remedy}".strip()
    fault = Throttled(
        sentence or f"{service} is refusing calls because there were too many.",
        remedy or f"Try again in {_seconds(wait)}.",
        retry_after=wait,
        code=refusal.code,
        reference=refusal.reference,
    )
    return fault.quoting(_quoted_in(sentence, refusal))


def still_throttled(service: Service, wait: float) -> Throttled:
    """The fault of a call that was not sent, because the service asked this caller to wait."""
    return Throttled(
        f"{service} asked the bot to wait, so nothing was sent.",
        f"Try again in {_seconds(wait)}.",
        retry_after=wait,
        status=0,
    )


def _down(service: Service, answer: Answer, wait: float | None) -> ServerDown:
    refusal = refusal_of(answer)
    when = "in a few minutes" if wait is None else f"in {_seconds(wait)}"
    said = f": {refusal.said}" if refusal.said else "."
    sentence, remedy = _explained(service, answer, refusal, ServerDown)
    where = "look at the service health in the Microsoft 365 admin center."
    fault = ServerDown(
        sentence or f"{service} is not working right now ({answer.status}){said}",
        remedy or f"Try again {when}, and {where}",
        status=answer.status,
        code=refusal.code,
        reference=refusal.reference,
    )
    return fault.quoting(_quoted_in(fault.message, refusal))


def _quoted_in(sentence: str, refusal: Refusal) -> str:
    return refusal.said if sentence.endswith(f": {refusal.said}") else ""


def _explained(
    service: Service, answer: Answer, refusal: Refusal, kind: type[RemoteFault]
) -> tuple[str, str]:
    """Sentence and remedy where the code says more than the status; each may be ''."""
    if service is Service.ENTRA:
        known = explanation_of(answer)
        return (known.sentence, known.remedy) if known else ("", "")
    meaning = _TABLES[service].codes.get(refusal.code)
    if meaning is None or meaning.kind is not kind:
        return "", ""
    return _quoting(meaning, refusal), meaning.hint


def _seconds(wait: float) -> str:
    whole = max(1, round(wait))
    return "a second" if whole == 1 else f"{whole} seconds"
