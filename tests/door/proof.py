"""What has to be true after every attack: nothing stored, nobody pinged, the bot answers."""

import json
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from tests.stage import BotProcess, Stage, words_of

LEFT_ALONE = frozenset({"audit", "slack_people", "slack_channels", "slack_rosters", "answers"})
"""The record tells of refusals, the caches what Slack said of whoever was named, and answers are
what a refused press is told."""

REFUSALS = frozenset(
    {"command:refused", "command:limited", "secret:refused", "secret:link:refused"}
)
PING = re.compile(r"<!(?:channel|here|everyone|group|subteam\^)|<@[UW]")
LINK = re.compile(r"<(?:https?|mailto|tel|slack)[:|]")


@dataclass(frozen=True)
class Stored:
    """Row counts, and the number of the newest row of the record."""

    rows: Mapping[str, int]
    newest: int


def stored(bot: BotProcess) -> Stored:
    """As the database stands. A press that was turned down leaves its answer, and nothing else."""
    with closing(sqlite3.connect(bot.data / "d365bot.sqlite")) as database:
        tables = [
            name
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name not in LEFT_ALONE and not name.startswith(("sqlite_", "alembic"))
        ]
        rows = {}
        for name in tables:
            told = " WHERE act <> 'button'" if name == "inbox" else ""
            told = " WHERE what <> 'answer'" if name == "outbox" else told
            rows[name] = database.execute(f"SELECT count(*) FROM {name}{told}").fetchone()[0]  # noqa: S608 - names of our own tables
        (newest,) = database.execute("SELECT coalesce(max(n), 0) FROM audit").fetchone()
    return Stored(rows, newest)


def told_since(bot: BotProcess, before: Stored) -> set[str]:
    """The tags that the record has since."""
    with closing(sqlite3.connect(bot.data / "d365bot.sqlite")) as database:
        found = database.execute("SELECT tag FROM audit WHERE n > ?", (before.newest,))
        return {tag for (tag,) in found}


class Eyes:
    """What everybody sees in the simulated workspace."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._seen: set[str] = set()

    async def new(self) -> list[dict[str, Any]]:
        """Messages that nobody had seen before, in any channel."""
        found = []
        for name in ("ada", "olga", "paul", "vera", "sam", "gwen"):
            for message in (await self._stage.everything(name))["messages"]:
                key = f"{name} {message['channel']} {message['ts']} {message.get('text')}"
                if key not in self._seen:
                    self._seen.add(key)
                    found.append(message)
        return found


def pings(message: Mapping[str, Any]) -> list[str]:
    """Mentions that would call somebody, and links, in its text and in its blocks."""
    words = words_of(dict(message))
    return [*PING.findall(words), *LINK.findall(words)]


def text_of(answer: object) -> str:
    """For looking into whatever came back."""
    return answer if isinstance(answer, str) else json.dumps(answer)
