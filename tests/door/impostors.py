"""Signed requests by people about what is not theirs: what an attacker inside Slack can send."""

import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.stage import BotProcess

Payload = dict[str, Any]
_numbers = count(1)
OTHER_TEAM = "T0ELSEWHERE1"
SQL = "' OR 1=1; DROP TABLE connections; --"


@dataclass(frozen=True)
class Loot:
    """Ids that belong to somebody else, as a thief would have them."""

    team: str
    people: Mapping[str, str]
    channel: str
    connection: str
    draft: str
    handover: str
    sign_in: str
    request: str

    @classmethod
    def found(cls, bot: BotProcess) -> "Loot":
        """From the database."""
        with closing(sqlite3.connect(bot.data / "d365bot.sqlite")) as database:

            def newest(table: str) -> str:
                query = f"SELECT id FROM {table} ORDER BY rowid DESC LIMIT 1"  # noqa: S608
                return str(database.execute(query).fetchone()[0])

            return cls(
                team=bot.ready["team_id"],
                people=bot.ready["people"],
                channel=bot.ready["channels"]["crm-admins"],
                connection=newest("connections"),
                draft=newest("drafts"),
                handover=newest("handovers"),
                sign_in=newest("sign_ins"),
                request=newest("access_requests"),
            )


@dataclass(frozen=True)
class Impostor:
    """`sends` makes the form of a request; one of `says` has to be in what comes back, in the
    answer itself or in a message to the sender; empty where the sender can be told nothing."""

    name: str
    sends: Callable[[Loot], Mapping[str, str]]
    says: tuple[str, ...]


def _who(loot: Loot, name: str) -> str:
    return loot.people.get(name, name)


def press(who: str, action: object, value: object, team: str = "", **more: Any) -> Any:
    """A button, with its value; `value` may name a piece of loot as `{draft}`."""

    def sends(loot: Loot) -> Mapping[str, str]:
        filled = value.format(**vars(loot)) if isinstance(value, str) and "{" in value else value
        payload = {
            **_base(loot, who, team),
            "type": "block_actions",
            "channel": {"id": loot.channel},
            "actions": [{"action_id": action, "value": filled, "type": "button"}],
            **more,
        }
        return {"payload": json.dumps(payload)}

    return sends


def submit(
    who: str, metadata: str, callback: str = "setup", team: str = "", **typed: object
) -> Callable[[Loot], Mapping[str, str]]:
    """A form, with whose draft it says it is."""
    values = typed or {"name": "taken-over"}

    def sends(loot: Loot) -> Mapping[str, str]:
        filled = metadata.format(**vars(loot)) if "{" in metadata else metadata
        view = {
            "id": "V0FORGED",
            "hash": "1.1",
            "type": "modal",
            "callback_id": callback,
            "private_metadata": filled,
            "blocks": [{"type": "input", "block_id": name} for name in values],
            "state": {
                "values": {
                    name: {"value": {"type": "plain_text_input", "value": value}}
                    for name, value in values.items()
                }
            },
        }
        return {
            "payload": json.dumps(
                {**_base(loot, who, team), "type": "view_submission", "view": view}
            )
        }

    return sends


def types(who: str, text: str, team: str = "", **more: str) -> Callable[[Loot], Mapping[str, str]]:
    """A slash command."""

    def sends(loot: Loot) -> Mapping[str, str]:
        return {
            "command": "/d365",
            "text": text.format(**vars(loot)) if "{" in text else text,
            "team_id": team or loot.team,
            "channel_id": loot.channel,
            "user_id": _who(loot, who),
            "trigger_id": f"impostor.{next(_numbers)}",
            **more,
        }

    return sends


def _base(loot: Loot, who: str, team: str) -> Payload:
    return {
        "team": {"id": team or loot.team},
        "user": {"id": _who(loot, who), "team_id": team or loot.team},
        "trigger_id": f"impostor.{next(_numbers)}",
    }


NOT_YOURS = ("no longer open for you", "made for somebody else")
LACKS = ("Sorry, ",)
NOBODY = ("cannot use this bot", "needs the role", "not told me who you are")
GONE = ("is gone",)
NONE_WAITS = ("No such request waits", "needs the role")
OTHER_VERSION = ("another version",)

IMPOSTORS = (
    # other people's forms
    Impostor("a viewer sends an operator's form", submit("vera", "{draft}"), NOT_YOURS),
    Impostor("a stranger sends an operator's form", submit("sam", "{draft}"), NOT_YOURS),
    Impostor("an admin sends an operator's form", submit("ada", "{draft}"), NOT_YOURS),
    Impostor("a guest sends an operator's form", submit("gwen", "{draft}"), NOBODY),
    Impostor("a deactivated person sends a form", submit("dora", "{draft}"), NOBODY),
    Impostor("somebody unknown sends a form", submit("U0UNKNOWN9", "{draft}"), NOBODY),
    Impostor(
        "the operator of another workspace", submit("olga", "{draft}", team=OTHER_TEAM), NOBODY
    ),
    Impostor(
        "the question of another's form", submit("vera", "{draft}", "setup_confirm"), NOT_YOURS
    ),
    Impostor(
        "secrets for another's form", submit("vera", "{draft}", "secrets"), ("cannot be typed",)
    ),
    Impostor("a form without a draft", submit("olga", ""), NOT_YOURS),
    Impostor("a draft that was never made", submit("olga", "no-such-draft"), NOT_YOURS),
    Impostor("a connection's id for a draft", submit("olga", "{connection}"), NOT_YOURS),
    Impostor("SQL for a draft", submit("olga", SQL), NOT_YOURS),
    Impostor("a path for a draft", submit("olga", "../../../etc/passwd"), NOT_YOURS),
    Impostor("a null byte for a draft", submit("olga", "a\0b"), NOT_YOURS),
    Impostor("an endless draft", submit("olga", "d" * 3000), NOT_YOURS),
    Impostor("a form under a made-up name", submit("olga", "{draft}", "admin"), OTHER_VERSION),
    Impostor("the opening view is sent", submit("olga", "{draft}", "setup_opening"), OTHER_VERSION),
    Impostor(
        "fields that nobody asks for",
        submit("vera", "{draft}", __class__="x", id="1", workspace=OTHER_TEAM),
        NOT_YOURS,
    ),
    Impostor("numbers for text", submit("vera", "{draft}", name=7, tenant=None), NOT_YOURS),
    # other people's buttons
    Impostor("a viewer opens another's form", press("vera", "open_form", "{draft}"), LACKS),
    Impostor("an admin opens another's form", press("ada", "open_form", "{draft}"), NOT_YOURS),
    Impostor(
        "a form from another workspace", press("olga", "open_form", "{draft}", OTHER_TEAM), LACKS
    ),
    Impostor("a stranger tests", press("sam", "test", "{connection}"), LACKS),
    Impostor("a guest tests", press("gwen", "test", "{connection}"), LACKS),
    Impostor("a viewer edits", press("vera", "setup", "{connection}"), LACKS),
    Impostor("another workspace tests", press("olga", "test", "{connection}", OTHER_TEAM), LACKS),
    Impostor("a viewer looks at secrets", press("vera", "secret", "{connection}"), LACKS),
    Impostor(
        "a viewer gives a secret", press("vera", "give_bot_client_secret", "{connection}"), LACKS
    ),
    Impostor(
        "a viewer makes a certificate", press("vera", "make_bot_certificate", "{connection}"), LACKS
    ),
    Impostor("a viewer confirms a secret", press("vera", "secret_confirm", "{handover}"), LACKS),
    Impostor(
        "an admin confirms another's secret",
        press("ada", "secret_confirm", "{handover}"),
        ("asked from somebody else",),
    ),
    Impostor(
        "an admin discards another's secret",
        press("ada", "secret_discard", "{handover}"),
        ("asked from somebody else",),
    ),
    Impostor(
        "a secret from another workspace",
        press("ada", "secret_confirm", "{handover}", OTHER_TEAM),
        LACKS,
    ),
    Impostor("a viewer signs in as another", press("vera", "sign_in_yes", "{sign_in}"), LACKS),
    Impostor(
        "an admin takes another's sign-in",
        press("ada", "sign_in_yes", "{sign_in}"),
        ("somebody else's",),
    ),
    Impostor(
        "an admin ends another's sign-in",
        press("ada", "sign_in_cancel", "{sign_in}"),
        ("somebody else's",),
    ),
    Impostor("a viewer turns encryption on", press("vera", "encryption_on", ""), LACKS),
    Impostor("a viewer approves a role", press("vera", "access_approve", "{request}"), LACKS),
    Impostor(
        "the asker approves a role", press("ada", "access_approve", "{request}"), ("yourself",)
    ),
    Impostor(
        "another admin withdraws it",
        press("paul", "access_withdraw", "{request}"),
        ("Somebody else asked",),
    ),
    Impostor(
        "a role from another workspace",
        press("paul", "access_approve", "{request}", OTHER_TEAM),
        LACKS,
    ),
    Impostor("a request that never was", press("paul", "access_approve", "no-such"), NONE_WAITS),
    Impostor(
        "a connection for a request", press("paul", "access_approve", "{connection}"), NONE_WAITS
    ),
    Impostor(
        "words in a request's value",
        press("paul", "access_approve", "1 2 approve"),
        ("understand",),
    ),
    Impostor("a handover for a connection", press("ada", "test", "{handover}"), GONE),
    Impostor("SQL for a connection", press("ada", "test", SQL), GONE),
    Impostor("an endless value", press("ada", "test", "v" * 2000), GONE),
    Impostor("no value at all", press("ada", "test", None), GONE),
    Impostor("a value that is an object", press("ada", "test", {"id": "x"}), GONE),
    Impostor("a made-up button", press("ada", "drop_everything", "{connection}"), OTHER_VERSION),
    Impostor(
        "a button with an endless name", press("ada", "x" * 255, "{connection}"), OTHER_VERSION
    ),
    # commands
    Impostor(
        "a stranger makes themselves admin", types("sam", "access add U0SAMSELF1 admin"), LACKS
    ),
    Impostor(
        "a viewer makes themselves admin", types("vera", "access add U0VERASELF admin"), LACKS
    ),
    Impostor("an approver makes themselves admin", types("vera", "access approve 1"), LACKS),
    Impostor("a stranger sets up", types("sam", "setup taken-over"), LACKS),
    Impostor("a guest asks for help", types("gwen", "help"), ("guests cannot",)),
    Impostor("a deactivated person asks", types("dora", "help"), ()),
    Impostor("Slack's own bot asks", types("USLACKBOT", "help"), ()),
    Impostor("somebody unknown asks", types("U0UNKNOWN8", "help"), ()),
    Impostor("the admin's id in another workspace", types("ada", "access", OTHER_TEAM), LACKS),
    Impostor(
        "the admin's id under another organisation",
        types("ada", "access", enterprise_id="E0FORGED"),
        LACKS,
    ),
    Impostor("nobody at all", types("", "list"), LACKS),
    Impostor("a person with blanks", types(" U0ADA ", "access"), LACKS),
    Impostor("SQL for a person", types(SQL, "access"), LACKS),
    Impostor("SQL for a workspace", types("ada", "access", SQL), LACKS),
    Impostor(
        "SQL for a connection's name",
        types("vera", f"status {SQL}"),
        ("understand", "no connection"),
    ),
    Impostor(
        "a ping for a connection's name", types("vera", "status <!channel>"), ("no connection",)
    ),
    Impostor(
        "a link for a connection's name",
        types("vera", "status <https://evil.example|x>"),
        ("no connection",),
    ),
    Impostor("a ping for a command", types("vera", "<!everyone> <@U0ADA>"), ("do not know",)),
    Impostor(
        "a ping for a role's holder",
        types("ada", "access add <!channel> viewer"),
        ("is not a person",),
    ),
    Impostor(
        "a broken mention", types("ada", "access add <@U0X|<!here>> viewer"), ("is not a person",)
    ),
    Impostor(
        "a command of thousands of words", types("vera", "status " + "a " * 3000), ("understand",)
    ),
    Impostor("right-to-left marks", types("vera", "status \u202egnp.exe"), ("no connection",)),
    Impostor(
        "a response URL inside", types("sam", "list", response_url="http://169.254.169.254/"), LACKS
    ),
)
