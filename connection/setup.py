"""The setup fields of a connection: one attribute each, with its rule.

To add a field, add one attribute to `ConnectionSetup`. The form, the store, the audit and the
messages are all drawn from it. The secrets of the four identities are in `setup_secrets`, the
second part of the form in `setup_features`.
"""

import dataclasses
from dataclasses import dataclass
from enum import StrEnum

from connection import field_rules as rules
from connection import setup_features as features
from connection.setup_fields import FieldKind, SetupField, field_of
from connection.setup_secrets import (
    BC_ACCESS_KEY,
    BOT_CERTIFICATE,
    BOT_CLIENT_SECRET,
    INTEGRATION_CERTIFICATE,
    INTEGRATION_CLIENT_SECRET,
    INTEGRATION_PASSWORD,
)


class Hosting(StrEnum):
    """Where Business Central runs."""

    ONLINE = "online"
    ON_PREMISES = "on-premises"


class IntegrationAuth(StrEnum):
    """What Business Central signs in to Sales with."""

    PASSWORD = "password"  # noqa: S105 - a kind, not a secret
    CLIENT_SECRET = "client_secret"  # noqa: S105
    CERTIFICATE = "certificate"


class BotCredential(StrEnum):
    """How the bot's own Entra app proves who it is."""

    CLIENT_SECRET = "client_secret"  # noqa: S105 - a kind, not a secret
    CERTIFICATE = "certificate"
    WORKLOAD_IDENTITY = "workload_identity"
    MANAGED_IDENTITY = "managed_identity"


_ONLINE = (("hosting", (Hosting.ONLINE,)),)
_ON_PREMISES = (("hosting", (Hosting.ON_PREMISES,)),)
_AS_A_USER = (("integration_auth", (IntegrationAuth.PASSWORD,)),)
_AS_AN_APP = (("integration_auth", (IntegrationAuth.CLIENT_SECRET, IntegrationAuth.CERTIFICATE)),)


@dataclass(frozen=True, slots=True)
class ConnectionSetup:
    """What an administrator fills in. Every value is text; '' is not given."""

    name: str = field_of(
        "Name of the connection",
        "What people type after /d365, such as contoso-prod: a-z, 0-9 and -, up to 40 characters.",
        rule=rules.connection_name,
    )
    hosting: str = field_of(
        "Business Central runs",
        "Online at Microsoft, or on your own servers.",
        kind=FieldKind.CHOICE,
        choices=((Hosting.ONLINE, "Online"), (Hosting.ON_PREMISES, "On-premises")),
        default=Hosting.ONLINE,
    )
    sales_url: str = field_of(
        "Dynamics 365 Sales URL",
        "Open Dynamics 365 Sales and copy the address from the browser. "
        "A form that Business Central would correct is shown to you before it is saved.",
        kind=FieldKind.URL,
        rule=rules.sales_url,
        placeholder="https://contoso.crm4.dynamics.com",
        locked=True,
    )
    tenant: str = field_of(
        "Microsoft Entra tenant",
        "The tenant's id or a domain of it, such as contoso.onmicrosoft.com.",
        rule=rules.tenant,
    )
    integration_auth: str = field_of(
        "Business Central signs in to Sales with",
        "What its setup page holds: a user name and password, or an app with a secret or a "
        "certificate.",
        kind=FieldKind.CHOICE,
        choices=(
            (IntegrationAuth.PASSWORD, "User name and password"),
            (IntegrationAuth.CLIENT_SECRET, "App with a client secret"),
            (IntegrationAuth.CERTIFICATE, "App with a certificate"),
        ),
        default=IntegrationAuth.PASSWORD,
        locked=True,
    )
    integration_user_name: str = field_of(
        "Integration user",
        "The user name of the account that Business Central uses for the integration only.",
        rule=rules.user_name,
        only_with=_AS_A_USER,
        personal=True,
        locked=True,
    )
    integration_client_id: str = field_of(
        "Client ID of the integration's app",
        "The application (client) id that Business Central signs in to Sales with.",
        rule=rules.client_id,
        only_with=_AS_AN_APP,
        locked=True,
    )
    integration_password: str = INTEGRATION_PASSWORD
    integration_client_secret: str = INTEGRATION_CLIENT_SECRET
    integration_certificate: str = INTEGRATION_CERTIFICATE
    bot_credential: str = field_of(
        "The bot's app signs in with",
        "Best is what needs no secret: a managed or workload identity, or a certificate that the "
        "bot makes. Secrets are not typed here.",
        kind=FieldKind.CHOICE,
        choices=(
            (BotCredential.CLIENT_SECRET, "Client secret"),
            (BotCredential.CERTIFICATE, "Certificate"),
            (BotCredential.WORKLOAD_IDENTITY, "Workload identity (assertion file)"),
            (BotCredential.MANAGED_IDENTITY, "Managed identity of the bot's machine"),
        ),
        default=BotCredential.CLIENT_SECRET,
    )
    bot_client_id: str = field_of(
        "Client ID of the bot's app",
        "The application (client) id of the Entra app that this bot signs in with. Empty for a "
        "system-assigned managed identity.",
        rule=rules.client_id,
        optional_with=(("bot_credential", (BotCredential.MANAGED_IDENTITY,)),),
    )
    bot_client_secret: str = BOT_CLIENT_SECRET
    bot_certificate: str = BOT_CERTIFICATE
    admin_client_id: str = field_of(
        "Client ID of the app for people",
        "A public client in Entra: an administrator signs in through it with a device code, and "
        "the integration user's password is tested through it. Without it neither is done.",
        rule=rules.client_id,
        required=False,
    )
    bc_environment: str = field_of(
        "Business Central environment",
        "Such as Production. Without it Business Central is not tested. Empty on-premises.",
        rule=rules.environment_name,
        required=False,
        placeholder="Production",
        only_with=_ONLINE,
    )
    bc_url: str = field_of(
        "Business Central web services URL",
        "Server, port and instance of the OData services. Without it Business Central is not "
        "tested.",
        kind=FieldKind.URL,
        rule=rules.bc_url,
        required=False,
        placeholder="https://bc.contoso.com:7048/BC150",
        only_with=_ON_PREMISES,
    )
    bc_user_name: str = field_of(
        "Business Central user",
        "The user on-premises whose web service access key the bot reads Business Central with.",
        rule=rules.user_name,
        required=False,
        only_with=_ON_PREMISES,
        personal=True,
    )
    bc_access_key: str = BC_ACCESS_KEY
    bc_company: str = field_of(
        "Business Central company",
        "The name exactly as Business Central shows it. Without it Business Central is not tested.",
        rule=rules.company_name,
        required=False,
    )
    import_solution: str = features.IMPORT_SOLUTION
    item_availability: str = features.ITEM_AVAILABILITY
    odata_url: str = features.ODATA_URL
    odata_user_name: str = features.ODATA_USER_NAME
    odata_access_key: str = features.ODATA_ACCESS_KEY
    sales_orders: str = features.SALES_ORDERS
    auto_create_orders: str = features.AUTO_CREATE_ORDERS
    auto_process_quotes: str = features.AUTO_PROCESS_QUOTES
    web_client_url: str = features.WEB_CLIENT_URL
    users_must_map: str = features.USERS_MUST_MAP
    sales_hub: str = features.SALES_HUB


FIELDS: tuple[SetupField, ...] = tuple(
    dataclasses.replace(attribute.metadata["about"], name=attribute.name)
    for attribute in dataclasses.fields(ConnectionSetup)
)
LABELS = {about.name: about.label for about in FIELDS}
TYPED_FIELDS = tuple(about for about in FIELDS if about.kind is not FieldKind.SECRET)
SECRET_FIELDS = tuple(about for about in FIELDS if about.kind is FieldKind.SECRET)


def values_of(setup: ConnectionSetup) -> dict[str, str]:
    """Field name → value; for a SECRET the id of the stored secret."""
    return {about.name: getattr(setup, about.name) for about in FIELDS}


def secrets_of(setup: ConnectionSetup) -> tuple[SetupField, ...]:
    """The secrets that a setup with these choices uses."""
    values = values_of(setup)
    return tuple(about for about in SECRET_FIELDS if about.counts(values))


def changed_fields(before: ConnectionSetup, after: ConnectionSetup) -> tuple[str, ...]:
    """Names of the fields whose values differ, in the order of the form."""
    old, new = values_of(before), values_of(after)
    return tuple(about.name for about in FIELDS if old[about.name] != new[about.name])
