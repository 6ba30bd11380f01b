"""What people may not do, and what nobody understands."""

from bot.demo.play import Play
from bot.demo.story.setting_up import NAME


def refuse(play: Play) -> None:
    """Alone and politely, and with what to do next."""
    vera = play.says("vera", f"/d365 setup {NAME}")
    play.contains(vera, "vera is refused politely", "Sorry", "needs the role operator", "Ask an")
    views = play.stage.slack.sees("vera").views
    play.script.expect("no form opened for her", not views, views)
    sam = play.says("sam", f"/d365 test {NAME}", channel="general")
    play.contains(sam, "sam, who has no role, is refused", "Sorry", "needs the role viewer")
    typo = play.says("vera", "/d365 tset")
    play.contains(typo, "an unknown word gets the nearest one", "Did you mean /d365 test?")
    nobody = play.says("vera", "/d365 test adventure-prd")
    play.contains(nobody, "an unknown name gets the nearest one", f"Did you mean {NAME}?")
