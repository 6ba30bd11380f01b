"""The card of a request: the same for everybody, drawn from how it stands now."""

from connection.changes.pictures import RequestPicture
from connection.changes.request import Request, RequestState, StepState
from connection.names import veiled
from handlers.views.blocks import (
    Message,
    Part,
    actions,
    clip_mrkdwn,
    context,
    escape,
    header,
    is_cut,
    lines_of,
    person,
    plain,
    section,
    sections,
)
from handlers.views.deciding import decided_lines, request_buttons, typed_words, who_decides
from handlers.views.diff import diff_lines, diff_parts, stays, stays_line
from handlers.views.links import Links
from handlers.views.plan import TITLES, impact_line, run_lines, stuck_lines
from handlers.views.words import slack_time

_SHOWS_RUN = (
    RequestState.APPLYING,
    RequestState.APPLIED,
    RequestState.STOPPED,
    RequestState.WAITING_FOR_SIGN_IN,
    RequestState.UNDONE,
    RequestState.LEFT,
)
_STATE_WORDS: dict[RequestState, str] = {
    RequestState.PLANNING: "reading both sides",
    RequestState.PENDING: "waits for approval",
    RequestState.WAITING_FOR_SIGN_IN: "waits for an administrator",
    RequestState.APPLYING: "is carried out",
    RequestState.APPLIED: "done",
    RequestState.STOPPED: "stopped",
    RequestState.UNDONE: "taken back",
    RequestState.LEFT: "left as it is",
    RequestState.VOID: "not done",
}
_LINES_A_SECTION = 8
_RUNS_A_SECTION = 10
_MOST_LINES, _LEAST_LINES = 64, 24
"""Of a card, which two screens have to hold; and of what it is about."""
_SAID, _REASON = 300, 200
_PLANNING = "I read both sides to see what would change. Nothing is changed yet."


def request_message(picture: RequestPicture) -> Message:
    """Plan or progress, who asked, who decided, and what can be done now."""
    one, links = picture.request, Links(picture.setup)
    title = request_title(one)
    first = [links.within(line) for line in _first(picture)]
    people = [*decided_lines(picture), *who_decides(picture)]
    notes = _notes(picture)
    around = lines_of("\n".join([*first, _asked(one), *people, *notes]))
    lines, body = _body(picture, links, max(_LEAST_LINES, _MOST_LINES - around))
    blocks: list[Part] = [header(title), *sections(first, _LINES_A_SECTION), section(_asked(one))]
    blocks += body
    blocks += sections(people, _LINES_A_SECTION)
    buttons = request_buttons(one)
    blocks += [actions(*buttons)] if buttons else []
    if is_cut(blocks):
        notes.append(f"What ends in … stands in full: `/d365 request {one.title} why`.")
    blocks += [context(" ".join(notes))] if notes else []
    return Message(plain([title, *first, _asked(one), *people, *lines, *notes]), tuple(blocks))


def request_title(one: Request) -> str:
    """Number, act, connection and state."""
    by_hand = any(step.state is StepState.BY_HAND for step in one.steps)
    word = _STATE_WORDS.get(one.state, one.state.words)
    if one.state is RequestState.APPLYING and by_hand:
        word = "waits for a step by hand"
    return f"{one.title} {TITLES[one.plan.act]} {one.name}: {word}"


def _first(picture: RequestPicture) -> list[str]:
    """Why it does not go on, and what to do; nothing where all is well."""
    one = picture.request
    said = clip_mrkdwn(escape(veiled(one.said, picture.names)), _SAID)
    why = [said] if said and one.state is not RequestState.PENDING else []
    return [*why, *stuck_lines(one, picture.names)]


def _body(picture: RequestPicture, links: Links, room: int) -> tuple[list[str], list[Part]]:
    """How far it is, or what it would change: for plain text, and in blocks; in so many lines."""
    one = picture.request
    if one.state is RequestState.PLANNING:
        return [_PLANNING], [section(_PLANNING)]
    if one.steps and (one.state in _SHOWS_RUN or any(step.reached for step in one.steps)):
        lines = run_lines(one, picture.names, room)
        return lines, [*sections(lines, _RUNS_A_SECTION)]
    said = [*diff_lines(one.plan, picture.names), stays_line(one.plan)]
    return said, [*diff_parts(one.plan, picture.names, links, room), *stays(one.plan)]


def _asked(one: Request) -> str:
    words = f" {one.plan.words}" if one.plan.words else ""
    who = person(one.asked_by.organisation, one.asked_by.user)
    said = f"Asked for by {who}, {slack_time(one.asked_at)}: `{one.plan.act}{words}`."
    return f"{said} Reason: {clip_mrkdwn(escape(one.reason), _REASON)}" if one.reason else said


def _notes(picture: RequestPicture) -> list[str]:
    one = picture.request
    if one.state is not RequestState.PENDING:
        return [typed] if (typed := typed_words(one)) else []
    notes = [impact_line(one.plan)]
    if one.plan.administrator:
        notes.append(
            "The bot's own user in Sales lacks a right that this needs: an administrator of Sales "
            "signs in for it."
        )
    return [note for note in (*notes, typed_words(one)) if note]
