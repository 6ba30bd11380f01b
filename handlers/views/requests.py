"""The card of a request: the same for everybody, drawn from how it stands now."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, InteractiveElement

from connection.changes.asking import asks_about_defaults
from connection.changes.pictures import PolicyPicture, RequestPicture, RequestsPicture
from connection.changes.plan import Act
from connection.changes.policies import USAGE, told
from connection.changes.request import Policy, Request, RequestState, StepState, Verdict
from connection.names import veiled
from connection.people import Person
from handlers.views.blocks import (
    Message,
    actions,
    button,
    context,
    escape,
    header,
    person,
    plain,
    section,
    sections,
)
from handlers.views.plan import (
    TITLES,
    impact_line,
    plan_lines,
    run_lines,
    stuck_lines,
    title_of,
)
from handlers.views.words import counted, slack_time

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
_VERDICTS: dict[Verdict, str] = {
    Verdict.APPROVE: "Approved",
    Verdict.REJECT: "Rejected",
    Verdict.WITHDRAW: "Withdrawn",
    Verdict.ALONE: "Applied without the approvers",
    Verdict.REVIEWED: "Reviewed afterwards",
}
_LINES_A_SECTION = 5
_MOST_NAMED = 12


def request_message(picture: RequestPicture) -> Message:
    """Plan or progress, who asked, who decided, and what can be done now."""
    one = picture.request
    title = _title(one)
    lines = _lines(picture)
    first = _first(picture)
    people = [*_decided(picture), *_who_decides(picture)]
    notes = _notes(picture)
    blocks: list[Block] = [header(title)]
    blocks += sections(first, _LINES_A_SECTION)
    blocks.append(section(_asked(one)))
    blocks += sections(lines, _LINES_A_SECTION)
    blocks += sections(people, _LINES_A_SECTION)
    buttons = _buttons(one)
    blocks += [actions(*buttons)] if buttons else []
    blocks += [context(" ".join(notes))] if notes else []
    return Message(plain([title, *first, _asked(one), *people, *lines, *notes]), tuple(blocks))


def _first(picture: RequestPicture) -> list[str]:
    """Why it does not go on, and what to do; nothing where all is well."""
    one = picture.request
    said = [_said(picture)] if one.said and one.state is not RequestState.PENDING else []
    return [*said, *stuck_lines(one, picture.names)]


def _said(picture: RequestPicture) -> str:
    return escape(veiled(picture.request.said, picture.names))


def _title(one: Request) -> str:
    by_hand = any(step.state is StepState.BY_HAND for step in one.steps)
    word = _STATE_WORDS.get(one.state, one.state.words)
    if one.state is RequestState.APPLYING and by_hand:
        word = "waits for a step by hand"
    return f"{one.title} {TITLES[one.plan.act]} {one.name}: {word}"


def _lines(picture: RequestPicture) -> list[str]:
    one = picture.request
    if one.state is RequestState.PLANNING:
        return ["I read both sides to see what would change. Nothing is changed yet."]
    if one.steps and (one.state in _SHOWS_RUN or any(step.reached for step in one.steps)):
        return run_lines(one, picture.names)
    return plan_lines(one.plan, picture.names)


def _asked(one: Request) -> str:
    words = f" {one.plan.words}" if one.plan.words else ""
    said = f"Asked for by {_who(one)}, {slack_time(one.asked_at)}:"
    said += f" `{one.plan.act}{words}`."
    return f"{said} Reason: {escape(one.reason)}" if one.reason else said


def _who(one: Request) -> str:
    return person(one.asked_by.organisation, one.asked_by.user)


def _decided(picture: RequestPicture) -> list[str]:
    lines = []
    for one in picture.decisions:
        who = person(one.person.organisation, one.person.user)
        reason = f": {escape(one.reason)}" if one.reason else "."
        lines.append(f"{_VERDICTS[one.verdict]} by {who}, {slack_time(one.at)}{reason}")
    if picture.request.review_is_open and picture.request.alone:
        lines.append("*Its review is open* until somebody else closes it.")
    if picture.signed_in is not None:
        who = person(picture.signed_in.organisation, picture.signed_in.user)
        lines.append(f"The administrator's sign-in was begun by {who}.")
    return lines


def _notes(picture: RequestPicture) -> list[str]:
    one = picture.request
    if one.state is not RequestState.PENDING:
        return [typed] if (typed := _typed(one)) else []
    notes = [impact_line(one.plan)]
    if one.plan.administrator:
        notes.append(
            "The bot's own user in Sales lacks a right that this needs: an administrator of Sales "
            "signs in for it."
        )
    return [note for note in (*notes, _typed(one)) if note]


def _who_decides(picture: RequestPicture) -> list[str]:
    one = picture.request
    if one.state is not RequestState.PENDING:
        return []
    if len(one.roster) < one.policy.approvals:
        return [_too_few(one)]
    approved = {each.person.user for each in picture.decisions if each.verdict is Verdict.APPROVE}
    missing = [who for who in one.roster if who.user not in approved]
    needed = counted(one.policy.approvals, "approval")
    so_far = f" ({len(approved)} given)" if approved else ""
    return [f"*Needs {needed}*{so_far} until {slack_time(one.ends_at)}, by {_named(missing)}."]


def _named(people: Sequence[Person]) -> str:
    named = ", ".join(person(who.organisation, who.user) for who in people[:_MOST_NAMED])
    more = len(people) - _MOST_NAMED
    return f"{named} and {more} more" if more > 0 else named


def _too_few(one: Request) -> str:
    said = (
        f"*{_how_few(one)} could approve this*, and it needs {one.policy.approvals}: give "
        f"somebody else the role {one.decided_by} with "
        "`/d365 access`, then withdraw it and ask again."
    )
    return said if one.plan.act is Act.POLICY else f"{said} An admin may apply it alone."


def _how_few(one: Request) -> str:
    return counted(len(one.roster), "person", "people") if one.roster else "Nobody"


def _typed(one: Request) -> str:
    if one.state is RequestState.PENDING:
        *others, last = _deciding(one)
        typed = [f"`/d365 {act} {one.title}`" for act in others[:1]]
        typed += [f"`{act}`" for act in others[1:]]
        last = f"or for who asked `{last}`" if others else f"`/d365 {last} {one.title}`"
        return f"Or type {', '.join([*typed, last])}."
    return f"`/d365 request {one.title}` shows it again." if one.is_open else ""


def _deciding(one: Request) -> tuple[str, ...]:
    """What can be said to it: an approval that could never be enough is not offered."""
    if not one.roster:
        return ("withdraw",)
    few = len(one.roster) < one.policy.approvals
    return ("reject", "withdraw") if few else ("approve", "reject", "withdraw")


def _buttons(one: Request) -> list[InteractiveElement]:
    by_hand = any(step.state is StepState.BY_HAND for step in one.steps)
    rows: list[tuple[str, str]] = []
    if one.state is RequestState.PENDING:
        rows = [(act.capitalize(), act) for act in _deciding(one)]
    elif one.state is RequestState.STOPPED:
        rows = [("Resume", "resume"), ("Undo", "undo"), ("Leave", "leave")]
    elif one.state is RequestState.WAITING_FOR_SIGN_IN:
        rows = [("Sign in and apply", "sign_in"), ("Leave", "leave")]
    elif one.state is RequestState.APPLYING and by_hand:
        rows = [("Done", "done"), ("Leave", "leave")]
    elif one.state is RequestState.VOID and any(step.reached for step in one.steps):
        rows = [("Undo", "undo")]
    elif one.state is RequestState.VOID and asks_about_defaults(one.plan):
        rows = [("Ask with the defaults", "defaults")]
    elif one.review_is_open and not one.is_open:
        rows = [("Close the review", "reviewed")]
    if any(step.words for step in one.steps) and one.is_open:
        rows.append(("In their own words", "why"))
    return [
        button(label, f"request_{act}", one.id, primary=number == 0 and act != "withdraw")
        for number, (label, act) in enumerate(rows)
    ]


def alone_message(picture: RequestPicture) -> Message:
    """For the admin alone, before it is applied without the approvers."""
    one = picture.request
    text = (
        f"*Apply {one.title} alone?* {_named(one.roster) or 'Nobody'} could have approved it, "
        f"and reads of it at once, with your reason: {escape(one.alone_reason)}. Its review stays "
        "open until somebody else closes it."
    )
    typed = f"Or type `/d365 request {one.title} alone-yes`."
    return Message(
        plain([text, typed]),
        (
            section(text),
            actions(button("Apply alone", "request_alone_yes", one.id)),
            context(typed),
        ),
    )


def words_message(picture: RequestPicture) -> Message:
    """What the services said themselves, for one person alone."""
    one = picture.request
    lines = [f"*{title_of(step.step)}*: {escape(step.words)}" for step in one.steps if step.words]
    title = f"{one.title}: the services' own words"
    lines = lines or ["They said nothing beside what the card shows."]
    return Message(plain([title, *lines]), (header(title), *sections(lines, _LINES_A_SECTION)))


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
                *(f"{_title(one)} ({slack_time(one.asked_at)})" for one in rows),
            ]
    lines = lines or ["No request was made yet. /d365 enable or disable makes one."]
    text = "Requests"
    return Message(plain([text, *lines]), (header(text), *sections(lines, 20)))


def policy_message(picture: PolicyPicture) -> Message:
    """How changes of a connection are decided."""
    title = f"Who decides about {picture.name}"
    policy = {**told(picture.policy), **_hours(picture.policy)}
    lines = [f"*{word}* {value}" for word, value in policy.items()]
    note = (
        "Who asks never approves. One reject ends a request; without a decision it ends after "
        f"{counted(picture.policy.expiry_hours, 'hour')}. An admin changes this, and with two "
        f"admins the other one approves: `{USAGE}`"
    )
    return Message(
        plain([title, *lines, note]), (header(title), section("\n".join(lines)), context(note))
    )


def _hours(policy: Policy) -> dict[str, str]:
    """The words of a policy that are hours, as people read them."""
    every = counted(policy.reminder_hours, "hour")
    return {
        "expiry": counted(policy.expiry_hours, "hour"),
        "reminders": f"every {every}" if policy.reminder_hours else "none",
    }
