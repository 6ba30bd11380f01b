"""The setup fields of a connection: one attribute each, with its rule.

To add a field, add one attribute to `ConnectionSetup`. The form, the store, the audit and the
messages are all drawn from it.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from connection import field_rules as rules
from connection.errors import Mistake, WrongFields
from connection.people import Person
from connection.sales_url import host_of


class Hosting(StrEnum):
    """Where Business Central runs."""

    ONLINE = "online"
    ON_PREMISES = "on-premises"


class BotCredential(StrEnum):
    """How the bot's own Entra app proves who it is."""

    CLIENT_SECRET = "client_secret"  # noqa: S105 - a kind, not a secret


class FieldKind(StrEnum):
    """How a field is typed in."""

    TEXT = "text"
    URL = "url"
    CHOICE = "choice"
    SECRET = "secret"  # noqa: S105 - a kind, not a secret


def _accept(value: str) -> str:
    return value


@dataclass(frozen=True, slots=True)
class SetupField:
    """One setup field as forms, rules and messages need it.

    `rule` takes the trimmed text and returns what is stored, or raises `Mistake`. For a SECRET
    the attribute holds the id of the stored secret, and `given_for` names the fields whose
    change unlinks it.
    """

    name: str
    label: str
    help: str
    kind: FieldKind
    rule: Callable[[str], str]
    required: bool
    choices: tuple[tuple[str, str], ...]
    placeholder: str
    given_for: tuple[str, ...]


def _field(
    label: str,
    help_: str,
    *,
    kind: FieldKind = FieldKind.TEXT,
    rule: Callable[[str], str] = _accept,
    required: bool = True,
    choices: tuple[tuple[str, str], ...] = (),
    placeholder: str = "",
    given_for: tuple[str, ...] = (),
    default: str = "",
) -> Any:
    about = SetupField("", label, help_, kind, rule, required, choices, placeholder, given_for)
    return field(default=default, metadata={"about": about})


@dataclass(frozen=True, slots=True)
class ConnectionSetup:
    """What an administrator fills in. Every value is text; '' is not given."""

    name: str = _field(
        "Name of the connection",
        "What people type after /d365, such as contoso-prod: a-z, 0-9 and -, up to 40 characters.",
        rule=rules.connection_name,
    )
    hosting: str = _field(
        "Business Central runs",
        "Online at Microsoft, or on your own servers.",
        kind=FieldKind.CHOICE,
        choices=((Hosting.ONLINE, "Online"), (Hosting.ON_PREMISES, "On-premises")),
        default=Hosting.ONLINE,
    )
    sales_url: str = _field(
        "Dynamics 365 Sales URL",
        "Open Dynamics 365 Sales and copy the address from the browser. "
        "A form that Business Central would correct is shown to you before it is saved.",
        kind=FieldKind.URL,
        rule=rules.sales_url,
        placeholder="https://contoso.crm4.dynamics.com",
    )
    tenant: str = _field(
        "Microsoft Entra tenant",
        "The tenant's id or a domain of it, such as contoso.onmicrosoft.com.",
        rule=rules.tenant,
    )
    bot_client_id: str = _field(
        "Client ID of the bot's app",
        "The application (client) id of the Entra app that this bot signs in with.",
        rule=rules.client_id,
    )
    bot_credential: str = _field(
        "The bot's app signs in with",
        "A client secret is never typed into Slack: it is given with d365bot secret set.",
        kind=FieldKind.CHOICE,
        choices=((BotCredential.CLIENT_SECRET, "Client secret"),),
        default=BotCredential.CLIENT_SECRET,
    )
    bot_client_secret: str = _field(
        "Client secret of the bot's app",
        "Given with d365bot secret set, outside Slack.",
        kind=FieldKind.SECRET,
        required=False,
        given_for=("sales_url", "tenant", "bot_credential", "bot_client_id"),
    )
    integration_user_name: str = _field(
        "Integration user",
        "The user name of the account that Business Central uses for the integration only.",
        rule=rules.user_name,
    )
    bc_environment: str = _field(
        "Business Central environment",
        "Such as Production. Without it Business Central is not tested. Empty on-premises.",
        rule=rules.environment_name,
        required=False,
        placeholder="Production",
    )
    bc_company: str = _field(
        "Business Central company",
        "The name exactly as Business Central shows it. Without it Business Central is not tested.",
        rule=rules.company_name,
        required=False,
    )


FIELDS: tuple[SetupField, ...] = tuple(
    dataclasses.replace(attribute.metadata["about"], name=attribute.name)
    for attribute in dataclasses.fields(ConnectionSetup)
)


@dataclass(frozen=True, slots=True)
class SavedSetup:
    """One append-only revision of a connection's setup; numbers start at 1."""

    connection_id: str
    revision: int
    setup: ConnectionSetup
    saved_by: Person
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """A form somebody has open. `base_revision` is the revision it was filled from, 0 for none.

    `typed` is what stood in the fields when the form was last sent; `asked_revision` is
    somebody else's revision that its person was asked about; `saved_revision` is set by the
    save, so that the same form sent twice saves once.
    """

    id: str
    workspace: str
    person: Person
    channel: str
    response_url: str
    connection_id: str
    base_revision: int
    typed: Mapping[str, str]
    asked_revision: int
    saved_revision: int
    created_at: datetime


def check_fields(typed: Mapping[str, str]) -> ConnectionSetup:
    """Apply every field's own rule, and the rules between fields.

    Raises `WrongFields` with every wrong field at once. Secrets are not typed here and stay ''.
    """
    kept: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for about in FIELDS:
        if about.kind is FieldKind.SECRET:
            continue
        try:
            kept[about.name] = _checked(about, typed.get(about.name, "").strip())
        except Mistake as mistake:
            wrong[about.name] = f"{mistake.message} {mistake.hint}".strip()
    if not wrong:
        wrong = rules.between_fields(kept)
    if wrong:
        raise WrongFields(wrong)
    return ConnectionSetup(**kept)


def values_of(setup: ConnectionSetup) -> dict[str, str]:
    """Field name → value; for a SECRET the id of the stored secret."""
    return {about.name: getattr(setup, about.name) for about in FIELDS}


def changed_fields(before: ConnectionSetup, after: ConnectionSetup) -> tuple[str, ...]:
    """Names of the fields whose values differ, in the order of the form."""
    old, new = values_of(before), values_of(after)
    return tuple(about.name for about in FIELDS if old[about.name] != new[about.name])


def unlink_secrets(
    before: ConnectionSetup, after: ConnectionSetup
) -> tuple[ConnectionSetup, tuple[str, ...]]:
    """`after` without the secrets that were given for something else, and their field names.

    A stored secret is never sent to a place that it was not given for.
    """
    changed = _given_for_values(before), _given_for_values(after)
    lost = tuple(
        about.name
        for about in FIELDS
        if about.kind is FieldKind.SECRET
        and getattr(before, about.name)
        and changed[0][about.name] != changed[1][about.name]
    )
    kept = {
        about.name: "" if about.name in lost else getattr(before, about.name)
        for about in FIELDS
        if about.kind is FieldKind.SECRET
    }
    return dataclasses.replace(after, **kept), lost


def _given_for_values(setup: ConnectionSetup) -> dict[str, tuple[str, ...]]:
    return {
        about.name: tuple(
            host_of(setup.sales_url)
            if part == "sales_url" and setup.sales_url
            else getattr(setup, part)
            for part in about.given_for
        )
        for about in FIELDS
        if about.kind is FieldKind.SECRET
    }


def _checked(about: SetupField, value: str) -> str:
    if not value:
        if about.required:
            raise Mistake(f"{about.label} is needed.")
        return ""
    if about.kind is FieldKind.CHOICE and value not in dict(about.choices):
        known = ", ".join(label for _, label in about.choices)
        raise Mistake(f"Choose one of: {known}.")
    return about.rule(value)
