"""What is said in the thread of somebody's card: it waits for them, or went on without them."""

from connection.changes.pictures import RequestPicture
from connection.changes.request import Request, RequestState, Verdict
from handlers.views.blocks import Message, clip_mrkdwn, escape, person, plain, section
from handlers.views.deciding import typed_words
from handlers.views.requests import request_title
from handlers.views.words import counted, slack_time

_REASON = 400


def note_message(picture: RequestPicture, user: str) -> Message:
    """Names whom it is for: a thread calls nobody else."""
    one = picture.request
    if one.state is RequestState.PENDING:
        text = f"<@{user}> {_waits(picture)}"
    elif one.review_is_open:
        text = f"<@{user}> {_without(one)}"
    else:
        text = f"{request_title(one)}. There is nothing left for you to decide."
    return Message(plain([text]), (section(text),))


def _waits(picture: RequestPicture) -> str:
    one = picture.request
    given = sum(each.verdict is Verdict.APPROVE for each in picture.decisions)
    so_far = f", {given} given" if given else ""
    needed = counted(one.policy.approvals, "approval")
    return (
        f"{request_title(one)} until {slack_time(one.ends_at)}; it needs {needed}{so_far}. Decide "
        f"on the card above. {typed_words(one)}"
    )


def _without(one: Request) -> str:
    admin = person(one.alone.organisation, one.alone.user) if one.alone else "an admin"
    why = clip_mrkdwn(escape(one.alone_reason), _REASON)
    return (
        f"{request_title(one)}. {admin} applies it without the approvers: {why} Its review stays "
        "open until somebody else closes it. All of it stands in full under "
        f"`/d365 request {one.title} why`."
    )
