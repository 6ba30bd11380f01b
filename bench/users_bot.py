"""`/d365 users` with the bot's own wiring and database: all but Slack, which is not called.

What a running bot has loaded is loaded, so that memory is told as it would be.
"""

import json
import os
import subprocess
import sys
import time
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.figure import Rounds
from bench.simulated import Simulated
from bench.slash_commands import ADMIN, TEAM
from bench.users_run import most_megabytes
from bot.settings import Settings, read_settings
from bot.wiring import service_alone
from connection.asks import Ask, Audience, Place, Showing, What
from connection.connection import Connection, Health, Observed, Run, Wanted
from connection.people import Person
from connection.ports import Transaction
from connection.service import ConnectionService
from connection.setup import ConnectionSetup
from handlers.drawing import draw

LOADED = (
    *("bot.door", "bot.running", "bot.secret_form", "bot.slack_client", "bot.slack_watch"),
    *("handlers.directory", "handlers.entrance", "handlers.form_opener", "handlers.messenger"),
    *("handlers.modals", "handlers.posting", "handlers.slack_app", "workflows.dispatcher"),
    *("workflows.engine", "workflows.retention", "uvicorn", "prometheus_client"),
)
WHO = Person(TEAM, ADMIN)
NAME = "crowd"


class Noting:
    """The port `Messenger`: when something was to be shown."""

    def __init__(self) -> None:
        self.at: list[float] = []

    def nudge(self) -> None:
        """Now."""
        self.at.append(time.perf_counter())


async def check_users(one: Simulated, folder: Path) -> dict[str, float]:
    """Seconds until the channel has its result, and until the one who asked has their file."""
    for name in LOADED:
        __import__(name)
    settings = settings_of(one, folder)
    async with service_alone(settings) as service:
        connection = await connection_of(service, one)
        noting = Noting()
        ports = replace(service.ports, messenger=noting)
        ask = _ask(connection)
        await ports.ledger.run(lambda tx: tx.accept(ask))
        began = time.perf_counter()
        await ConnectionService(ports).users(ask)
        result, file = noting.at[-2] - began, noting.at[-1] - began
        check = await ports.ledger.read(lambda reading: reading.user_check(ask.id))
        assert check is not None
        assert check.finished_at is not None, check
        showing = _for_the_asker(ask)
        message = await ports.ledger.read(lambda reading: draw(reading, showing, ports))
        assert message.text
    return {
        "seconds": result,
        "file_seconds": file,
        "users": float(sum(check.read.values())),
        "mapped": float(check.active - check.losing),
        "megabytes": most_megabytes(),
    }


def prepare(one: Simulated, folder: Path) -> None:
    """A migrated database with an encryption key; the environment of the runs is its own."""
    for words in (("migrate",), ("keys", "new")):
        line = [sys.executable, "-m", "bot", *words]
        subprocess.run(line, check=True, env=environment(one, folder), capture_output=True)


def environment(one: Simulated, folder: Path) -> dict[str, str]:
    """Of a process that runs one way."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {
        **kept,
        "HOME": str(folder),
        "SLACK_BOT_TOKEN": one.ready["bot_token"],
        "SLACK_SIGNING_SECRET": one.ready["signing_secret"],
        "D365BOT_DATA_DIR": str(folder / "data"),
        "D365BOT_KEY_DIR": str(folder / "keys"),
        "D365BOT_CA_FILE": one.ready["ca_file"],
        "HTTPS_PROXY": one.ready["proxy"],
    }


def run(way: str, one: Simulated, ready: Path, folder: Path) -> dict[str, float]:
    """One way, once, in a process of its own."""
    line = [sys.executable, "-m", "bench.users_run", way, str(ready), str(folder)]
    done = subprocess.run(line, env=environment(one, folder), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3_000:]
    found: dict[str, float] = json.loads(done.stdout)
    return found


def column(found: list[dict[str, float]], name: str) -> Rounds:
    """Of every round."""
    return tuple(one[name] for one in found)


def settings_of(one: Simulated, folder: Path) -> Settings:
    """As the environment of a run has them."""
    os.environ.update(environment(one, folder))
    return read_settings()


async def connection_of(service: ConnectionService, one: Simulated) -> Connection:
    """With its secret; made in the first round."""
    ledger = service.ports.ledger
    known = await ledger.read(lambda reading: reading.connection_named(TEAM, NAME))
    if known is not None:
        return known
    new = Connection(
        id="crowd-id",
        workspace=TEAM,
        name=NAME,
        is_default=True,
        wanted=Wanted.UNDECIDED,
        observed=Observed.UNKNOWN,
        observed_at=None,
        run=Run.NONE,
        health=Health.UNTESTED,
        disable_reason="",
        created_at=service.ports.clock.now(),
    )

    def work(tx: Transaction) -> None:
        tx.create_connection(new)
        tx.save_setup(new.id, _setup(one.ready), WHO, new.created_at)

    await ledger.run(work)
    secret = one.ready["apps"]["bot"]["client_secret"]
    await service.set_secret(TEAM, NAME, "bot_client_secret", secret, WHO)
    return new


def _setup(ready: dict[str, Any]) -> ConnectionSetup:
    return ConnectionSetup(
        name=NAME,
        sales_url=ready["sales_url"],
        tenant=ready["tenant"],
        integration_user_name="integration@adventure-example.onmicrosoft.com",
        bot_client_id=ready["apps"]["bot"]["client_id"],
        bc_environment=ready["bc"]["environment"],
        bc_company=ready["bc"]["company"],
    )


def _ask(connection: Connection) -> Ask:
    own = str(uuid.uuid4())
    return Ask(
        id=own,
        workspace=TEAM,
        person=WHO,
        act="users",
        place=Place("C1"),
        received_at=connection.created_at,
        dedupe_key=own,
        connection=NAME,
        subject=connection.id,
    )


def _for_the_asker(ask: Ask) -> Showing:
    return Showing(
        id=f"{ask.id}:names",
        workspace=TEAM,
        what=What.USER_NAMES,
        subject=ask.id,
        audience=Audience.DIRECT,
        person=WHO,
        place=ask.place,
        created_at=ask.received_at,
    )
