"""Reads what a service says when it refuses: code, sentence and reference, in every shape."""

import re
from dataclasses import dataclass, replace

from dynamics.bodies import value_of
from dynamics.calls import Answer

LONGEST = 400
"""Business Central says in one sentence why it disabled a connection, and 250 of that are kept."""
_CORRELATION = re.compile(r"\s*Correlation\s?Id:\s*([0-9a-f-]{36})\.?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Refusal:
    """`code` is a word, or hexadecimal in lower case such as 0x80040220; each may be ''."""

    code: str = ""
    said: str = ""
    reference: str = ""


def refusal_of(answer: Answer) -> Refusal:
    """Tolerates OData's shape, Dataverse's older one, a flat one, and what is no JSON at all."""
    body = value_of(answer.content)
    if not isinstance(body, dict):
        return Refusal(reference=answer.reference)
    reference = answer.reference or _first_text(body.get("trace_id"), body.get("correlation_id"))
    error = body.get("error")
    inner = error if isinstance(error, dict) else {}
    code = inner.get("code", body.get("code", body.get("ErrorCode", "")))
    said = _first_text(
        inner.get("message"),
        _within(inner, "innererror"),
        body.get("message"),
        body.get("Message"),
        body.get("ExceptionMessage"),
        error,
    )
    return _sentence(Refusal(code_text(code), said, reference))


def code_text(code: object) -> str:
    """Signed numbers become the hexadecimal that Microsoft's pages list."""
    text = str(code).strip() if isinstance(code, str | int) else ""
    if re.fullmatch(r"-?[0-9]{1,19}", text) and text != "0":
        return f"0x{int(text) & 0xFFFFFFFF:08x}"
    return text.lower() if text.lower().startswith("0x") else text


def _within(error: dict[str, object], name: str) -> object:
    inner = error.get(name)
    return inner.get("message") if isinstance(inner, dict) else None


def _first_text(*candidates: object) -> str:
    return next((one for one in candidates if isinstance(one, str) and one.strip()), "")


def _sentence(refusal: Refusal) -> Refusal:
    said = " ".join(refusal.said.split())
    found = _CORRELATION.search(said)
    reference = refusal.reference or (found[1] if found else "")
    said = _CORRELATION.sub("", said)
    if len(said) > LONGEST:
        said = said[: LONGEST - 1].rstrip() + "…"
    return replace(refusal, said=said, reference=reference)
