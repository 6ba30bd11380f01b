"""Encryption is turned on, and the bot's client secret is given outside Slack."""

from bot.demo.play import Play
from bot.demo.story.setting_up import NAME
from bot.demo.surroundings import DEMO_FOLDER


def turn_encryption_on(play: Play) -> None:
    """Shown first, then turned on by a button."""
    shown = play.says("olga", "/d365 encryption")
    play.contains(
        shown,
        "encryption is off, and Business Central's own is told apart",
        "Encryption of secrets is off",
        "Data Encryption Management",
    )
    turned = play.presses("olga", shown, "Turn encryption on", alone=True)
    play.contains(turned, "the bot made its first key", "key 1 was made")


def give_the_secret(play: Play) -> None:
    """In a process of its own, beside the running bot; Slack says how, and that it came."""
    asked = play.says("olga", f"/d365 secret {NAME} bot_client_secret")
    words = ("secret", "set", NAME, "bot_client_secret")
    line = f"d365bot {' '.join(words)}"
    play.contains(asked, "Slack shows the line to type where the bot runs", line)
    given = play.stage.command_line(*words, typed=play.stage.ready.bot_client_secret)
    play.script.shell(
        f"{line}    (the secret comes in on standard input)",
        _said(play, given.stdout + given.stderr),
    )
    play.script.expect("the secret is stored", given.returncode == 0, given.stderr)
    held = play.says("olga", f"/d365 secret {NAME}")
    play.contains(
        held,
        "the list says by whom and when it was given, and how it is replaced",
        "set by",
        "fingerprint ends",
        "Replace it",
    )


def _said(play: Play, output: str) -> str:
    """Without the folder of this run."""
    return output.replace(str(play.stage.folders.root), DEMO_FOLDER)
