"""What a plan changes, as a diff that reads without colour: `- … was`, `+ … will be`, by side."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from connection.changes.plan import Plan, PlannedStep, public
from connection.changes.step import Side
from connection.changes.table import BY_ID
from connection.names import veiled
from handlers.views.blocks import SECTION_TEXT, Part, clip, clip_mrkdwn, escape, lines_of, section
from handlers.views.links import Links
from handlers.views.newer import CHILDREN, folded
from handlers.views.words import counted

_VALUE, _BEFORE_IT, _NOTE = 160, 30, 200
_EMPTY = "empty"
_COMPACT, _MOST_COMPACT = 70, 6
_POLICY = "Policy"


def title_of(step_id: str) -> str:
    """As people read it."""
    return BY_ID[step_id].title if step_id in BY_ID else _POLICY


def side_of(step_id: str) -> str:
    """Where it changes something; '' for a policy, which is the bot's own."""
    return BY_ID[step_id].side if step_id in BY_ID else ""


def changing(plan: Plan) -> list[PlannedStep]:
    """The steps that write something."""
    return [one for one in plan.steps if one.changed or one.again]


def change(planned: PlannedStep, names: Sequence[str], will_be: str = "will be") -> str:
    """In a line: `Version was none, will be 9.2.0.1`."""
    return "; ".join(
        f"{what}was {before}, {will_be} {wanted}" if before else f"{what}{will_be} {wanted}"
        for what, before, wanted in _values(planned, names)
    )


def diff_lines(plan: Plan, names: Sequence[str]) -> list[str]:
    """For plain text: a line for each step."""
    return [_line(one, names) for one in changing(plan)]


def _line(planned: PlannedStep, names: Sequence[str]) -> str:
    side = side_of(planned.step)
    where = f" in {side}" if side else ""
    line = f"{title_of(planned.step)}{where}: {change(planned, names)}."
    if planned.by_hand:
        line += f" By hand, because {_told(planned.by_hand, names, _NOTE)}."
    return f"{line} {_told(planned.note, names, _NOTE)}".rstrip()


def diff_parts(plan: Plan, names: Sequence[str], links: Links, room: int) -> list[Part]:
    """Each side with its steps, as many as so many lines hold; the rest is folded, and in classic
    blocks a short line each."""
    parts: list[Part] = []
    steps = changing(plan)
    more: list[PlannedStep] = []
    for side in ("", *Side):
        here = [one for one in steps if side_of(one.step) == side]
        told = [_step(one, names, links) for one in here]
        shown = _within(told, room)
        room -= sum(map(_height, shown))
        more += here[len(shown) :]
        if side and shown:
            shown[0] = f"*In {side}*\n{shown[0]}"
        parts += [section(text) for text in shown]
    return [*parts, *_beyond(more, names, links)]


def _beyond(more: Sequence[PlannedStep], names: Sequence[str], links: Links) -> list[Part]:
    """The first block after the title stands for all of them where nothing folds."""
    blocks = _joined([f"*In {side_of(one.step)}*\n{_step(one, names, links)}" for one in more])
    short = [clip_mrkdwn(f"\N{BULLET} {_line(one, names)}", _COMPACT) for one in more]
    left = len(more) - _MOST_COMPACT
    if left > 0:
        short = [*short[:_MOST_COMPACT], f"and {left} more …"]
    title = f"{counted(len(more), 'more step')} that change something"
    parts: list[Part] = []
    for first in range(0, len(blocks), CHILDREN):
        some = blocks[first : first + CHILDREN]
        classic = [] if first else _joined([f"*{title}:*", *short])
        parts.append(folded(f"{title}, continued" if first else title, some, classic))
    return parts


def stays(plan: Plan) -> list[Part]:
    """What is so already: by name, folded."""
    line = stays_line(plan)
    if not line:
        return []
    number = len(_same(plan))
    title = f"Stays as it is: {counted(number, 'step')}" if number else "The checks passed"
    return [folded(title, [section(line)], [section(line)])]


def stays_line(plan: Plan) -> str:
    """The same in a sentence; '' where everything changes."""
    passed = "The checks passed. " if any(one.step == "checks" for one in _quiet(plan)) else ""
    same = _same(plan)
    return f"{passed}Stays as it is: {', '.join(same)}." if same else passed.strip()


def _quiet(plan: Plan) -> list[PlannedStep]:
    return [one for one in plan.steps if not (one.changed or one.again)]


def _same(plan: Plan) -> list[str]:
    return [title_of(one.step) for one in _quiet(plan) if one.step != "checks"]


def _step(planned: PlannedStep, names: Sequence[str], links: Links) -> str:
    """Title, by hand or not, the values, and what else there is to know."""
    title = f"\N{BULLET} *{title_of(planned.step)}*"
    if planned.by_hand:
        why = _told(planned.by_hand, names, _NOTE)
        title += f": *by hand* on {links.setup_page}, because {why}"
    note = _told(planned.note, names, _NOTE)
    title = f"{title}. {note}" if note else title
    return f"{title}\n```{_diff(planned, names)}```"


def _diff(planned: PlannedStep, names: Sequence[str]) -> str:
    lines: list[str] = []
    for what, before, wanted in _values(planned, names):
        lines += [f"- {what}was {before}"] if before else []
        lines.append(f"+ {what}will be {wanted}")
    return "\n".join(line.replace("```", "'''") for line in lines)


def _values(planned: PlannedStep, names: Sequence[str]) -> list[tuple[str, str, str]]:
    """The key with a blank, '' where the title says it; how it is, '' where nobody can read it;
    how it will be."""
    found = []
    for key in planned.wanted:
        if key in planned.changed or key in planned.again:
            before, wanted = planned.before.get(key), public(key, planned.wanted[key])
            was = "" if before is None else veiled(public(key, before), names) or _EMPTY
            what = "" if key == title_of(planned.step) else f"{escape(key)} "
            found.append((what, *_apart(was, veiled(wanted, names) or _EMPTY)))
    return found


def _apart(before: str, wanted: str) -> tuple[str, str]:
    """Both from where one sees that they differ, were they cut alike."""
    apart = (n for n, (one, other) in enumerate(zip(before, wanted, strict=False)) if one != other)
    start = next(apart, min(len(before), len(wanted))) - _BEFORE_IT
    long = max(len(before), len(wanted)) > _VALUE
    if not long or start < _VALUE // 2:
        start = 0
    beginning = "…" if start else ""
    first, second = (
        beginning + clip(" ".join(text[start:].split()), _VALUE) if text else ""
        for text in (before, wanted)
    )
    return escape(first), escape(second)


def _told(text: str, names: Sequence[str], most: int) -> str:
    return escape(clip(" ".join(veiled(text, names).split()), most))


def _height(text: str) -> int:
    return lines_of(text) + 1


def _within(told: Sequence[str], room: int) -> list[str]:
    shown: list[str] = []
    for text in told:
        room -= _height(text)
        if room < 0:
            break
        shown.append(text)
    return shown


def _joined(texts: Sequence[str]) -> list[Block]:
    """As few sections as hold them; none is torn."""
    parts: list[str] = []
    for text in texts:
        if parts and len(parts[-1]) + len(text) < SECTION_TEXT:
            parts[-1] += f"\n{text}"
        else:
            parts.append(text)
    return [section(part) for part in parts]
