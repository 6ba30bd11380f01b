"""What one person alone reads about requests: a question back, words in full, and a list."""

from collections.abc import Sequence

from connection.changes.pictures import RequestPicture, RequestsPicture
from connection.changes.plan import PlannedStep, public
from connection.changes.request import Request, StepRun
from handlers.views.blocks import (
    SECTION_TEXT,
    Attached,
    Message,
    Part,
    actions,
    button,
    clip_mrkdwn,
    context,
    escape,
    header,
    plain,
    section,
    sections,
)
from handlers.views.deciding import VERDICTS, named_people
from handlers.views.diff import title_of
from handlers.views.newer import CHILDREN, folded
from handlers.views.requests import request_title
from handlers.views.words import slack_time

_LINES_A_SECTION = 5
_OPEN, _MOST_LINES = 5, 150
_TOGETHER = CHILDREN * _LINES_A_SECTION
_REASON = 400
_LONG = 100
_MOST = 12


def alone_message(picture: RequestPicture) -> Message:
    """For the admin alone, before it is applied without the approvers."""
    one = picture.request
    who = named_people(one.roster) or "Nobody"
    why = clip_mrkdwn(escape(one.alone_reason), _REASON)
    text = (
        f"*Apply {one.title} alone?* {who} could have approved it, and reads of it at once, with "
        f"your reason: {why}. Its review stays open until somebody else closes it."
    )
    typed = f"Or type `/d365 request {one.title} alone-yes`."
    return Message(
        plain([text, typed]),
        (
            section(text),
            actions(button("Apply alone", "request_alone_yes", one.id)),
            context(f"{typed} `/d365 request {one.title} why` has all of it in full."),
        ),
    )


def words_message(picture: RequestPicture) -> Message:
    """All of it for one person alone, the services' own words included; a file where that is more
    than a message holds."""
    one = picture.request
    title = f"{one.title} in full, for you alone"
    told = [
        ("Reason", one.reason),
        ("Alone, with the reason", one.alone_reason),
        ("Why it is as it is", one.said),
    ]
    told += [
        (f"{VERDICTS[each.verdict]} with the reason", each.reason) for each in picture.decisions
    ]
    told += [part for step in one.plan.steps for part in _planned(step)]
    told += [part for run in one.steps for part in _carried_out(run)]
    said = [(label, text) for label, text in told if text]
    lines = [f"*{escape(label)}*: {escape(text)}" for label, text in said]
    lines = lines or ["They said nothing beside what the card shows."]
    first, more = lines[:_OPEN], lines[_OPEN:_MOST_LINES]
    blocks: list[Part] = [header(title), *sections(first, _LINES_A_SECTION)]
    for at in range(0, len(more), _TOGETHER):
        inside = sections(more[at : at + _TOGETHER], _LINES_A_SECTION)
        blocks.append(folded(f"{len(more[at : at + _TOGETHER])} more", inside, inside))
    whole = len(lines) <= _MOST_LINES and all(
        len(line) < SECTION_TEXT // _LINES_A_SECTION for line in lines
    )
    return Message(plain([title, *lines]), tuple(blocks), None if whole else _file(one, said))


def _planned(step: PlannedStep) -> list[tuple[str, str]]:
    title = title_of(step.step)
    values = [
        (f"{title}, {key} {when}", public(key, value))
        for when, some in (("was", step.before), ("will be", step.wanted))
        for key, value in some.items()
        if key in step.changed and len(value) > _LONG
    ]
    return [*values, (f"{title}, by hand because", step.by_hand), (f"{title}, note", step.note)]


def _carried_out(run: StepRun) -> list[tuple[str, str]]:
    title = title_of(run.step)
    return [
        (f"{title}, the service's own words", run.words),
        (f"{title}, {run.state.value.replace('_', ' ')}", run.said),
        (f"{title}, what to do", run.hint),
    ]


def _file(one: Request, said: Sequence[tuple[str, str]]) -> Attached:
    content = "\n\n".join(f"{label}\n{text}" for label, text in said)
    return Attached(f"{one.title}-{one.name}.txt", f"{one.title} in full", content)


def requests_message(picture: RequestsPicture) -> Message:
    """Open, to be reviewed, and the last ones."""
    parts = (
        ("Open", picture.open),
        ("Reviews that are open", picture.to_review),
        ("The last ones", picture.ended),
    )
    lines: list[str] = []
    for title, rows in parts:
        if rows:
            lines += [
                f"*{title}*",
                *(f"{request_title(one)} ({slack_time(one.asked_at)})" for one in rows[:_MOST]),
            ]
            left = len(rows) - _MOST
            lines += [f"and {left} more: `/d365 request R42` shows one"] if left > 0 else []
    lines = lines or ["No request was made yet. /d365 enable or disable makes one."]
    text = "Requests"
    return Message(plain([text, *lines]), (header(text), *sections(lines, 20)))
