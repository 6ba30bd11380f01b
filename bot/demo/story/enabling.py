"""Enabling and disabling: a plan, an approval by somebody else, and an apply that all can watch."""

import re
import time
from collections.abc import Callable

from bot.demo.audience import NoAnswer
from bot.demo.paper import WIDTH
from bot.demo.play import CHANNEL, Play
from bot.demo.screen import body_lines, message_lines, progress_line
from bot.demo.simulated import Json, Message
from bot.demo.story.setting_up import NAME

SOLUTION = "MicrosoftDynamicsNavIntegration"
ROLES = ("bc-integration-administrator", "bc-integration-user")
IMPORT_SECONDS = 20
PATIENCE = 60.0
APPROVERS = ("ada", "paul")
READER = "vera"
"""Who only reads along, in the channel."""


def lose_the_solution(play: Play) -> None:
    """The world before: no solution, no roles of it, and an import that takes its time."""
    play.script.narrate(
        "In the simulated Sales somebody took the integration solution out. A package of it, made "
        "up, lies in the folder D365BOT_SOLUTION_DIR."
    )
    gone = {"solutions": {SOLUTION: None}, "nav_connections": None}
    sales = {
        "tables": gone,
        "user_roles": {"integration": dict.fromkeys(ROLES)},
        "imports": {"seconds": IMPORT_SECONDS},
    }
    play.stage.world.change({"sales": {"adventure": sales}})


def let_her_approve(play: Play) -> None:
    """The role does not help anybody with their own requests."""
    answer = play.says("ada", "/d365 access add @olga approver")
    play.contains(answer, "olga may approve what others ask for", "now has the role approver")


def ask_to_enable(play: Play) -> None:
    """Nothing is changed yet; who may approve gets the card in direct messages too."""
    card = _asks(play, f"/d365 enable {NAME} defaults the quarter begins")
    play.contains(
        card,
        "the card shows what will be, what stays, why, and who decides",
        "- Version was none + Version will be 9.2.0.1",
        "+ Integration Administrator will be given",
        "+ Enabled will be yes",
        "the quarter begins",
        "Stays as it is",
        "@paul",
    )
    enabled = _page(play)["Is_Enabled"]
    play.script.expect("nothing was changed by asking", enabled is False, enabled)


def approve_own_request(play: Play) -> None:
    """Whoever asks never approves."""
    refused = play.presses("olga", _card(play), "Approve", alone=True)
    play.contains(refused, "olga is refused, alone", "You asked for this yourself")


def approve(play: Play) -> None:
    """The card is edited in place; Sales wants an administrator for one step."""
    told = play.presses("paul", _card(play), "Approve", alone=True)
    play.contains(told, "paul is told that it begins", "It is carried out now")
    began = len(play.script.printed)
    waits = _watch(play, "waits for an administrator")
    progress = play.script.printed[began:]
    percents = [line for line in progress if re.search(r"Integration solution .* \d+\s%", line)]
    play.script.expect("the channel watched the import's percent", bool(percents), progress)
    play.contains(waits, "the card says who approved", "Approved by @paul")
    _sign_in(play)
    done = _watch(play, f"Enable {NAME}: done")
    play.contains(
        done,
        "the channel alone tells the story: who asked and why, who approved, whose sign-in it "
        "took, what was done",
        "Asked for by @olga",
        "the quarter begins",
        "Approved by @paul",
        "sign-in was begun by @olga",
        "Version was none, is 9.2.0.1",
    )
    play.audience.take_note()


def look_at_both_sides(play: Play) -> None:
    """As the simulated world has it."""
    page, sales = _page(play), _sales(play)
    held = {role for role, given in sales["user_roles"]["integration"].items() if given}
    rows = sales["tables"]["nav_connections"].values()
    jobs = {one["Status"] for one in _pages(play)["job_queue_entries"].values()}
    facts = {
        "Business Central is enabled": page["Is_Enabled"] is True,
        "Sales hands its orders over": page["Is_S_Order_Integration_Enabled"] is True,
        "the integration user has both roles": set(ROLES) <= held,
        "Sales knows where Business Central is": len(rows) == 1,
        "no job is on hold": "On Hold" not in jobs,
    }
    for sentence, holds in facts.items():
        play.script.expect(f"in the simulated world: {sentence}", holds, sorted(jobs))


def disable(play: Play) -> None:
    """Approved by a typed command this time."""
    card = _asks(play, f"/d365 disable {NAME} maintenance tonight")
    play.contains(
        card,
        "the card says what happens",
        "- Enabled was yes + Enabled will be no",
        "This changes nothing in Sales",
    )
    number = body_lines(card, play.names)[0].split()[0]
    play.says("paul", f"/d365 approve {number}")
    _watch(play, f"Disable {NAME}: done")
    page, orders = _page(play), _sales(play)["tables"]["organizations"]["adventure"]
    play.script.expect("Business Central is disabled", page["Is_Enabled"] is False, page)
    left = orders["issopintegrationenabled"] is True
    play.script.expect("Sales is left as it was", left, orders)
    play.audience.take_note()


def _asks(play: Play, text: str) -> Message:
    play.script.typed("olga", CHANNEL, text)
    play.stage.slack.command("olga", CHANNEL, text)
    card = _watch(play, "waits for approval", once=True)
    told = _told_directly(play)
    play.script.expect(
        f"everybody in #{CHANNEL} sees the card, and {' and '.join(APPROVERS)}, who may approve, "
        "also in direct messages",
        told == set(APPROVERS),
        told,
    )
    return card


def _told_directly(play: Play) -> set[str]:
    """Who got a copy of the card, which may come a moment after it."""
    told: set[str] = set()
    end = time.monotonic() + PATIENCE
    while not told >= set(APPROVERS) and time.monotonic() < end:
        new = play.audience.take_note().items()
        told |= {who for who, seen in new if any(one.channel.startswith("dm-") for one in seen)}
    return told


def _sign_in(play: Play) -> None:
    shown = play.presses("olga", _card(play), "Sign in and apply", alone=True)
    text = " ".join(" ".join(body_lines(shown, play.names)).split())
    found = re.search(r"enter the code ([A-Z0-9]+)", text)
    if found is None:
        raise NoAnswer("The message has no code.")
    account = play.stage.world.account_of("ada")
    play.script.narrate(f"ada sits beside olga and enters the code as {account}")
    play.stage.world.enter_code(found[1], account)


def _card(play: Play) -> Message:
    """The newest one in the channel, as it stands."""
    cards = [one for one in play.stage.slack.sees(READER).messages if _is_card(play, one)]
    if not cards:
        raise NoAnswer("There is no card in the channel.")
    return cards[-1]


def _is_card(play: Play, message: Message) -> bool:
    return bool(re.match(r"R\d+ ", body_lines(message, play.names)[0]))


def _watch(play: Play, title: str, *, once: bool = False) -> Message:
    """Waits until the card's title says so; each state that was seen in a line."""
    tell: Callable[[str], None] = (
        (lambda _: None) if once else lambda line: play.script.show([line])
    )
    end, event, last = time.monotonic() + PATIENCE, -1, ""
    while time.monotonic() < end:
        sight = play.stage.slack.sees(READER, after=event if event >= 0 else None)
        event = sight.event
        cards = [one for one in sight.messages if _is_card(play, one)]
        if not cards:
            continue
        if title in body_lines(cards[-1], play.names)[0]:
            play.script.seen(message_lines(cards[-1], play.names))
            return cards[-1]
        line = progress_line(cards[-1], play.names)
        if line != last:
            last = line
            tell(line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…")
    raise NoAnswer(f"The card never said “{title}”.")


def _pages(play: Play) -> Json:
    ready = play.stage.ready
    place = play.stage.world.facts()["business_central"][ready.bc_environment]
    found: Json = place["companies"][ready.bc_company]["pages"]
    return found


def _page(play: Play) -> Json:
    found: Json = _pages(play)["crm_connection_setup"]["setup"]
    return found


def _sales(play: Play) -> Json:
    found: Json = play.stage.world.facts()["sales"]["adventure"]
    return found
