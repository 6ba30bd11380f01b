"""The audit record and the roles, for the one who asked."""

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import Block

from connection.audit import AuditEntry, AuditTag
from connection.people import Person
from connection.pictures import AuditPicture
from handlers.views.blocks import (
    Message,
    clip,
    context,
    escape,
    header,
    person,
    plain,
    section,
)
from handlers.views.words import slack_time

_DETAIL = 160
_NOT_SHOWN = frozenset(["report", "checks", "connection"])
_ROWS = 15


def audit_message(picture: AuditPicture) -> Message:
    """The newest acts, newest first, and the head of the chain."""
    title = f"Audit of {picture.connection}" if picture.connection else "Audit"
    if not picture.entries:
        text = "Nothing has been recorded here yet."
        return Message(text, (header(title), section(text)))
    blocks: list[Block] = [header(title)]
    shown = _folded(picture.entries)[:_ROWS]
    blocks += [section(_entry(entry, times)) for entry, times in shown]
    blocks.append(
        context(
            f"Head of the chain: `{picture.head}`. Keep it elsewhere: "
            f"`d365bot audit verify --head {picture.head}` proves that nothing was cut off. "
            "`d365bot audit export` has every row in full."
        )
    )
    return Message(plain([title, *(_plain_entry(entry) for entry, _ in shown)]), tuple(blocks))


def _folded(entries: Sequence[AuditEntry]) -> list[tuple[AuditEntry, int]]:
    """The same refusal of the same person again and again is one row, with how often."""
    folded: list[tuple[AuditEntry, int]] = []
    for entry in entries:
        if folded and _same_refusal(folded[-1][0], entry):
            folded[-1] = (folded[-1][0], folded[-1][1] + 1)
        else:
            folded.append((entry, 1))
    return folded


def _same_refusal(one: AuditEntry, other: AuditEntry) -> bool:
    return (one.tag, one.actor, one.details) == (other.tag, other.actor, other.details) and (
        one.tag in (AuditTag.COMMAND_LIMITED, AuditTag.COMMAND_REFUSED, AuditTag.SECRET_REFUSED)
    )


def _entry(entry: AuditEntry, times: int) -> str:
    actor = Person.parse(entry.actor)
    on = f" *{escape(_name(entry))}*" if _name(entry) else ""
    often = f" ({times} times)" if times > 1 else ""
    details = _details(entry.details)
    more = f"\n{escape(clip(details, _DETAIL))}" if details else ""
    who = person(actor.organisation, actor.user)
    return f"{entry.n}. {slack_time(entry.at)} {who} `{entry.tag}`{on}{often}{more}"


def _plain_entry(entry: AuditEntry) -> str:
    on = f" {escape(_name(entry))}" if _name(entry) else ""
    return f"{entry.n}. {slack_time(entry.at)} {escape(entry.actor)} {entry.tag}{on}"


def _name(entry: AuditEntry) -> str:
    return str(entry.details.get("connection") or "")


def _details(details: Mapping[str, object]) -> str:
    shown = [(name, value) for name, value in details.items() if name not in _NOT_SHOWN]
    checks = details.get("checks")
    if isinstance(checks, Mapping):
        failed = [str(name) for name, outcome in checks.items() if outcome == "fail"]
        shown += [("failed", ", ".join(failed))] if failed else []
    shown.sort(key=lambda item: isinstance(item[1], Mapping))
    return "; ".join(f"{name.replace('_', ' ')}: {_word(value)}" for name, value in shown)


def _word(value: object) -> str:
    if isinstance(value, Mapping):
        if set(value) == {"before", "after"}:
            return f"{value['before'] or '(empty)'} → {value['after'] or '(empty)'}"
        return ", ".join(f"{name} {_word(inner)}" for name, inner in value.items()) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
