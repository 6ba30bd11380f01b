"""`d365bot demo --terminal`: a prompt to type `/d365 …` as any of the simulated people."""

import httpx

from bot.demo.paper import folded
from bot.demo.prompt_words import WORDS
from bot.demo.roles import CHANNEL, give_roles
from bot.demo.session import Session
from bot.demo.simulated import CannotDo
from bot.demo.stage import StageFailed, open_stage
from bot.demo.terminal import Terminal
from bot.demo.watch import Watch

FIRST = "olga"
WELCOME = """
Everything runs. Slack, Microsoft and the people are made up; the bot is real. You are olga.
1. Type  /d365 setup adventure-prod  and fill in the form;  values  shows what belongs in it.
2. Type  secret  to give the bot its client secret, then  /d365 test  and press buttons with  1
3. Ask with  /d365 enable adventure-prod ; as paul  and  1  approve it.
4. help  shows what else there is, such as  as vera  and  scenario wrong-secret;  quit  ends it.
"""


def stay_up() -> int:
    """Until `quit` or the end of input; the exit code."""
    terminal = Terminal()
    terminal.show(["Starting the simulators and the bot."])
    try:
        with open_stage() as stage:
            give_roles(stage)
            watch = Watch(stage.slack, terminal, stage.ready.names, FIRST)
            try:
                _converse(Session(stage, terminal, watch, FIRST, CHANNEL))
            finally:
                watch.stop()
    except StageFailed as failure:
        terminal.show(str(failure).splitlines())
        return 1
    except httpx.HTTPError as failure:
        terminal.show([f"The simulators do not answer any more: {failure}"])
        return 1
    terminal.show(["Everything was stopped, and nothing was left behind."])
    return 0


def _converse(session: Session) -> None:
    session.terminal.show(WELCOME.splitlines())
    while True:
        try:
            line = session.terminal.ask(f"{session.person} in #{session.channel}> ")
        except (EOFError, KeyboardInterrupt):
            session.terminal.show([""])
            return
        try:
            if not _understood(session, line):
                return
        except EOFError:
            return
        except KeyboardInterrupt:
            session.terminal.show(["", "quit ends the demo."])
        except CannotDo as error:
            session.terminal.show(folded(f"That cannot be done: {error}"))


def _understood(session: Session, line: str) -> bool:
    """False when it is time to leave."""
    word, _, rest = line.partition(" ")
    if word in ("quit", "exit"):
        return False
    if line.startswith("/"):
        session.types(line)
    elif word.isdecimal():
        session.presses(int(word))
    elif known := next((one for one in WORDS if one.word == word), None):
        known.act(session, rest.strip())
    elif word:
        session.terminal.show(
            [f"I do not know {word!r}. Type /d365 help, or help for this prompt."]
        )
    return True
