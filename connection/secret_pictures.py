"""What messages about secrets, certificates, encryption and sign-ins are drawn from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from connection.connection import Connection
from connection.handover import Handover, HandoverState
from connection.keeping_secrets import secret_field
from connection.ports import Ports, Reading
from connection.secrets import Certificate, EncryptionState, SecretFacts
from connection.setup import SECRET_FIELDS, ConnectionSetup, secrets_of
from connection.setup_fields import SetupField
from connection.signing_in import DeviceCode, SignIn, SignInState


@dataclass(frozen=True, slots=True)
class SecretsPicture:
    """The secrets of a connection: those that its setup uses, those kept besides, and new
    certificates that wait. `form` says that a form in the browser can be offered."""

    connection: Connection
    setup: ConnectionSetup
    used: Sequence[SetupField]
    besides: Sequence[SetupField]
    facts: Mapping[str, SecretFacts | None]
    new_certificates: Mapping[str, Handover]
    encryption_on: bool
    form: bool
    typed: bool


@dataclass(frozen=True, slots=True)
class HandoverPicture:
    """One handover as of `state`; `address` of its form is '' once nothing can be given."""

    handover: Handover
    state: HandoverState
    connection: str
    about: SetupField
    encryption_on: bool
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CertificatePicture:
    """A certificate that the bot made; `waiting` is its handover while an older one is used."""

    connection: Connection
    about: SetupField
    facts: SecretFacts
    certificate: Certificate
    client_id: str
    waiting: Handover | None
    setup: ConnectionSetup | None = None


@dataclass(frozen=True, slots=True)
class EncryptionPicture:
    """`sealed` maps key numbers to how many secrets they seal."""

    state: EncryptionState
    sealed: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class SignInPicture:
    """One sign-in as of `state`; `code` is None once it is forgotten."""

    sign_in: SignIn
    state: SignInState
    connection: str
    integration_user: str
    code: DeviceCode | None


def secrets_picture(reading: Reading, connection_id: str, ports: Ports) -> SecretsPicture | None:
    """None if the connection is gone."""
    connection = reading.connection(connection_id)
    if connection is None:
        return None
    setup = reading.setup(connection.id).setup
    facts = {
        about.name: reading.secret(getattr(setup, about.name))
        if getattr(setup, about.name)
        else None
        for about in SECRET_FIELDS
    }
    used = secrets_of(setup)
    waiting = reading.waiting_handovers(connection.id)
    return SecretsPicture(
        connection=connection,
        setup=setup,
        used=used,
        besides=[one for one in SECRET_FIELDS if facts[one.name] and one not in used],
        facts=facts,
        new_certificates={
            one.field: one for one in reversed(waiting) if one.state is HandoverState.MADE
        },
        encryption_on=ports.encryption.on(),
        form=bool(ports.links.address_of(connection.id)),
        typed=ports.secrets_in_slack,
    )


def handover_picture(reading: Reading, subject: str, ports: Ports) -> HandoverPicture | None:
    """`subject` is `<handover id>:<state>`."""
    handover_id, _, state = subject.rpartition(":")
    handover = reading.handover(handover_id)
    connection = reading.connection(handover.connection_id) if handover else None
    if handover is None or connection is None:
        return None
    lasts = handover.state is HandoverState.OPEN
    return HandoverPicture(
        handover=handover,
        state=HandoverState(state),
        connection=connection.name,
        about=secret_field(handover.field),
        encryption_on=ports.encryption.on(),
        address=ports.links.address_of(handover.id) if lasts else "",
    )


def certificate_picture(
    reading: Reading, secret_id: str, ports: Ports
) -> CertificatePicture | None:
    """None if it is gone."""
    facts = reading.secret(secret_id)
    connection = reading.connection(facts.ref.connection_id) if facts else None
    if facts is None or connection is None or not facts.public_part:
        return None
    waiting = [
        one for one in reading.waiting_handovers(connection.id) if one.secret_id == secret_id
    ]
    return CertificatePicture(
        connection=connection,
        about=secret_field(facts.ref.field),
        facts=facts,
        certificate=ports.certificates.described(facts.public_part),
        client_id=facts.ref.origin.login,
        waiting=waiting[0] if waiting else None,
        setup=reading.setup(connection.id).setup,
    )


def encryption_picture(reading: Reading, ports: Ports) -> EncryptionPicture:
    """As it is now."""
    return EncryptionPicture(ports.encryption.state(), reading.secrets_by_key())


def sign_in_picture(reading: Reading, subject: str, ports: Ports) -> SignInPicture | None:
    """`subject` is `<sign-in id>:<state>`."""
    sign_in_id, _, state = subject.rpartition(":")
    sign_in = reading.sign_in(sign_in_id)
    connection = reading.connection(sign_in.connection_id) if sign_in else None
    if sign_in is None or connection is None:
        return None
    return SignInPicture(
        sign_in=sign_in,
        state=SignInState(state),
        connection=connection.name,
        integration_user=reading.setup(connection.id).setup.integration_user_name,
        code=ports.sign_ins.code(sign_in.id),
    )
