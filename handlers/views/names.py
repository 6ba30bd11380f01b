"""What a channel does not read, for the one who asks alone."""

from connection.names import NamesPicture
from connection.report import CheckResult
from handlers.views.blocks import Message, Part, context, escape, header, is_cut, plain, sections
from handlers.views.links import Links
from handlers.views.newer import CHILDREN, folded
from handlers.views.words import OUTCOME_WORDS

_WHY = "Channels read no account names, no addresses, and nothing in a service's own words."
_NONE = ("No names", "neither in its setup nor in its last test.")
_CUT = "*All checks* of the report has each check in full."
_LINES_A_SECTION = 4
_OPEN, _MOST = 8, 120
_TOGETHER = CHILDREN * _LINES_A_SECTION


def names_message(picture: NamesPicture) -> Message:
    """Of the setup, then of the last test's checks, in full."""
    title = f"For you alone: names in {picture.name}"
    facts = [*picture.facts, *((one.title, _in_full(one)) for one in picture.results)] or [_NONE]
    links = Links(picture.setup)
    lines = [links.within(f"*{escape(label)}:* {escape(value)}") for label, value in facts]
    blocks: list[Part] = [header(title), *sections(lines[:_OPEN], _LINES_A_SECTION)]
    for at in range(_OPEN, len(lines[:_MOST]), _TOGETHER):
        some = lines[at : at + _TOGETHER]
        inside = sections(some, _LINES_A_SECTION)
        blocks.append(folded(f"{len(some)} more", inside, inside))
    blocks.append(context(_WHY))
    if is_cut(blocks) or len(lines) > _MOST:
        blocks.append(context(_CUT))
    spoken = (escape(f"{label}: {value}") for label, value in facts)
    return Message(plain([title, *spoken]), tuple(blocks))


def _in_full(result: CheckResult) -> str:
    said = f"{OUTCOME_WORDS[result.outcome][1]} in the last test. {result.sentence}"
    remedy = f"What to do: {result.remedy}" if result.remedy else ""
    return " ".join(part for part in (said, result.private, remedy) if part)
