"""What people type behind `/d365 access`, taken apart."""

import re
from dataclasses import dataclass

from connection.asks import Ask
from connection.errors import Mistake
from connection.naming import the_connection
from connection.people import Circle, Grant, Person, Role
from connection.ports import Reading

USAGE = (
    "/d365 access, /d365 access add @person|@group|#private-channel role [connection], remove "
    "instead of add, or /d365 access approve|reject|withdraw number"
)
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>|([UW][A-Z0-9]{5,})")
_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]+)(?:\|[^>]*)?>|(S[A-Z0-9]{5,})")
_CHANNEL = re.compile(r"<#([CG][A-Z0-9]+)(?:\|[^>]*)?>|([CG][A-Z0-9]{5,})")


@dataclass(frozen=True, slots=True)
class Change:
    """`where` as a person says it; `name` is the handle or name of a group or channel."""

    grant: Grant
    where: str
    name: str = ""


def parse_change(reading: Reading, ask: Ask, words: list[str]) -> Change:
    """`add|remove holder role [connection]`. Raises `Mistake` and `UnknownConnection`."""
    if not 3 <= len(words) <= 4:
        raise Mistake(f"I did not understand access {_plain(words)}.", f"Use {USAGE}.")
    holder = _holder(ask, words[1])
    role = words[2].lower()
    if role not in list(Role):
        raise Mistake(f"{words[2][:80]} is not a role.", f"Roles: {', '.join(Role)}.")
    if len(words) == 3 or words[3].lower() == "all":
        connection_id, where = "", "on all connections"
    else:
        connection = the_connection(reading, ask.workspace, words[3].lower())
        connection_id, where = connection.id, f"on {connection.name}"
    return Change(Grant(ask.workspace, holder, Role(role), connection_id), where)


def parse_decision(words: list[str]) -> str:
    """The number of a request, or its id. Raises `Mistake`."""
    if len(words) != 2:
        raise Mistake(
            f"I did not understand access {_plain(words)}.",
            f"Say which one: /d365 access {words[0]} 3. /d365 access shows what waits.",
        )
    return words[1]


def who(change: Change) -> str:
    """A mention of a person; groups and channels by name, so that nobody is called."""
    holder = change.grant.holder
    if isinstance(holder, Person):
        return f"<@{holder.user}>"
    return circle_name(holder, change.name)


def circle_name(circle: Circle, name: str) -> str:
    """Such as `The group @crm-approvers`; by its id where the name is not known."""
    safe = re.sub(r"[^\w.-]", "", name)
    if circle.is_group:
        return f"The group @{safe}" if safe else f"The group {circle.id}"
    return f"The channel #{safe}" if safe else f"The channel {circle.id}"


def _holder(ask: Ask, word: str) -> Person | Circle:
    if found := _PERSON.fullmatch(word):
        return Person(ask.person.organisation, found[1] or found[2])
    if found := _GROUP.fullmatch(word) or _CHANNEL.fullmatch(word):
        return Circle(found[1] or found[2])
    raise Mistake(
        f"{word[:80]} is not a person, a user group or a channel.",
        "Name one by @mention or #channel, as Slack completes it.",
    )


def _plain(words: list[str]) -> str:
    """As it was typed, a mention by its name."""
    return " ".join(re.sub(r"<[@#!][^|>]*\|[@#]?([^>]+)>", r"@\1", word) for word in words[:4])[
        :120
    ]
