"""Who decides about a request, who has decided, and the buttons and words that say so."""

from collections.abc import Sequence

from slack_sdk.models.blocks import InteractiveElement

from connection.changes.asking import asks_about_defaults
from connection.changes.pictures import RequestPicture
from connection.changes.plan import Act
from connection.changes.request import Request, RequestState, StepState, Verdict
from connection.people import Person
from handlers.views.blocks import button, clip_mrkdwn, escape, person
from handlers.views.diff import side_of
from handlers.views.words import counted, slack_time

VERDICTS: dict[Verdict, str] = {
    Verdict.APPROVE: "Approved",
    Verdict.REJECT: "Rejected",
    Verdict.WITHDRAW: "Withdrawn",
    Verdict.ALONE: "Applied without the approvers",
    Verdict.REVIEWED: "Reviewed afterwards",
}
_MOST_NAMED = 12
_MOST_DECISIONS = 5
_REASON = 140


def decided_lines(picture: RequestPicture) -> list[str]:
    """Who said what, and why."""
    before = len(picture.decisions) - _MOST_DECISIONS
    lines = [f"{counted(before, 'decision')} before these."] if before > 0 else []
    for one in picture.decisions[-_MOST_DECISIONS:]:
        who = person(one.person.organisation, one.person.user)
        reason = f": {clip_mrkdwn(escape(one.reason), _REASON)}" if one.reason else "."
        lines.append(f"{VERDICTS[one.verdict]} by {who}, {slack_time(one.at)}{reason}")
    if picture.request.review_is_open and picture.request.alone:
        lines.append("*Its review is open* until somebody else closes it.")
    if picture.signed_in is not None:
        who = person(picture.signed_in.organisation, picture.signed_in.user)
        lines.append(f"The administrator's sign-in was begun by {who}.")
    return lines


def who_decides(picture: RequestPicture) -> list[str]:
    """Who has to say something yet; nothing once it is decided."""
    one = picture.request
    if one.state is not RequestState.PENDING:
        return []
    if len(one.roster) < one.policy.approvals:
        return [_too_few(one)]
    approved = {each.person.user for each in picture.decisions if each.verdict is Verdict.APPROVE}
    missing = [who for who in one.roster if who.user not in approved]
    needed = counted(one.policy.approvals, "approval")
    so_far = f" ({len(approved)} given)" if approved else ""
    return [
        f"*Needs {needed}*{so_far} until {slack_time(one.ends_at)}, by {named_people(missing)}."
    ]


def named_people(people: Sequence[Person]) -> str:
    """The first ones by name."""
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


def typed_words(one: Request) -> str:
    """What can be typed in place of the buttons."""
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


def request_buttons(one: Request) -> list[InteractiveElement]:
    """What can be done now, the usual first."""
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
        rows.append((_what_they_said(one), "why"))
    return [
        button(label, f"request_{act}", one.id, primary=number == 0 and act != "withdraw")
        for number, (label, act) in enumerate(rows)
    ]


def _what_they_said(one: Request) -> str:
    sides = {side_of(step.step) for step in one.steps if step.words}
    return f"What {sides.pop() or 'it'} said" if len(sides) == 1 else "What both sides said"
