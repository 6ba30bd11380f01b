"""The Home tab: a card for each connection, what waits for the reader, and a guide at first."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, InteractiveElement

from connection.changes.request import Request, RequestState
from connection.connection import (
    Connection,
    Health,
    Observed,
    Wanted,
    seen_since,
    state_details,
    state_word,
)
from connection.directory import Standing
from connection.home import Ending, HomeCard, HomePicture
from connection.names import veiled
from connection.refusing import not_a_member
from connection.setup import FIELDS
from connection.testing import health_of
from handlers.views.blocks import (
    Message,
    actions,
    button,
    clip,
    clip_mrkdwn,
    context,
    divider,
    escape,
    header,
    is_cut,
    person,
    plain,
    section,
    sections,
)
from handlers.views.plan import stuck_lines
from handlers.views.words import HEALTH_WORDS, counted, slack_day, slack_time

TITLE = "The connection between Business Central and Dynamics 365 Sales"
_SIGNS: dict[Health, str] = {
    Health.UNTESTED: ":heavy_minus_sign: ",
    Health.HEALTHY: ":white_check_mark: ",
    Health.PARTLY: "",
    Health.WARNING: ":warning: ",
    Health.FAILING: ":x: ",
}
_LABELS = {about.name: about.label for about in FIELDS}
_GUIDE = (
    "*1. Set up a connection.* The form asks what Microsoft's setup page asks: the address of "
    "Sales, who signs in, and where Business Central is.\n"
    "*2. Give it its secret, outside Slack.* Best is a certificate that the bot makes; `/d365 "
    "secret` shows the ways.\n"
    "*3. Test it.* `/d365 test` in a channel: every check, and what to do about what failed.\n"
    "*4. Enable it.* `/d365 enable` shows what changes on both sides, and somebody else approves."
)
_FEW_ADMINS, _ENDINGS, _STAND_OUT, _MOST_REVIEWS = 5, 2, 2, 1
_REASON, _STUCK, _HINT = 120, 80, 160
_NEXT = {
    RequestState.STOPPED: ("Resume", "request_resume"),
    RequestState.WAITING_FOR_SIGN_IN: ("Sign in and apply", "request_sign_in"),
}
_TO_DO = "*What to do:* "
_CUT = (
    "What ends in … stands in full: of a request in `/d365 request R42 why`, and why a connection "
    "was disabled in `/d365 status NAME names`."
)


def home_view(picture: HomePicture) -> Message:
    """As a message whose blocks are the view's."""
    if picture.standing is None:
        return _said("Slack does not tell me who you are now. Open this tab again in a moment.")
    if picture.standing is not Standing.MEMBER:
        refusal = not_a_member(picture.standing)
        said = refusal.message.removesuffix(" Nothing was changed.")
        return _said(f"{said} {refusal.hint}")
    if not picture.roles:
        return _said(f"You have no role here yet. {_whom_to_ask(picture.admins)}")
    if not picture.cards:
        return _first_steps(picture)
    blocks: list[Block] = [header(TITLE), context(_summary(picture)), *_besides(picture)]
    for number, card in enumerate(picture.cards):
        blocks += [divider(), *_card(card, stands_out=number < _STAND_OUT)]
    blocks.append(divider())
    if picture.others:
        blocks += sections([_line(one) for one in picture.others], len(picture.others))
    if picture.more:
        blocks.append(context(f"and {picture.more} more: `/d365 list` has all of them."))
    if is_cut(blocks):
        blocks.append(context(_CUT))
    blocks.append(context(_about(picture)))
    states = [
        f"{card.status.connection.name}: {_state(card.status.connection)}" for card in picture.cards
    ]
    return Message(plain([TITLE, *states]), tuple(blocks))


def _about(picture: HomePicture) -> str:
    roles = ", ".join(sorted(picture.roles))
    more = " `/d365 setup NAME` sets up another connection." if picture.may_set_up else ""
    return f"Answers to these buttons come as direct messages.{more} Your roles: {roles}."


def _besides(picture: HomePicture) -> list[Block]:
    """What waits for the reader and is of no card."""
    blocks: list[Block] = []
    for one in picture.to_review[:_MOST_REVIEWS]:
        said = f"*{one.title}* of {one.name} was applied without the approvers, and waits for you."
        show = button(f"Show {one.title}", "request_show", one.id, about=one.name)
        blocks += [section(said), actions(show)]
    more = len(picture.to_review) - _MOST_REVIEWS
    if more > 0:
        blocks.append(context(f"and {more} more to look at: `/d365 request` lists them."))
    if picture.roles_waiting:
        roles = counted(picture.roles_waiting, "role waits", "roles wait")
        blocks.append(context(f"{roles} for a second admin: `/d365 access` shows them."))
    return blocks


def _line(one: Connection) -> str:
    return f"{_SIGNS[one.health]}*{one.name}*: {HEALTH_WORDS[one.health]}; {state_word(one)}"


def _said(sentence: str) -> Message:
    about = (
        "Here the connection is set up, tested, enabled and watched, with a second pair of eyes."
    )
    return Message(plain([TITLE, sentence]), (header(TITLE), section(sentence), context(about)))


def _whom_to_ask(admins: Sequence[str]) -> str:
    if not admins:
        return "Whoever runs the bot names its admins in D365BOT_ADMINS; they give roles."
    named = ", ".join(f"<@{one}>" for one in admins[:_FEW_ADMINS])
    more = f" and {len(admins) - _FEW_ADMINS} more" if len(admins) > _FEW_ADMINS else ""
    return f"Ask an admin for one: {named}{more}. They type `/d365 access add @you role`."


def _first_steps(picture: HomePicture) -> Message:
    if not picture.may_set_up:
        return _said("No connection is set up yet, or none that you may see.")
    sentence = "Nothing is set up yet. It takes four steps:"
    return Message(
        plain([TITLE, sentence]),
        (
            header(TITLE),
            section(f"{sentence}\n{_GUIDE}"),
            actions(button("Open the form", "set_up", "", primary=True)),
            context("Or type `/d365 setup`. Saving changes nothing in Business Central or Sales."),
        ),
    )


def _summary(picture: HomePicture) -> str:
    waiting = sum(card.waits_for_you for card in picture.cards)
    total = counted(len(picture.cards) + len(picture.others) + picture.more, "connection")
    if not waiting:
        return f"{total}; nothing waits for you"
    return f"{total}; {waiting} {'waits' if waiting == 1 else 'wait'} for you"


def _card(card: HomeCard, *, stands_out: bool) -> list[Block]:
    one = card.status.connection
    default = " (default)" if one.is_default else ""
    lines = [f"*{one.name}*{default}", f"{_SIGNS[one.health]}{_state(one)}"]
    lines += _amiss(card)
    if card.request is not None:
        lines += _request(card, card.request)
    blocks: list[Block] = [section("\n".join(lines)), context(" · ".join(_facts(card)))]
    return [*blocks, actions(*_buttons(card, stands_out))]


def _state(one: Connection) -> str:
    since = seen_since(one)
    seen = f" (seen so since {slack_time(since)})" if since else ""
    wanted = "" if one.wanted is Wanted.UNDECIDED else f", wanted {one.wanted.value}"
    said = f"in Business Central: {state_word(one)}{seen}{wanted}"
    return f"{HEALTH_WORDS[one.health]}; {said}"


def _amiss(card: HomeCard) -> list[str]:
    one = card.status.connection
    lines = []
    amiss, to_do = state_details(one)
    if one.disable_reason:
        reason = clip(veiled(one.disable_reason, card.names), _REASON)
        lines.append(f"*Disabled because:* {escape(reason)}")
    elif amiss:
        lines.append(f"*What is amiss:* {amiss}")
    return [*lines, f"{_TO_DO}{to_do}"] if to_do else lines


def _request(card: HomeCard, one: Request) -> list[str]:
    """What is asked, how it stands, and what somebody has to do by hand."""
    who = person(one.asked_by.organisation, one.asked_by.user)
    said = f"*{one.title}* to {one.plan.act}, asked for by {who}: {_how(card, one)}"
    if card.waits_for_you:
        said += ", *and waits for you*"
    first, *then = stuck_lines(one, card.names) or [""]
    hint = [clip_mrkdwn(line, _HINT) for line in then[:1] if line.startswith(_TO_DO)]
    stuck = [clip_mrkdwn(first, _STUCK), *hint] if first else []
    if one.state is RequestState.STOPPED and one.said and not stuck:
        stuck = [escape(clip(veiled(one.said, card.names), _REASON))]
    return [said, *stuck]


def _how(card: HomeCard, one: Request) -> str:
    if card.by_hand:
        return "a step is to be done by hand"
    until = f" until {slack_time(one.ends_at)}" if one.state is RequestState.PENDING else ""
    return f"{one.state.words}{until}"


def _facts(card: HomeCard) -> list[str]:
    name = card.status.connection.name
    ends = [_ending(name, one) for one in card.endings[:_ENDINGS]]
    left = len(card.endings) - len(ends)
    more = [f"{left} more: `/d365 secret {name}`"] if left > 0 else []
    return [_tested(card), *ends, *more]


def _tested(card: HomeCard) -> str:
    report = card.status.last_report
    if report is None or report.finished_at is None:
        return "Never tested"
    who = person(report.asked_by.organisation, report.asked_by.user)
    older = report.revision != card.status.saved.revision
    since = "; the setup was changed since" if older else ""
    outcome = HEALTH_WORDS[health_of(report)]
    return f"Last test {slack_time(report.finished_at)} by {who}: {outcome}{since}"


def _ending(name: str, one: Ending) -> str:
    label = escape(_LABELS.get(one.field, one.field))
    if not (one.soon or one.over):
        return f"{label} ends {slack_day(one.at)}"
    word = "is over since" if one.over else "ends soon,"
    return f"{label} *{word}* {slack_day(one.at)}: `/d365 secret {name} {one.field}`"


def _buttons(card: HomeCard, stands_out: bool) -> list[InteractiveElement]:
    """A plan is approved where it stands, on the card of its request: Home shows none."""
    one, request = card.status.connection, card.request
    buttons = []
    if request is not None:
        label, primary = f"Show {request.title}", card.waits_for_you and stands_out
        buttons.append(_named(label, "request_show", request.id, card, primary=primary))
        going_on = ("Done", "request_done") if card.by_hand else _NEXT.get(request.state)
        if going_on and card.waits_for_you:
            buttons.append(_named(*going_on, request.id, card))
    buttons.append(_named("Test", "test", one.id, card))
    buttons.append(_named("Status", "status", one.id, card))
    if card.may_operate:
        buttons.append(_named("Edit the setup", "setup", one.id, card))
    if card.may_ask:
        wanted = "disable" if one.observed is Observed.ENABLED else "enable"
        buttons.append(_named(f"Ask to {wanted}", wanted, one.id, card))
    buttons.append(_named("Users", "users", one.id, card))
    return buttons


def _named(
    label: str, action_id: str, value: str, card: HomeCard, *, primary: bool = False
) -> InteractiveElement:
    """Every card has the same buttons: read aloud, each names its connection."""
    about = card.status.connection.name
    return button(label, action_id, value, primary=primary, about=about)
