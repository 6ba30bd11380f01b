"""What a service sends back of the secrets it was sent, masked before anybody reads it.

A refusal may quote the request. Its words are told to whoever asked, its id of the request to a
channel, and both are kept for good in a report.
"""

import base64
import json
from dataclasses import replace

import httpx

from dynamics.bodies import value_of
from dynamics.calls import REFERENCES, Answer, Call, Service
from dynamics.masking import masked_reference, secrets_in_form, without

_REFUSED = 400


def secrets_sent(call: Call) -> frozenset[str]:
    """What the service could send back, wherever it puts it."""
    found = set(call.secrets)
    if call.service is Service.ENTRA:
        found |= secrets_in_form(call.body)
    if call.token is not None:
        found.add(call.token.value)
        if call.token.scheme == "Basic":
            found |= _of_basic(call.token.value)
    return frozenset(found)


def without_echoes(call: Call, answer: Answer) -> Answer:
    """The answer with its ids masked, and its content too where it refuses: what was asked for is
    left as it came, for it may be a token."""
    sent = secrets_sent(call)
    headers = httpx.Headers(answer.headers.raw)
    for name in REFERENCES:
        if name in headers:
            headers[name] = masked_reference(headers[name], sent)
    refused = answer.status >= _REFUSED and sent
    content = _masked(answer.content, sent) if refused else answer.content
    return replace(answer, headers=headers, content=content)


def _masked(content: bytes, sent: frozenset[str]) -> bytes:
    """JSON is read first, because it spells a text in many ways."""
    try:
        value = value_of(content)
        if isinstance(value, dict | list):
            return json.dumps(_inside(value, sent)).encode()
    except RecursionError:
        pass
    text = content.decode("utf-8", "surrogateescape")
    return without(sent, text).encode("utf-8", "surrogateescape")


def _inside(value: object, sent: frozenset[str]) -> object:
    if isinstance(value, dict):
        return {without(sent, str(key)): _inside(inner, sent) for key, inner in value.items()}
    if isinstance(value, list):
        return [_inside(inner, sent) for inner in value]
    return without(sent, value) if isinstance(value, str) else value


def _of_basic(value: str) -> set[str]:
    try:
        pair = base64.b64decode(value, validate=True).decode()
    except ValueError:
        return set()
    return {pair, pair.partition(":")[2]}
