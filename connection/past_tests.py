"""What tests found before: explained, in full, and as a history."""

from connection.asks import Ask, Audience, What
from connection.checks.table import CHECKS
from connection.errors import Mistake
from connection.naming import asked_about
from connection.ports import Ports, Reading
from connection.report import Report
from connection.showing import show
from connection.words import nearest

EXPLAIN, ALL = "explain", "all"
USAGE = "/d365 test name explain [check], or /d365 test name all"


async def look_back(ports: Ports, ask: Ask) -> None:
    """`explain [check]` or `all`, of the connection's last test; a button names its own test.

    For the one who asks alone. Raises `Mistake` for other words, and where there is no test.
    """
    word, *more = ask.rest.split()
    report = await ports.ledger.read(lambda reading: _report(reading, ask, more))
    check = _check([one for one in more if one != report.id])
    if word == ALL and not check:
        await show(ports, ask, What.CHECKS, report.id, Audience.PERSON)
    elif word == EXPLAIN:
        await show(ports, ask, What.EXPLANATION, f"{report.id}:{check}", Audience.PERSON)
    else:
        raise _not_understood(ask.rest)


async def show_history(ports: Ports, ask: Ask) -> None:
    """The last results, and what changed since it last worked, for the channel."""
    connection = await ports.ledger.read(lambda reading: asked_about(reading, ask))
    await show(ports, ask, What.HISTORY, connection.id, Audience.CHANNEL)


def _report(reading: Reading, ask: Ask, more: list[str]) -> Report:
    connection = asked_about(reading, ask)
    for word in more:
        report = reading.report(word)
        if report is not None and report.connection_id == connection.id:
            return report
    last = reading.last_report(connection.id)
    if last is None:
        raise Mistake(
            f"{connection.name} was not tested yet.", f"Start with /d365 test {connection.name}."
        )
    return last


def _check(more: list[str]) -> str:
    """The id of a check; '' for none. Raises `Mistake`."""
    if not more:
        return ""
    word = "_".join(more).lower().replace("-", "_")
    known = {check.id: check.id for check in CHECKS}
    known |= {check.title.lower().replace(" ", "_").replace("-", "_"): check.id for check in CHECKS}
    if word in known:
        return known[word]
    near = nearest(word, list(known))
    meant = f" Did you mean {near}?" if near else ""
    raise Mistake(f"There is no check {word[:40]}.{meant}", f"Use {USAGE}.")


def _not_understood(rest: str) -> Mistake:
    return Mistake(f"I did not understand “{rest[:60]}”.", f"Use {USAGE}.")
