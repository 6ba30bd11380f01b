"""The arguments of a Web API call: query, form or JSON, and the token from header or body."""

import base64
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from simulator.json_bodies import read_json
from simulator.slack.content import parsed
from simulator.slack.grants import Grant
from simulator.slack.refusals import Refusal, missing

NOBODY = Grant("", (), frozenset())


class Arguments:
    """`grant` is that of the token; `basic` the name and secret of HTTP Basic, if it was used."""

    def __init__(self, values: Mapping[str, object], basic: tuple[str, str] | None = None) -> None:
        self.values = values
        self.basic = basic
        self.grant = NOBODY

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            pointer = f"[json-pointer:/{name}]"
            raise Refusal("invalid_arguments", [f"[ERROR] must provide a string {pointer}"])
        return value

    def needed(self, name: str) -> str:
        value = self.text(name)
        if value is None:
            raise missing(name)
        return value

    def flag(self, name: str) -> bool:
        return self.values.get(name) in (True, "true", "1", 1)

    def number(self, name: str, otherwise: int) -> int:
        value = self.values.get(name)
        try:
            return int(str(value)) if value is not None else otherwise
        except ValueError as error:
            raise Refusal("invalid_arguments") from error

    def structure(self, name: str) -> object:
        return parsed(self.values.get(name))


def read_arguments(request: Request, body: bytes) -> Arguments:
    values: dict[str, object] = dict(request.query_params)
    values.pop("token", None)  # apps made since 2021 may not put it there
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            given = read_json(body or b"{}")
        except ValueError as error:
            raise Refusal("invalid_json") from error
        if not isinstance(given, dict):
            raise Refusal("json_not_object")
        values |= {name: value for name, value in given.items() if name != "token"}
    elif body:
        values |= dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    return Arguments(values, _basic(request))


def _basic(request: Request) -> tuple[str, str] | None:
    scheme, _, credential = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(credential, validate=True).decode().partition(":")
    except ValueError:
        return None
    return name, secret


def token_of(request: Request, arguments: Arguments) -> str | None:
    header = request.headers.get("authorization", "")
    scheme, _, credential = header.partition(" ")
    if scheme.lower() == "bearer":
        return credential.strip()
    value = arguments.values.get("token")
    return value if isinstance(value, str) else None
