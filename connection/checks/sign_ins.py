"""Checks of signing in: of the bot's own app, and of what Business Central signs in with."""

from datetime import timedelta

from connection.checks.looking import Found, Look, failed, passed, untested, warned
from connection.identities import Access, Identity
from connection.origins import secret_field_of
from connection.setup import LABELS, BotCredential, IntegrationAuth
from connection.users.rule import Rule, rule_of

ENDS_SOON = timedelta(days=30)


async def bot_sign_in(look: Look) -> Found:
    """Entra ID issues a fresh token for the organisation to the bot's own app."""
    field = secret_field_of(Identity.BOT, look.setup)
    if field and look.access.secret is None:
        return failed(
            f"The bot does not hold the {_label(field)}.",
            _how_to_give(look, field),
        )
    signed_in = await look.sales.sign_in(look.access)
    who = f"app {signed_in.client_id}" if signed_in.client_id else "the bot's machine"
    said = f"Entra ID signed {who} in to tenant {signed_in.tenant}, {_how(look.access)}."
    return _ending(look, field, said) or passed(said)


def _how_to_give(look: Look, field: str) -> str:
    name = look.setup.name
    if look.setup.bot_credential == BotCredential.CERTIFICATE:
        return (
            f"The bot makes one with /d365 secret {name} {field} make; or give one where it runs, "
            f"with d365bot secret set {name} {field} < key-and-certificate.pem."
        )
    return (
        f"Give it with /d365 secret {name} {field}, or run d365bot secret set {name} {field} where "
        "the bot runs."
    )


async def integration_sign_in(look: Look) -> Found:
    """What Test Connection does: sign in as Business Central does, and read from Sales.

    Only where the bot holds the secret; that it does not is a result and no failure.
    """
    access = look.accesses[Identity.INTEGRATION]
    reason = _cannot_test(look, access)
    if reason:
        return reason
    await look.sales.sign_in(access)
    await look.sales.who_am_i(access)
    look.findings.integration_signed_in = True
    field = secret_field_of(Identity.INTEGRATION, look.setup)
    said = f"It signs in to Entra ID, {_how(access)}, and Sales knows it."
    return _ending(look, field, said) or passed(said)


def _cannot_test(look: Look, access: Access) -> Found | None:
    as_user = look.setup.integration_auth == IntegrationAuth.PASSWORD
    if as_user and rule_of(look.setup) is Rule.DOMAIN_NAME:
        return untested(
            "A user of Active Directory signs in by Windows, which the bot does not speak."
        )
    field = secret_field_of(Identity.INTEGRATION, look.setup)
    if access.secret is None:
        return untested(
            f"The bot does not hold the {_label(field)}, and it may stay so. To have it tested, "
            f"give it with /d365 secret {look.setup.name} {field}."
        )
    if as_user and not access.client_id:
        return untested(
            "The setup names no app that people sign in through. "
            f"Enter its client ID with /d365 setup {look.setup.name}."
        )
    return None


def _ending(look: Look, field: str, said: str) -> Found | None:
    ends = look.secret_ends.get(field)
    if ends is None or ends - look.now > ENDS_SOON:
        return None
    return warned(
        f"{said} The {_label(field)} ends on {ends:%Y-%m-%d}.",
        f"Replace it before with /d365 secret {look.setup.name}; both are valid meanwhile.",
    )


def _how(access: Access) -> str:
    return {
        BotCredential.CLIENT_SECRET.value: "with its client secret",
        BotCredential.CERTIFICATE.value: "with its certificate",
        BotCredential.WORKLOAD_IDENTITY.value: "with its workload identity",
        BotCredential.MANAGED_IDENTITY.value: "with its managed identity",
    }.get(access.credential, "with user name and password")


def _label(field: str) -> str:
    label = LABELS[field]
    return label[:1].lower() + label[1:]
