"""The commands that change both sides, and those by which changes are decided."""

from collections.abc import Awaitable, Callable

from connection.asks import Ask
from connection.changes.plan import Act
from connection.changes.request import Verdict
from connection.changes.words import KNOWN
from connection.entry import Terms
from connection.naming import Naming
from connection.people import Role
from connection.service import ConnectionService
from handlers.command import Command


def _asking(act: Act) -> Callable[[ConnectionService, Ask], Awaitable[None]]:
    return lambda service, ask: service.ask_for(ask, act)


def _deciding(verdict: Verdict) -> Callable[[ConnectionService, Ask], Awaitable[None]]:
    return lambda service, ask: service.decide(ask, verdict)


def _change(act: Act, usage: str, summary: str, more: str = "") -> Command:
    """Something that is asked for, approved by somebody else, and then carried out."""
    terms = Terms(role=Role.OPERATOR, naming=Naming.EXISTING)
    words = frozenset(KNOWN.get(act, ()))
    return Command(
        act.value,
        usage,
        summary,
        terms,
        _asking(act),
        takes_more=True,
        in_place=words,
        more=more,
    )


_APPROVED = "Somebody else approves it first."

CHANGES: tuple[Command, ...] = (
    _change(
        Act.ENABLE,
        "[connection] [defaults] [reason]",
        f"shows what enabling changes on both sides, and asks for it. {_APPROVED}",
        "Checks; solution, roles and marks of the integration user in Sales; sales order "
        "integration; page 5330 of Business Central; the addresses in Sales; the features. Each "
        "step is read back. With the word defaults Business Central may install its default "
        "mappings where it has none.",
    ),
    _change(
        Act.DISABLE,
        "[connection] [remove-row] [reason]",
        f"shows what disabling changes, and asks for it. {_APPROVED}",
        "Business Central puts its jobs on hold; Sales stays as it is. With the word remove-row "
        "the row of Business Central in Sales goes as well. Microsoft's page calls it disconnect.",
    ),
    Command(
        "approve",
        "R42 [reason]",
        "approves a request of somebody else.",
        Terms(role=Role.APPROVER, naming=Naming.REQUEST),
        _deciding(Verdict.APPROVE),
        takes_more=True,
    ),
    Command(
        "reject",
        "R42 [reason]",
        "rejects a request of somebody else.",
        Terms(role=Role.APPROVER, naming=Naming.REQUEST),
        _deciding(Verdict.REJECT),
        takes_more=True,
    ),
    Command(
        "withdraw",
        "R42 [reason]",
        "takes a request of yours back.",
        Terms(role=Role.VIEWER, naming=Naming.REQUEST),
        _deciding(Verdict.WITHDRAW),
        takes_more=True,
    ),
    Command(
        "request",
        "[R42 [why|defaults|done|resume|undo|leave|sign-in|alone reason|reviewed]]",
        "lists requests, shows one to the channel, or goes on with one.",
        Terms(role=Role.VIEWER, naming=Naming.ANY_REQUEST, anywhere=True),
        ConnectionService.request,
        takes_more=True,
        more="why: what the services said themselves, for you alone. defaults: ask once more, with "
        "Business Central's default synchronisation. done: a step by hand is done. "
        "resume, undo or leave what stopped; undo is a request of its own. sign-in: as an "
        "administrator of Sales, where the bot's own user lacks a right. alone: an admin applies "
        "without the approvers, who read of it; reviewed closes its review, by somebody else.",
    ),
    _change(
        Act.SOLUTION,
        "[connection] [reason]",
        f"imports or upgrades the integration solution in Sales. {_APPROVED}",
        "The package is the newest that fits the organisation in the folder D365BOT_SOLUTION_DIR.",
    ),
    _change(
        Act.ROLES,
        "[connection] [reason]",
        f"gives the integration user its roles and marks in Sales. {_APPROVED}",
    ),
    _change(
        Act.SALES_ORDERS,
        "[connection] on|off [reason]",
        f"turns sales order integration in Sales on or off. {_APPROVED}",
    ),
    _change(
        Act.WEB_CLIENT_URL,
        "[connection] [reason]",
        f"sets the web client URL in Sales to the setup's, or to the default. {_APPROVED}",
        "As Business Central's Reset Web Client URL it empties the OData user and key as well.",
    ),
    _change(
        Act.AVAILABILITY,
        "[connection] on|off [reason]",
        f"turns item availability in Sales on or off. {_APPROVED}",
    ),
)
