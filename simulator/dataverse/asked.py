"""One request below the service's root, alone or as a part of a batch."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from simulator.dataverse.errors import DataverseError, bad_payload
from simulator.dataverse.options import Options, options_of
from simulator.dataverse.preferences import Preferences, preferences_of
from simulator.dataverse.session import Session
from simulator.json_bodies import read_json

LARGEST = 128 * 1024 * 1024
"""Bytes of a body (maximum message size of the service; inferred)."""
SAFE = "/()$,='@:"


@dataclass(frozen=True)
class Asked:
    """`resource` is the path below the root, decoded; `query` is as it was sent."""

    session: Session
    method: str
    resource: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def options(self) -> Options:
        return options_of(self.query)

    @cached_property
    def preferences(self) -> Preferences:
        return preferences_of(self.headers.get("prefer", ""))

    @property
    def address(self) -> str:
        question = f"?{self.query}" if self.query else ""
        return f"{self.session.base}/{quote(self.resource, safe=SAFE)}{question}"

    @property
    def conditions(self) -> dict[str, str]:
        """`If-None-Match: null` says nothing: the docs recommend it against caches."""
        names = ("if-match", "if-none-match")
        given = {name: self.headers[name] for name in names if name in self.headers}
        return {name: value for name, value in given.items() if value != "null"}

    def json(self) -> dict[str, Any]:
        if len(self.body) > LARGEST:
            raise DataverseError(413, "", "The request entity is too large.")
        if "json" not in self.headers.get("content-type", ""):
            raise DataverseError(415, "", "The content type is not application/json.")
        try:
            value = read_json(self.body)
        except ValueError as error:
            raise bad_payload("the body is no JSON.") from error
        if not isinstance(value, dict):
            raise bad_payload("the body is no JSON object.")
        return value
