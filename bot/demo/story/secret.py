"""The bot's client secret is given at the command line, outside Slack."""

from bot.demo.play import Play
from bot.demo.story.setting_up import NAME
from bot.demo.surroundings import DEMO_FOLDER


def give_the_secret(play: Play) -> None:
    """Two processes of their own, beside the running bot."""
    made = play.stage.command_line("keys", "new")
    play.script.shell("d365bot keys new", _said(play, made.stdout + made.stderr))
    play.script.expect("an encryption key exists now", made.returncode == 0, made.stderr)
    words = ("secret", "set", NAME, "bot_client_secret")
    secret = play.stage.ready.bot_client_secret
    given = play.stage.command_line(*words, typed=secret)
    line = f"d365bot {' '.join(words)}    (the secret comes in on standard input)"
    play.script.shell(line, _said(play, given.stdout + given.stderr))
    play.script.expect("the secret is stored", given.returncode == 0, given.stderr)
    play.expect_silence()


def _said(play: Play, output: str) -> str:
    """Without the folder of this run."""
    return output.replace(str(play.stage.folders.root), DEMO_FOLDER)
