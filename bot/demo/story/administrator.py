"""An administrator signs in with a device code, and out again."""

import re

from bot.demo.audience import NoAnswer
from bot.demo.play import Play
from bot.demo.screen import body_lines
from bot.demo.story.setting_up import NAME


def sign_in_and_out(play: Play) -> None:
    """The code is for her alone; nobody waits while she goes to Entra's page."""
    shown = play.says("ada", f"/d365 sign-in {NAME}")
    text = " ".join(" ".join(body_lines(shown, play.names)).split())
    found = re.search(r"enter the code ([A-Z0-9]+)", text)
    if found is None:
        raise NoAnswer("The message has no code.")
    account = play.stage.world.account_of("ada")
    play.script.narrate(f"ada opens Entra's page, enters the code, and signs in as {account}")
    play.stage.world.enter_code(found[1], account)
    signed_in = play.answered("ada", alone=True)
    play.contains(
        signed_in,
        "the bot says who signed in, and that this account may set things up",
        account,
        "System Administrator of Sales",
    )
    out = play.presses("ada", signed_in, "Sign out", alone=True)
    play.contains(out, "the token is forgotten", "Signed out")
