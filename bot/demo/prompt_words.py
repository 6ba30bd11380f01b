"""What one can type at the demo's prompt besides `/d365 …`: one row a word."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from bot.demo.paper import folded
from bot.demo.right_values import value_lines
from bot.demo.session import Session
from bot.demo.surroundings import DEMO_FOLDER

FIELD = "bot_client_secret"
_SECRETS_ARE_GIVEN = (
    "Whoever runs the bot gives it secrets where it runs, never in Slack; the first time, after "
    "creating an encryption key. Here the demo runs the commands, with the simulated app's secret "
    "on standard input:"
)


@dataclass(frozen=True, slots=True)
class PromptWord:
    """A row of `WORDS`. `act` gets what stands behind the word."""

    word: str
    usage: str
    about: str
    act: Callable[[Session, str], None]


def _as(session: Session, rest: str) -> None:
    session.becomes(rest.removeprefix("@"))


def _in(session: Session, rest: str) -> None:
    channel = rest.removeprefix("#")
    members = session.stage.world.channels()
    if channel != "dm" and session.person not in members.get(channel, ()):
        theirs = ", ".join(name for name in members if session.person in members[name])
        session.terminal.show([f"{session.person} is in {theirs}; dm is the chat with the bot."])
        return
    session.channel = channel


def _look(session: Session, _rest: str) -> None:
    session.looks()


def _people(session: Session, _rest: str) -> None:
    people = session.stage.world.people()
    session.terminal.show(f"  {name:<8}{real_name}" for name, real_name in people.items())


def _channels(session: Session, _rest: str) -> None:
    channels = session.stage.world.channels()
    session.terminal.show(f"  {name:<12}{', '.join(who)}" for name, who in channels.items())


def _scenarios(session: Session, _rest: str) -> None:
    known = session.stage.world.scenarios()
    session.terminal.show(f"  {name:<24}{says}" for name, says in known)


def _scenario(session: Session, rest: str) -> None:
    says = session.stage.world.become(rest)
    session.terminal.show([f"The world is now {rest}: {says}"])


def _secret(session: Session, rest: str) -> None:
    """Runs what an operator runs, with the simulated app's real secret on standard input."""
    name = rest or _connection(session)
    if not name:
        session.terminal.show(["Set up a connection first, with /d365 setup adventure-prod"])
        return
    session.terminal.show(folded(_SECRETS_ARE_GIVEN, hang=""))
    if not any(session.stage.folders.keys.glob("encryption-*.key")):
        _run(session, "", "keys", "new")
    secret = session.stage.ready.bot_client_secret
    _run(session, secret, "secret", "set", name, FIELD)


def _connection(session: Session) -> str:
    """The default one, '' if none is set up."""
    done = session.stage.command_line("connections", "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return next((str(row["name"]) for row in rows if row["default"]), "")


def _run(session: Session, typed: str, *words: str) -> bool:
    session.terminal.show(["", f"  $ d365bot {' '.join(words)}"])
    done = session.stage.command_line(*words, typed=typed)
    said = (done.stdout + done.stderr).replace(str(session.stage.folders.root), DEMO_FOLDER)
    session.terminal.show([*folded(said.rstrip(), "  "), ""])
    return done.returncode == 0


def _code(session: Session, rest: str) -> None:
    """What the person with a device code does on Entra's page."""
    account = session.stage.world.account_of(session.person)
    session.stage.world.enter_code(rest, account)
    session.terminal.show([f"{session.person} entered the code and signed in as {account}."])


def _upload(session: Session, rest: str) -> None:
    """What an administrator does in Entra with the public half of a certificate."""
    name = rest or _connection(session)
    done = session.stage.command_line("certificate", "show", name)
    if done.returncode:
        session.terminal.show(folded(done.stderr.rstrip(), "  "))
        return
    session.stage.world.upload_certificate(done.stdout)
    session.terminal.show([f"The simulated Entra ID knows the newest certificate of {name} now."])


def _values(session: Session, _rest: str) -> None:
    session.terminal.show(value_lines(session.stage))


def _help(session: Session, _rest: str) -> None:
    rows = [("/d365 …", "types a command into Slack; /d365 help lists them.")]
    rows += [("1, 2, …", "presses the numbered button of the latest message.")]
    rows += [(f"{one.word} {one.usage}".strip(), one.about) for one in WORDS]
    rows += [("quit", "stops everything; so does the end of input.")]
    session.terminal.show(f"  {typed:<24}{about}" for typed, about in rows)


WORDS: tuple[PromptWord, ...] = (
    PromptWord("as", "PERSON", "acts as somebody else.", _as),
    PromptWord("in", "CHANNEL", "goes to another channel; dm is the chat with the bot.", _in),
    PromptWord("look", "", "shows the channel again, as this person sees it.", _look),
    PromptWord("people", "", "lists who is there.", _people),
    PromptWord("channels", "", "lists the channels and who is in them.", _channels),
    PromptWord("values", "", "shows what to fill in; also while a form is open.", _values),
    PromptWord(
        "secret", "[CONNECTION]", "gives the bot its client secret, outside Slack.", _secret
    ),
    PromptWord("code", "CODE", "enters a device code on Entra's page, as this person.", _code),
    PromptWord(
        "upload", "[CONNECTION]", "uploads the bot's certificate to the simulated Entra.", _upload
    ),
    PromptWord(
        "scenario", "NAME", "makes something wrong in the world, or healthy again.", _scenario
    ),
    PromptWord("scenarios", "", "lists what can be wrong.", _scenarios),
    PromptWord("help", "", "shows this.", _help),
)
