"""Giving roles to people and taking them back, by an admin and with a trace."""

import re
from dataclasses import dataclass

from connection.asks import Answer, Ask, Tone, What
from connection.audit import AuditTag
from connection.errors import Mistake
from connection.naming import the_connection
from connection.people import Grant, Person, Role
from connection.ports import Ports, Reading, Transaction
from connection.showing import reply, show_to_person

USAGE = "/d365 access, /d365 access add @person role [connection], or remove instead of add"
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>|([UW][A-Z0-9]{5,})")


@dataclass(frozen=True, slots=True)
class _Change:
    adds: bool
    grant: Grant
    where: str


async def change_access(ports: Ports, ask: Ask) -> None:
    """`access`, `access add @person role [connection]`, `access remove @person role [connection]`.

    Raises `Mistake` for anything else, and `UnknownConnection`.
    """
    words = ask.rest.split()
    if not words or words == ["list"]:
        await show_to_person(ports, ask, What.ACCESS)
        return
    now = ports.clock.now()

    def work(tx: Transaction) -> None:
        change = _parse(tx, ask, words)
        grant = change.grant
        if grant.person in ports.admins and grant.role is Role.ADMIN:
            who = f"<@{grant.person.user}>"
            said = f"{who} is admin by D365BOT_ADMINS, which whoever runs the bot changes."
            reply(tx, ask, Answer(Tone.DONE, said), now)
            return
        done = tx.grant(grant, ask.person, now) if change.adds else tx.revoke(grant)
        who = f"<@{grant.person.user}>"
        if not done:
            held = "already has" if change.adds else "does not have"
            said = f"{who} {held} the role {grant.role} {change.where}."
            reply(tx, ask, Answer(Tone.DONE, said), now)
            return
        tx.record(
            at=now,
            workspace=ask.workspace,
            actor=ask.person,
            tag=AuditTag.ACCESS_GRANTED if change.adds else AuditTag.ACCESS_REMOVED,
            connection=grant.connection_id,
            details={"person": str(grant.person), "role": grant.role.value, "on": change.where},
        )
        verb = "now has" if change.adds else "no longer has"
        said = f"{who} {verb} the role {grant.role} {change.where}."
        reply(tx, ask, Answer(Tone.DONE, said), now)

    await ports.ledger.run(work)
    ports.messenger.nudge()


def _parse(reading: Reading, ask: Ask, words: list[str]) -> _Change:
    if words[0] not in ("add", "remove") or not 3 <= len(words) <= 4:
        raise Mistake(f"I did not understand access {_plain(words)}.", f"Use {USAGE}.")
    mention = _MENTION.fullmatch(words[1])
    if mention is None:
        raise Mistake(f"{words[1][:80]} is not a person.", "Name a person by @mention.")
    if words[2] not in list(Role):
        raise Mistake(f"{words[2][:80]} is not a role.", f"Roles: {', '.join(Role)}.")
    person = Person(ask.person.organisation, mention[1] or mention[2])
    if len(words) == 3 or words[3] == "all":
        connection_id, where = "", "on all connections"
    else:
        connection = the_connection(reading, ask.workspace, words[3])
        connection_id, where = connection.id, f"on {connection.name}"
    grant = Grant(ask.workspace, person, Role(words[2]), connection_id)
    return _Change(words[0] == "add", grant, where)


def _plain(words: list[str]) -> str:
    """As it was typed, a mention by its name."""
    return " ".join(re.sub(r"<@\w+\|([^>]+)>", r"@\1", word) for word in words[:4])[:120]
