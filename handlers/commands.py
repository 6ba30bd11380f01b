"""Every word of `/d365`: one row each, with what it asks of the one who types it.

To add a command, add its use case to the service and its row here.
"""

import re
from dataclasses import dataclass

from connection.entry import Terms
from connection.errors import Mistake, PastedSecret, UnknownWord
from connection.naming import Naming
from connection.people import Role
from connection.secret_acts import SECRET_WORDS
from connection.service import ConnectionService
from connection.words import nearest
from handlers.change_commands import CHANGES
from handlers.command import Command
from handlers.ids import COMMAND
from handlers.views.help import HelpRow

FEATURES = "features"
_NUMBER = re.compile(r"-?[0-9][0-9.]{0,3}")


@dataclass(frozen=True, slots=True)
class Words:
    """`/d365 word [connection] [rest]`, taken apart."""

    command: Command
    connection: str
    rest: str


COMMANDS: tuple[Command, ...] = (
    Command(
        "help",
        "[command]",
        "shows the commands and your roles.",
        Terms(role=None),
        ConnectionService.show_help,
        takes_more=True,
    ),
    Command(
        "setup",
        "[connection] [features]",
        "opens the setup form of a connection, or of a new one.",
        Terms(role=Role.OPERATOR, naming=Naming.ANY, opens_form=True),
        ConnectionService.offer_form,
        behind=frozenset({FEATURES}),
        in_place=frozenset({FEATURES}),
        more="With the word features, or the button in the form, its second part: the integration "
        "solution, item availability, sales orders, the mapping of users. Saving changes nothing "
        "in Business Central or Sales.",
    ),
    Command(
        "list",
        "",
        "lists the connections that you may see.",
        Terms(role=Role.VIEWER, anywhere=True),
        ConnectionService.show_list,
    ),
    Command(
        "status",
        "[connection [names]]",
        "shows setup, state and last test, for everybody in the channel.",
        Terms(role=Role.VIEWER, naming=Naming.EXISTING),
        ConnectionService.show_status,
        takes_more=True,
        more="What everybody reads has no names of accounts and no addresses; with the word names "
        "you alone read them.",
    ),
    Command(
        "test",
        "[connection [explain [check]|all]]",
        "checks the connection step by step, for everybody in the channel. Reads only.",
        Terms(role=Role.VIEWER, naming=Naming.EXISTING),
        ConnectionService.test,
        takes_more=True,
        more="With the word explain you alone read what the last test asked of the services and "
        "what they answered, with every secret masked; with all, every check of it in full. Each "
        "check names the identity that it tested: the bot's own app; the integration user, whose "
        "own sign-in is tested where the bot holds its secret; on-premises the Business Central "
        "user.",
    ),
    Command(
        "history",
        "[connection]",
        "shows the last tests, and what changed since the connection last worked, for everybody "
        "in the channel.",
        Terms(role=Role.VIEWER, naming=Naming.EXISTING),
        ConnectionService.show_history,
    ),
    Command(
        "users",
        "[connection] [me]",
        "checks who of Business Central is who in Sales, for everybody in the channel. Reads only.",
        Terms(role=Role.VIEWER, naming=Naming.EXISTING),
        ConnectionService.users,
        takes_more=True,
        in_place=frozenset({"me"}),
        more="The channel reads numbers. Names and the whole list come to you alone, as a file in "
        "your direct messages. With the word me: which user of each side you would be, by the "
        "email in your Slack profile.",
    ),
    Command(
        "sync",
        "[connection]",
        "shows what Business Central synchronises with Sales, beside its defaults. Reads only.",
        Terms(role=Role.VIEWER, naming=Naming.EXISTING),
        ConnectionService.show_sync,
        more="Mappings, their directions, and the state of their jobs. What is set otherwise than "
        "Business Central would set it is told with the default.",
    ),
    *CHANGES,
    Command(
        "secret",
        "[connection] [confirm|encrypt|once|discard|use] [secret [make [days]|show]]",
        "shows what the bot holds of a connection's secrets, and takes new ones, outside Slack.",
        Terms(role=Role.OPERATOR, naming=Naming.EXISTING),
        ConnectionService.secret,
        takes_more=True,
        known_words=SECRET_WORDS,
        more="Best is no secret: a managed or workload identity, or a certificate that the bot "
        "makes. Else a form in the browser that works once, or d365bot secret set where the bot "
        "runs. What comes by the form waits until you confirm it here.",
    ),
    Command(
        "encryption",
        "[on]",
        "shows how the bot seals its secrets, or turns that on.",
        Terms(role=Role.OPERATOR, anywhere=True),
        ConnectionService.encryption,
        takes_more=True,
        known_words=frozenset({"on"}),
        note="Encryption here is the bot's own. Business Central's own, on its page Data "
        "Encryption Management, is another: online it is always on, on-premises Business Central "
        "asks about it when a password is typed there.",
    ),
    Command(
        "sign-in",
        "[connection] [cancel|yes|no|out]",
        "signs you in as an administrator of Sales, with a device code; kept in memory only.",
        Terms(role=Role.OPERATOR, naming=Naming.EXISTING),
        ConnectionService.sign_in,
        takes_more=True,
        known_words=frozenset({"cancel", "yes", "no", "out"}),
        more="The fourth identity, never stored. Enter the code on Microsoft's page; if the "
        "account is of another domain than the integration user, you are asked whether that is "
        "right.",
    ),
    Command(
        "audit",
        "[connection]",
        "shows who did what, the newest first.",
        Terms(role=Role.VIEWER, naming=Naming.OPTIONAL),
        ConnectionService.show_audit,
    ),
    Command(
        "access",
        "[add|remove @person|@group|#channel role [connection]] | [policy connection [word value]]",
        "shows who holds which role and who decides about changes, or changes it.",
        Terms(role=Role.ADMIN),
        ConnectionService.change_access,
        takes_more=True,
        more="Roles go to people, user groups and private channels, on one connection or on all. "
        "Once there are two admins, the roles approver and admin need another admin: access "
        "approve|reject|withdraw number, or the buttons. Guests, bots and people of other "
        "organisations hold no role.",
    ),
)

BY_WORD = {command.word: command for command in COMMANDS}


def parse(text: str) -> Words:
    """Raises `UnknownWord`, with the nearest word, for what is no command, and `Mistake` for
    words that the command does not take."""
    word, _, rest = text.strip().partition(" ")
    command = BY_WORD.get(word.lower() or "help")
    if command is None:
        near = nearest(word, BY_WORD)
        meant = f"Did you mean {COMMAND} {near}? " if near else ""
        raise UnknownWord(
            f"I do not know {COMMAND} {word[:40]}.", f"{meant}{COMMAND} help lists what I know."
        )
    rest = " ".join(rest.split())
    connection = ""
    instead = rest.partition(" ")[0].lower() in command.in_place
    if command.terms.naming is not Naming.NONE and not instead:
        connection, _, rest = rest.partition(" ")
    if rest and not command.takes_more and rest.lower() not in command.behind:
        raise Mistake(
            f"I did not understand “{rest[:60]}”.",
            f"Use {COMMAND} {command.word} {command.usage}".strip() + ".",
        )
    _refuse_other_words(command, rest)
    return Words(command, connection.lower(), rest)


def _refuse_other_words(command: Command, rest: str) -> None:
    """Raises `PastedSecret`: a password has no shape by which it could be told from a word."""
    known = command.known_words
    if known is None or all(word in known or _NUMBER.fullmatch(word) for word in rest.split()):
        return
    raise PastedSecret(
        f"I take only words that I know behind {COMMAND} {command.word}. Nothing was stored.",
        f"Use {COMMAND} {command.word} {command.usage}. If what you typed was a secret, it has "
        "passed through Slack: rotate it now, and never type one here.",
    )


def help_rows() -> tuple[HelpRow, ...]:
    """The table as help shows it."""
    return tuple(
        HelpRow(one.word, one.usage, one.summary, one.terms.role, one.note, one.more)
        for one in COMMANDS
    )
