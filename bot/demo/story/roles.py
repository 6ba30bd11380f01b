"""An admin gives roles; the new operator looks around."""

from bot.demo.play import Play
from handlers.commands import COMMANDS


def give_roles(play: Play) -> None:
    """Ada is named in D365BOT_ADMINS; everybody else starts with nothing."""
    for person, role in (("olga", "operator"), ("vera", "viewer"), ("paul", "approver")):
        answer = play.says("ada", f"/d365 access add @{person} {role}")
        play.contains(answer, f"{person} has the role {role}", f"@{person} now has the role {role}")


def ask_for_help(play: Play) -> None:
    """Help names every command."""
    answer = play.says("olga", "/d365 help")
    words = [f"/d365 {command.word}" for command in COMMANDS]
    play.contains(answer, "every command is there, and olga's role", *words, "Your roles: operator")
