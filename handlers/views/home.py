"""The Home tab: a card for each connection, what waits for the reader, and a guide at first."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, InteractiveElement

from connection.connection import (
    Connection,
    Health,
    Observed,
    seen_since,
    state_details,
    state_word,
)
from connection.directory import Standing
from connection.home import Ending, HomeCard, HomePicture
from connection.setup import FIELDS
from connection.testing import health_of
from handlers.views.blocks import (
    Message,
    actions,
    button,
    context,
    divider,
    escape,
    header,
    person,
    plain,
    section,
    sections,
)
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
_FEW_ADMINS, _ENDINGS, _STAND_OUT = 5, 2, 2


def home_view(picture: HomePicture) -> Message:
    """As a message whose blocks are the view's."""
    if picture.standing is not Standing.MEMBER:
        return _said(
            "Roles here go to members of this organisation only: no guests, bots, deactivated "
            "accounts or people of other organisations."
        )
    if not picture.roles:
        return _said(f"You have no role here yet. {_whom_to_ask(picture.admins)}")
    if not picture.cards:
        return _first_steps(picture)
    blocks: list[Block] = [header(TITLE), context(_summary(picture))]
    for number, card in enumerate(picture.cards):
        blocks += [divider(), *_card(card, stands_out=number < _STAND_OUT)]
    blocks.append(divider())
    if picture.others:
        blocks += sections([_line(one) for one in picture.others], len(picture.others))
    if picture.more:
        blocks.append(context(f"and {picture.more} more: `/d365 list` has all of them."))
    blocks.append(context(_about(picture)))
    states = [
        f"{card.status.connection.name}: {_state(card.status.connection)}" for card in picture.cards
    ]
    return Message(plain([TITLE, *states]), tuple(blocks))


def _about(picture: HomePicture) -> str:
    roles = ", ".join(sorted(picture.roles))
    more = " `/d365 setup NAME` sets up another connection." if picture.may_set_up else ""
    return f"Answers to these buttons come as direct messages.{more} Your roles: {roles}."


def _line(one: Connection) -> str:
    return f"{_SIGNS[one.health]}*{one.name}*: {_state(one)}"


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
    amiss, to_do = state_details(one)
    if amiss:
        lines += [f"*What is amiss:* {amiss}", f"*What to do:* {to_do}"]
    if card.request is not None:
        lines.append(_request(card))
    blocks: list[Block] = [section("\n".join(lines)), context(" · ".join(_facts(card)))]
    return [*blocks, actions(*_buttons(card, stands_out))]


def _state(one: Connection) -> str:
    since = seen_since(one)
    seen = f" (seen {slack_time(since)})" if since else ""
    return f"{HEALTH_WORDS[one.health]}; enabled in Business Central: {state_word(one)}{seen}"


def _request(card: HomeCard) -> str:
    one = card.request
    if one is None:
        return ""
    who = person(one.asked_by.organisation, one.asked_by.user)
    state = "a step is to be done by hand" if card.by_hand else one.state.words
    said = f"*{one.title}* to {one.plan.act}, asked for by {who}: {state}"
    return f"{said}, *and waits for you*" if card.waits_for_you else said


def _facts(card: HomeCard) -> list[str]:
    report = card.status.last_report
    tested = (
        f"Last test {slack_time(report.finished_at)}: {HEALTH_WORDS[health_of(report)]}"
        if report and report.finished_at
        else "Never tested"
    )
    ends = [_ending(one) for one in card.endings[:_ENDINGS]]
    left = len(card.endings) - len(ends)
    name = card.status.connection.name
    more = [f"{left} more: `/d365 secret {name}`"] if left > 0 else []
    return [tested, *ends, *more]


def _ending(one: Ending) -> str:
    soon = " *soon*" if one.soon else ""
    label = escape(_LABELS.get(one.field, one.field))
    return f"{label} ends{soon} {slack_day(one.at)}"


def _buttons(card: HomeCard, stands_out: bool) -> list[InteractiveElement]:
    one, request = card.status.connection, card.request
    buttons = []
    if request is not None:
        label = f"Show {request.title}"
        primary = card.waits_for_you and stands_out
        buttons.append(_named(label, "request_show", request.id, card, primary=primary))
    buttons.append(_named("Test", "test", one.id, card))
    buttons.append(_named("Status", "status", one.id, card))
    if card.may_operate:
        buttons.append(_named("Edit the setup", "setup", one.id, card))
        if request is None:
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
