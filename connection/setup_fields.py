"""What is said of one setup field: how it is typed in, when it counts, and what a secret is for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

When = tuple[tuple[str, tuple[str, ...]], ...]
"""Pairs of another field and the values with which this one counts; all have to hold."""


class FieldKind(StrEnum):
    """How a field is typed in."""

    TEXT = "text"
    URL = "url"
    CHOICE = "choice"
    SECRET = "secret"  # noqa: S105 - a kind, not a secret


class FormPart(StrEnum):
    """Which view of the setup form a field is on."""

    CONNECTION = "connection"
    FEATURES = "features"


class SecretKind(StrEnum):
    """What a secret is, which is also the authentication type that it is sealed to."""

    PASSWORD = "password"  # noqa: S105 - a kind, not a secret
    CLIENT_SECRET = "client_secret"  # noqa: S105
    CERTIFICATE = "certificate"
    ACCESS_KEY = "access_key"


@dataclass(frozen=True, slots=True)
class GivenFor:
    """What a secret is given for: names of the fields with its host, tenant and login, and the
    choice (`chosen_by`, `choice`) with which it is used. Changing one of them unlinks it."""

    host: str
    tenant: str
    login: str
    chosen_by: str
    choice: str


@dataclass(frozen=True, slots=True)
class SetupField:
    """One setup field as forms, rules and messages need it.

    `rule` takes the trimmed text and returns what is stored, or raises `Mistake`; for a SECRET
    it takes the secret as it is, and the attribute holds the id of the stored secret. The field
    counts `only_with` these choices, and may be empty `optional_with` those. A `personal` one names
    an account, and is shown to the one who asks alone. `otherwise` says why it cannot be chosen
    where it does not count; '' if nothing is said. A `locked` one stands in Business Central's own
    record, and cannot be changed there while the connection is enabled.
    """

    name: str
    label: str
    help: str
    kind: FieldKind
    rule: Callable[[str], str]
    required: bool
    choices: tuple[tuple[str, str], ...]
    placeholder: str
    only_with: When
    optional_with: When
    secret: SecretKind | None
    given_for: GivenFor | None
    personal: bool
    part: FormPart
    otherwise: str
    locked: bool

    def counts(self, values: Mapping[str, str]) -> bool:
        """Whether it belongs to a setup with these values."""
        return _holds(self.only_with, values)

    def needed(self, values: Mapping[str, str]) -> bool:
        """Whether it may not be empty there."""
        return self.required and not (self.optional_with and _holds(self.optional_with, values))


def _holds(when: When, values: Mapping[str, str]) -> bool:
    return all(values.get(name) in allowed for name, allowed in when)


def as_typed(value: str) -> str:
    """The rule of a field that takes anything."""
    return value


def field_of(
    label: str,
    help_: str,
    *,
    kind: FieldKind = FieldKind.TEXT,
    rule: Callable[[str], str] = as_typed,
    required: bool = True,
    choices: tuple[tuple[str, str], ...] = (),
    placeholder: str = "",
    only_with: When = (),
    optional_with: When = (),
    secret: SecretKind | None = None,
    given_for: GivenFor | None = None,
    default: str = "",
    personal: bool = False,
    part: FormPart = FormPart.CONNECTION,
    otherwise: str = "",
    locked: bool = False,
) -> Any:
    """A dataclass field that carries its `SetupField`; its name is the attribute's."""
    about = SetupField(
        "",
        label,
        help_,
        FieldKind.SECRET if secret else kind,
        rule,
        required and not secret,
        choices,
        placeholder,
        only_with,
        optional_with,
        secret,
        given_for,
        personal,
        part,
        otherwise,
        locked,
    )
    return field(default=default, metadata={"about": about})
