"""With which identity something is called, where, and which stored secret it was given."""

from dataclasses import dataclass
from enum import StrEnum

from connection.sales_url import host_of


class Identity(StrEnum):
    """The four identities that are never mixed; a check names the one it tested."""

    INTEGRATION = "integration user"
    BOT = "bot"
    BUSINESS_CENTRAL = "Business Central user"
    ADMINISTRATOR = "administrator"
    NONE = "nobody"


@dataclass(frozen=True, slots=True)
class SecretOrigin:
    """Where a secret was given for: sealed to it, and unlinked when any part changes.

    `host` is the host of Sales, or of Business Central for its access key; `kind` is the
    authentication type, `login` the client id or user name.
    """

    host: str
    tenant: str
    kind: str
    login: str


@dataclass(frozen=True, slots=True)
class SecretRef:
    """A stored secret, without the secret."""

    id: str
    workspace: str
    connection_id: str
    field: str
    origin: SecretOrigin


@dataclass(frozen=True, slots=True)
class Access:
    """Everything a call needs but the secret itself, which the adapter opens from `secret`.

    `sales_url` is the address of the Sales organisation, `bc_url` that of Business Central
    on-premises; `credential` says how the identity signs in, as `user_name` where it is a user.
    `correlation` is sent with every request and shown in reports, `sign_in` names an
    administrator's sign-in that is held in memory.
    """

    identity: Identity
    sales_url: str
    tenant: str
    client_id: str
    credential: str
    secret: SecretRef | None
    bc_environment: str = ""
    bc_company: str = ""
    correlation: str = ""
    user_name: str = ""
    bc_url: str = ""
    sign_in: str = ""


def origin_of(access: Access) -> SecretOrigin:
    """What a secret must have been given for to be used in this access."""
    address = access.bc_url or access.sales_url
    return SecretOrigin(
        host=host_of(address) if address else "",
        tenant=access.tenant.lower(),
        kind=access.credential,
        login=(access.user_name or access.client_id).lower(),
    )
