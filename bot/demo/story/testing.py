"""Testing: healthy while it runs, then each fault with its red check and remedy."""

import re

from bot.demo.play import Play, Shown
from bot.demo.screen import body_lines
from bot.demo.simulated import Message
from bot.demo.story.setting_up import NAME
from connection.checks.table import CHECKS
from connection.report import Topic

SLOW_SECONDS = 0.5
TOOK = r"\d+(\.\d)?\s(ms|s)"

FAULTS: tuple[tuple[str, str, str], ...] = (
    # scenario, the check that turns red, words of its remedy
    ("wrong-secret", "Sign-in", "secret"),
    ("user-disabled", "Integration user", "enable"),
    ("role-missing", "Roles of the integration user", "give"),
    ("currency-mismatch", "Base currency", "connect a company"),
    ("services-unpublished", "Web services", "open Web Services"),
)


def test_while_it_is_healthy(play: Play) -> None:
    """One message, edited in place, the same for everybody."""
    play.script.narrate("Sales and Business Central answer slowly now, so that one can watch.")
    for site in ("dataverse", "bc"):
        play.stage.world.slow_down(site, SLOW_SECONDS)
    report = play.says("olga", f"/d365 test {NAME}", alone=False, shown=Shown.WHILE_IT_RUNS)
    play.script.expect("it is one message, edited while it ran", report.edits >= 1, report.edits)
    expect_all_passed(play, report)


def break_and_test(play: Play) -> None:
    """Each scenario of the simulated world, tested by somebody who may only look."""
    for number, (scenario, title, remedy) in enumerate(FAULTS):
        says = play.stage.world.become(scenario)
        play.script.narrate(f"The simulated world becomes “{scenario}”: {says}")
        shown = Shown.OPENING if number else Shown.AT_LAST
        report = play.says("vera", f"/d365 test {NAME}", alone=False, shown=shown)
        expect_failed(play, report, title, remedy)
    play.stage.world.become("healthy")
    play.script.narrate("The simulated world becomes healthy again.")
    expect_all_passed(play, play.presses("vera", report, "Test again"))


def expect_all_passed(play: Play, report: Message) -> None:
    """Every check of the table: named among those that passed, or it says why it is not made."""
    text = _text(play, report)
    passed = _passed(text)
    good = "– {0} not tested: "
    bad = [
        one.title
        for one in CHECKS
        if one.title not in passed and not re.search(good.format(one.title), text)
    ]
    play.script.expect("every check passed, or says why it cannot be made", not bad, f"{bad}")


def expect_failed(play: Play, report: Message, title: str, remedy: str) -> None:
    """The check is red, says what to do, and the others are all there."""
    text = _text(play, report)
    red = re.search(rf"✗ {title} failed: .+\n(What to do: .*)\n({TOOK}.*)", text)
    said = bool(red) and remedy in red[1] if red else False
    play.script.expect(f"{title} is red, with its remedy and time", said, text)
    passed = _passed(text)
    missing = [
        one.title for one in CHECKS if one.title not in passed and f" {one.title} " not in text
    ]
    play.script.expect("the report goes on with every other check", not missing, missing)


def _passed(text: str) -> list[str]:
    """The titles in the lines that fold them, one for each topic."""
    folded = re.split(r" checks passed(?:, .*)?\n", text)[-1]
    topics = "|".join(topic for topic in Topic if topic)
    lines = re.findall(rf"^\s*(?:{topics}): (.+)$", folded, re.MULTILINE)
    return [title for line in lines for title in line.split(", ")]


def _text(play: Play, report: Message) -> str:
    """One line for each line of the message."""
    text = "\n".join(body_lines(report, play.names))
    return re.sub(r"\n {2}(?=\S)", " ", text)
