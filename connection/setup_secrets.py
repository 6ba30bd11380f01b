"""The secrets of the identities: what each is, what it is given for, and how it may look."""

from connection import secret_rules as rules
from connection.setup_fields import GivenFor, SecretKind, field_of


def _integration(login: str, kind: SecretKind) -> GivenFor:
    return GivenFor("sales_url", "tenant", login, "integration_auth", kind.value)


def _bot(kind: SecretKind) -> GivenFor:
    return GivenFor("sales_url", "tenant", "bot_client_id", "bot_credential", kind.value)


def _with(choice: GivenFor) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ((choice.chosen_by, (choice.choice,)),)


_PASSWORD = _integration("integration_user_name", SecretKind.PASSWORD)
_APP_SECRET = _integration("integration_client_id", SecretKind.CLIENT_SECRET)
_APP_CERTIFICATE = _integration("integration_client_id", SecretKind.CERTIFICATE)
_BOT_SECRET = _bot(SecretKind.CLIENT_SECRET)
_BOT_CERTIFICATE = _bot(SecretKind.CERTIFICATE)
_ACCESS_KEY = GivenFor("bc_url", "", "bc_user_name", "hosting", "on-premises")

INTEGRATION_PASSWORD = field_of(
    "Password of the integration user",
    "With it the bot can test the user's own sign-in, as Business Central's Test Connection does.",
    secret=SecretKind.PASSWORD,
    rule=rules.password,
    given_for=_PASSWORD,
    only_with=_with(_PASSWORD),
    locked=True,
)
INTEGRATION_CLIENT_SECRET = field_of(
    "Client secret of the integration's app",
    "With it the bot can test the sign-in that Business Central uses.",
    secret=SecretKind.CLIENT_SECRET,
    rule=rules.client_secret,
    given_for=_APP_SECRET,
    only_with=_with(_APP_SECRET),
)
INTEGRATION_CERTIFICATE = field_of(
    "Certificate of the integration's app",
    "Private key and certificate in PEM form. With it the bot can test the sign-in that Business "
    "Central uses.",
    secret=SecretKind.CERTIFICATE,
    rule=rules.certificate,
    given_for=_APP_CERTIFICATE,
    only_with=_with(_APP_CERTIFICATE),
)
BOT_CLIENT_SECRET = field_of(
    "Client secret of the bot's app",
    "The value of a client secret under Certificates & secrets, not its id.",
    secret=SecretKind.CLIENT_SECRET,
    rule=rules.client_secret,
    given_for=_BOT_SECRET,
    only_with=_with(_BOT_SECRET),
)
BOT_CERTIFICATE = field_of(
    "Certificate of the bot's app",
    "The bot makes it and keeps the private key; or private key and certificate in PEM form.",
    secret=SecretKind.CERTIFICATE,
    rule=rules.certificate,
    given_for=_BOT_CERTIFICATE,
    only_with=_with(_BOT_CERTIFICATE),
)
BC_ACCESS_KEY = field_of(
    "Web service access key of the Business Central user",
    "From the user's card in Business Central on-premises, Web Service Access.",
    secret=SecretKind.ACCESS_KEY,
    rule=rules.access_key,
    given_for=_ACCESS_KEY,
    only_with=_with(_ACCESS_KEY),
)
