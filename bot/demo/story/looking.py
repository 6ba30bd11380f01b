"""The commands that only show something."""

from bot.demo.play import Play
from bot.demo.story.setting_up import NAME


def look_around(play: Play) -> None:
    """Status for the channel; list, audit and help for the one who asks."""
    status = play.says("vera", f"/d365 status {NAME}", alone=False)
    play.contains(
        status, "the status names state, last test and secret", NAME, "Last test:", "set by"
    )
    listed = play.says("vera", "/d365 list")
    play.contains(listed, "the list has the connection", NAME, "1 connection", "every check passed")
    record = play.says("olga", f"/d365 audit {NAME}")
    play.contains(
        record, "the record says who did what", "test:finished", "secret:set", "Head of the chain"
    )
    again = play.says("vera", "/d365 help setup")
    play.contains(
        again, "help says what vera lacks", "needs the role operator", "Your roles: viewer"
    )
