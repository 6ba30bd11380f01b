"""`/d365 secret [connection] …`: which use case the words behind it, or a button, mean."""

from collections.abc import Awaitable, Callable

from connection import deciding_secrets, making_certificates
from connection.asks import Answer, Ask, Tone, What
from connection.connection import Connection
from connection.encrypting import turn_on
from connection.errors import Mistake
from connection.handing_over import offer_link
from connection.keeping_secrets import ref_for, secret_field
from connection.naming import asked_about
from connection.ports import Ports, Transaction
from connection.setup import SECRET_FIELDS
from connection.setup_fields import SecretKind, SetupField
from connection.showing import reply, show_to_person

USAGE = (
    "/d365 secret connection; … SECRET gives one; … SECRET make 180, renew or show for a "
    "certificate; … confirm, encrypt, once or discard for what was given; … use for a new "
    "certificate"
)
_NAMES = frozenset(about.name for about in SECRET_FIELDS)


async def secret(ports: Ports, ask: Ask) -> None:
    """Without more words: every secret with how it is given. Raises `Mistake`."""
    words = ask.rest.split()
    if not words:
        await _show(ports, ask)
        return
    if words[0] in _NAMES and words[1:2] and words[1] in _DECISIONS:
        words = [words[1], words[0]]
    if words[0] in _DECISIONS:
        await _DECISIONS[words[0]](ports, ask, words[1] if len(words) > 1 else "")
        return
    if words[0] not in _NAMES and len(words) > 1 and words[1] in _NAMES:
        words = [words[1], words[0], *words[2:]]
    about = secret_field(words[0])
    await _of_field(ports, ask, about, words[1:])


async def _of_field(ports: Ports, ask: Ask, about: SetupField, words: list[str]) -> None:
    connection = await ports.ledger.read(lambda reading: asked_about(reading, ask))
    if not words:
        await _ask_for(ports, ask, connection, about)
    elif words[0] in ("make", "renew") and len(words) <= 2:
        days = making_certificates.days_of(words[1] if len(words) > 1 else "")
        await making_certificates.make_for(ports, ask, about, days)
    elif words == ["show"]:
        facts = await ports.ledger.read(
            lambda reading: making_certificates.newest(reading, connection, about)
        )
        await making_certificates.show(ports, ask, facts.ref.id)
    else:
        raise Mistake(f"I did not understand {' '.join(words)[:60]}.", f"Use {USAGE}.")


async def _ask_for(ports: Ports, ask: Ask, connection: Connection, about: SetupField) -> None:
    if ports.links.address_of(ask.id):
        await offer_link(ports, ask, connection, about)
        return
    now = ports.clock.now()
    said = f"Whoever runs the bot gives it where the bot runs: `{cli_line(connection, about)}`"
    if ports.secrets_in_slack and about.secret is not SecretKind.CERTIFICATE:
        said += (
            f"\nOr type it in Slack, readable as you type: `/d365 setup {connection.name}` asks "
            "for the secrets after Save."
        )
    hint = "A form in the browser comes with an https address of the bot in D365BOT_PUBLIC_URL."

    def work(tx: Transaction) -> None:
        ref_for(connection, tx.setup(connection.id).setup, about)
        reply(tx, ask, Answer(Tone.DONE, said, hint), now)

    await ports.ledger.run(work)
    ports.messenger.nudge()


def cli_line(connection: Connection, about: SetupField) -> str:
    """What an operator types where the bot runs."""
    from_file = " < key-and-certificate.pem" if about.secret is SecretKind.CERTIFICATE else ""
    return f"d365bot secret set {connection.name} {about.name}{from_file}"


async def _show(ports: Ports, ask: Ask) -> None:
    connection = await ports.ledger.read(lambda reading: asked_about(reading, ask))
    await show_to_person(ports, ask, What.SECRETS, connection.id)


async def _encrypt_and_keep(ports: Ports, ask: Ask, handover_id: str) -> None:
    """Yes to Business Central's question: turn encryption on, then keep what was given."""
    handover = await ports.ledger.read(
        lambda reading: deciding_secrets.can_be_kept(ports, reading, ask, handover_id)
    )
    await turn_on(ports, ask.workspace, ask.person)
    await deciding_secrets.keep(ports, ask, handover.id)


_DECISIONS: dict[str, Callable[[Ports, Ask, str], Awaitable[None]]] = {
    "confirm": deciding_secrets.keep,
    "encrypt": _encrypt_and_keep,
    "once": deciding_secrets.use_once,
    "discard": deciding_secrets.discard,
    "use": making_certificates.use,
}
SECRET_WORDS = frozenset({*_NAMES, *_DECISIONS, "make", "renew", "show"})
"""All that is taken behind the connection, besides a number of days."""
