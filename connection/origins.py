"""What secrets are given for, which of them a change unlinks, and the accesses they make.

A stored secret is never sent to a place that it was not given for (decision 8): host, tenant,
authentication type and login are sealed to it.
"""

import dataclasses
from collections.abc import Callable

from connection.identities import Access, Identity, SecretOrigin, SecretRef
from connection.sales_url import call_address, host_of
from connection.setup import (
    SECRET_FIELDS,
    BotCredential,
    ConnectionSetup,
    Hosting,
    IntegrationAuth,
    values_of,
)
from connection.setup_fields import GivenFor, SecretKind, SetupField

Held = Callable[[str], SecretRef | None]
"""Field name → the secret that the bot holds for it."""


def origin_for(about: SetupField, setup: ConnectionSetup) -> SecretOrigin:
    """What a secret of this field is sealed to when it is given for this setup."""
    kind, given_for = _secret(about)
    values = values_of(setup)
    url = values[given_for.host]
    return SecretOrigin(
        host=host_of(url) if url else "",
        tenant=values.get(given_for.tenant, "").lower(),
        kind=kind.value,
        login=values[given_for.login].lower(),
    )


def unlink_secrets(
    before: ConnectionSetup, after: ConnectionSetup
) -> tuple[ConnectionSetup, tuple[str, ...]]:
    """`after` with the secrets of `before` that still fit, and the names of those that do not.

    A secret that was prepared for another type than the chosen one stays until its type was
    chosen and is left again.
    """
    kept: dict[str, str] = {}
    lost: list[str] = []
    for about in SECRET_FIELDS:
        held = getattr(before, about.name)
        if held and not _still_fits(about, before, after):
            lost.append(about.name)
            held = ""
        kept[about.name] = held
    return dataclasses.replace(after, **kept), tuple(lost)


def _still_fits(about: SetupField, before: ConnectionSetup, after: ConnectionSetup) -> bool:
    if origin_for(about, before) != origin_for(about, after):
        return False
    return about.counts(values_of(after)) or not about.counts(values_of(before))


def _secret(about: SetupField) -> tuple[SecretKind, GivenFor]:
    if about.secret is None or about.given_for is None:
        raise LookupError(f"{about.name} is no secret")
    return about.secret, about.given_for


_BOT_SECRETS: dict[str, str] = {
    BotCredential.CLIENT_SECRET: "bot_client_secret",
    BotCredential.CERTIFICATE: "bot_certificate",
}
_INTEGRATION_SECRETS: dict[str, str] = {
    IntegrationAuth.PASSWORD: "integration_password",
    IntegrationAuth.CLIENT_SECRET: "integration_client_secret",
    IntegrationAuth.CERTIFICATE: "integration_certificate",
}


def access_of(identity: Identity, setup: ConnectionSetup, held: Held) -> Access:
    """An identity's access to what the setup names. `secret` is None where nothing is held."""
    return _ACCESSES[identity](setup, held)


def secret_field_of(identity: Identity, setup: ConnectionSetup) -> str:
    """The field whose secret this identity signs in with; '' where it needs none."""
    fields = {
        Identity.BOT: _BOT_SECRETS.get(setup.bot_credential, ""),
        Identity.INTEGRATION: _INTEGRATION_SECRETS.get(setup.integration_auth, ""),
        Identity.BUSINESS_CENTRAL: "bc_access_key",
    }
    return fields.get(identity, "")


def _bot(setup: ConnectionSetup, held: Held) -> Access:
    return _to_sales(
        Identity.BOT, setup, setup.bot_credential, setup.bot_client_id, "", _held(setup, held)
    )


def _held(setup: ConnectionSetup, held: Held) -> SecretRef | None:
    field = secret_field_of(Identity.BOT, setup)
    return held(field) if field else None


def _integration(setup: ConnectionSetup, held: Held) -> Access:
    """A password is tested through the app for people, a public client."""
    secret = held(secret_field_of(Identity.INTEGRATION, setup))
    as_user = setup.integration_auth == IntegrationAuth.PASSWORD
    client_id = setup.admin_client_id if as_user else setup.integration_client_id
    return _to_sales(
        Identity.INTEGRATION,
        setup,
        setup.integration_auth,
        client_id,
        setup.integration_user_name,
        secret,
    )


def _business_central(setup: ConnectionSetup, held: Held) -> Access:
    return Access(
        identity=Identity.BUSINESS_CENTRAL,
        sales_url="",
        tenant="",
        client_id="",
        credential=SecretKind.ACCESS_KEY.value,
        secret=held("bc_access_key"),
        bc_company=setup.bc_company,
        bc_url=setup.bc_url,
        user_name=setup.bc_user_name,
    )


def _administrator(setup: ConnectionSetup, _held: Held) -> Access:
    return _to_sales(Identity.ADMINISTRATOR, setup, "device_code", setup.admin_client_id, "", None)


def _to_sales(
    identity: Identity,
    setup: ConnectionSetup,
    credential: str,
    client_id: str,
    user_name: str,
    secret: SecretRef | None,
) -> Access:
    online = setup.hosting == Hosting.ONLINE
    return Access(
        identity=identity,
        sales_url=call_address(setup.sales_url),
        tenant=setup.tenant,
        client_id=client_id,
        credential=credential,
        secret=secret,
        bc_environment=setup.bc_environment if online else "",
        bc_company=setup.bc_company,
        user_name=user_name,
    )


_ACCESSES: dict[Identity, Callable[[ConnectionSetup, Held], Access]] = {
    Identity.BOT: _bot,
    Identity.NONE: _bot,
    Identity.INTEGRATION: _integration,
    Identity.BUSINESS_CENTRAL: _business_central,
    Identity.ADMINISTRATOR: _administrator,
}
