"""What an operator gives the bot at the command line: encryption keys and secrets."""

import asyncio
import os
import pwd

from bot.clock import SystemClock
from bot.key_vault import wrapping_of_new_keys
from bot.settings import read_settings
from bot.wiring import open_database, service_alone
from connection.audit import AuditTag
from connection.errors import Mistake, UnknownConnection
from connection.keeping_secrets import end_of_day, secret_field
from connection.people import OPERATING_SYSTEM, Person
from connection.service import ConnectionService
from connection.setup_fields import SecretKind
from storage.keys import key_numbers
from storage.keys import new_key as create_key
from storage.wrapped_keys import new_wrapped_key


async def new_key() -> str:
    """Create the next key and remember that it was created."""
    settings = read_settings()
    if settings.d365bot_encryption_keys.get_secret_value():
        raise Mistake(
            "The keys come from D365BOT_ENCRYPTION_KEYS, so key files are not used.",
            "Add the new key there, in front, or unset it to use key files.",
        )
    with open_database(settings) as database:
        earlier = key_numbers(settings.d365bot_key_dir)
        wrapping = wrapping_of_new_keys(settings)
        text = await asyncio.to_thread(new_wrapped_key, wrapping) if wrapping else ""
        above = await database.ledger.run(lambda tx: tx.newest_known_key())
        number = create_key(settings.d365bot_key_dir, text, above)
        now = SystemClock().now()
        await database.ledger.run(
            lambda tx: tx.record(
                at=now,
                workspace="",
                actor=at_the_command_line(),
                tag=AuditTag.ENCRYPTION_KEY_CREATED,
                details={"number": number},
            )
        )
    created = (
        f"Encryption key {number} was created in {settings.d365bot_key_dir}. Back it up apart "
        "from the database: without it no stored secret can be opened."
    )
    if not earlier:
        return created
    return (
        f"{created}\nSecrets that are given from now on are sealed with key {number}. Those given "
        f"before stay sealed with key {earlier[0]} or an older one until you run d365bot keys "
        "rotate: keep these too."
    )


def encryption_is_off() -> bool:
    """Whether nothing can be stored yet."""
    settings = read_settings()
    with open_database(settings) as database:
        return not database.keys.exist()


def refuse_typed(name: str, field: str) -> None:
    """A key of many lines is not typed: what a prompt does not take, the shell would get."""
    if secret_field(field).secret is SecretKind.CERTIFICATE:
        raise Mistake(
            "A certificate with its private key is not typed, but read from a file.",
            f"Run d365bot secret set {name} {field} < key-and-certificate.pem",
        )


async def place_of(workspace: str, name: str, field: str) -> str:
    """Where a secret would be given for, before it is typed. Raises `Mistake`."""
    async with service_alone(read_settings()) as service:
        team = await workspace_of(service, workspace)
        origin = await service.place_of(team, name, field)
    tenant = f", tenant {origin.tenant}" if origin.tenant else ""
    return f"It will be used at {origin.host}{tenant}, as {origin.login}."


async def set_secret(workspace: str, name: str, field: str, value: str, expires: str) -> str:
    """Seal and store one secret; the sentence that says so."""
    settings = read_settings()
    async with service_alone(settings) as service:
        team = await workspace_of(service, workspace)
        facts = await service.set_secret(
            team, name, field, value, at_the_command_line(), end_of_day(expires)
        )
    origin = facts.ref.origin
    place = f"{origin.host}, tenant {origin.tenant}" if origin.tenant else origin.host
    ends = f" It ends on {facts.expires_at:%Y-%m-%d}." if facts.expires_at else ""
    return (
        f"{field} of {name} is set; its fingerprint ends {facts.fingerprint_end}. "
        f"It was given for {place}, as {origin.login}.{ends} Next: /d365 test {name}"
    )


def at_the_command_line() -> Person:
    """The operating system's account: the environment may say whatever somebody likes."""
    number = os.getuid()
    try:
        return Person(OPERATING_SYSTEM, pwd.getpwuid(number).pw_name)
    except KeyError:
        return Person(OPERATING_SYSTEM, str(number))


async def workspace_of(service: ConnectionService, given: str) -> str:
    """The given one, or the only one. Raises `Mistake`."""
    known = await service.ports.ledger.read(lambda reading: reading.workspaces())
    if given:
        return given
    if not known:
        raise UnknownConnection("No connection is set up yet.", "Start with /d365 setup in Slack.")
    if len(known) > 1:
        raise Mistake(
            "There are connections of several workspaces.",
            f"Name one with --workspace: {', '.join(known)}.",
        )
    return known[0]
