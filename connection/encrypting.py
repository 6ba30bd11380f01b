"""The bot's own encryption of secrets: shown, and turned on when somebody says so."""

from connection.asks import Answer, Ask, Tone, What
from connection.audit import AuditTag
from connection.errors import Mistake
from connection.people import Person
from connection.ports import Ports, Transaction
from connection.showing import reply, show_to_person


async def encryption(ports: Ports, ask: Ask) -> None:
    """`encryption` shows the state, `encryption on` makes the first key."""
    word = ask.rest.strip().lower()
    if not word:
        await show_to_person(ports, ask, What.ENCRYPTION)
        return
    if word != "on":
        raise Mistake(
            f"I did not understand encryption {word[:40]}.",
            "Use /d365 encryption, or /d365 encryption on.",
        )
    number = await turn_on(ports, ask.workspace, ask.person)
    now = ports.clock.now()
    said = (
        "Encryption was on already; nothing was changed."
        if number is None
        else f"Encryption is on: key {number} was made. Whoever runs the bot backs it up apart "
        "from the database; without it no stored secret can be opened."
    )

    def work(tx: Transaction) -> None:
        reply(tx, ask, Answer(Tone.DONE, said), now)

    await ports.ledger.run(work)
    ports.messenger.nudge()


async def turn_on(ports: Ports, workspace: str, person: Person) -> int | None:
    """Make the first key; its number, or None if there was one."""
    number = await ports.encryption.turn_on()
    if number is None:
        return None
    now = ports.clock.now()
    await ports.ledger.run(
        lambda tx: tx.record(
            at=now,
            workspace=workspace,
            actor=person,
            tag=AuditTag.ENCRYPTION_KEY_CREATED,
            details={"number": number},
        )
    )
    return number
