"""Acts that only show something: the outbox row is the whole work."""

from datetime import datetime

from connection.asks import Answer, Ask, Audience, Showing, What
from connection.errors import Mistake
from connection.naming import asked_about
from connection.ports import Ports, Transaction


async def show_to_person(ports: Ports, ask: Ask, what: What, subject: str = "") -> None:
    """For the one who asked; without a subject it is drawn from the ask itself."""
    await show(ports, ask, what, subject or ask.id, Audience.PERSON)


async def show_status(ports: Ports, ask: Ask) -> None:
    """The state of a connection for the channel, or `names` for the one who asks alone.

    Raises `Mistake` for other words.
    """
    if ask.rest not in ("", "names"):
        raise Mistake(f"I did not understand “{ask.rest[:60]}”.", "Use /d365 status name names.")
    connection = await ports.ledger.read(lambda reading: asked_about(reading, ask))
    if ask.rest:
        await show(ports, ask, What.NAMES, connection.id, Audience.PERSON)
    else:
        await show(ports, ask, What.STATUS, connection.id, Audience.CHANNEL)


async def offer_form(ports: Ports, ask: Ask) -> None:
    """The form could not be opened in time: a button brings it."""
    await show(ports, ask, What.FORM, ask.subject, Audience.PERSON)


def reply(tx: Transaction, ask: Ask, said: Answer, now: datetime) -> None:
    """A few sentences for the one who asked, and the ask is finished: part of the act itself."""
    tx.keep_answer(ask.id, said)
    tx.show(_showing(ask, What.ANSWER, ask.id, Audience.PERSON, now))
    tx.finish(ask.id, now)


async def answer(ports: Ports, ask: Ask, said: Answer) -> None:
    """The same where saying it is the whole act."""
    now = ports.clock.now()
    await ports.ledger.run(lambda tx: reply(tx, ask, said, now))
    ports.messenger.nudge()


async def show(ports: Ports, ask: Ask, what: What, subject: str, audience: Audience) -> None:
    """The outbox row, and the ask is finished."""
    now = ports.clock.now()
    showing = _showing(ask, what, subject, audience, now)

    def work(tx: Transaction) -> None:
        tx.show(showing)
        tx.finish(ask.id, now)

    await ports.ledger.run(work)
    ports.messenger.nudge()


def _showing(ask: Ask, what: What, subject: str, audience: Audience, now: datetime) -> Showing:
    return Showing(
        id=ask.id,
        workspace=ask.workspace,
        what=what,
        subject=subject,
        audience=audience,
        person=ask.person,
        place=ask.place,
        created_at=now,
    )
