"""A stage for stories: the simulators and the bot as processes, people who act and see."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

import httpx

from bot.scopes import EVENTS, SCOPES
from tests import prepared
from tests.postgresql import PostgresServer

PATIENCE = 90.0
"""Longer than the minute for which Slack may ask a workspace to be left alone."""
CHANNEL = "crm-admins"
BEGINNING = "0"
"""Before the time of any message."""

Json = dict[str, Any]


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def bare_environment(**extra: str) -> dict[str, str]:
    """Nothing of this machine's settings reaches the bot."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {**kept, "PYTHONUNBUFFERED": "1", **extra}


class Simulators:
    """`python -m simulator` as a process; it prints a line once everything listens."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self.ready: Json = {}

    async def up(self) -> Self:
        """Wait until everything listens."""
        with (self._folder / "simulator.log").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "simulator", "--ready-file", str(self._folder / "ready.json")),
                stdout=subprocess.PIPE,
                stderr=log,
                env=bare_environment(HOME=str(self._folder)),
            )
        assert self._process.stdout is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), PATIENCE)
        assert line, (self._folder / "simulator.log").read_text()
        self.ready = json.loads(line)
        return self

    async def stop(self) -> None:
        """And see that it stops by itself."""
        assert self._process is not None
        self._process.terminate()
        assert await asyncio.wait_for(self._process.wait(), PATIENCE) == 0


@dataclass
class BotProcess:
    """`d365bot serve` as a process, or another program that serves the same bot."""

    folder: Path
    ready: Json
    program: tuple[str, ...] = ("bot", "serve")
    """A module and its words, as after `python -m`."""
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    fresh: bool = False
    """Started as an operator starts it, and not forked from what has imported it already."""
    process: asyncio.subprocess.Process | prepared.Fork | None = None
    server: PostgresServer | None = field(default_factory=lambda: BotProcess.anywhere)
    """Where its database is, if not in a file."""
    _copying: asyncio.Task[None] | None = None

    anywhere: ClassVar[PostgresServer | None] = None
    """Where bots have their databases that are not told otherwise."""
    databases: ClassVar[dict[Path, str]] = {}
    """One a folder, on a server."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "bot.log"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def environment(self) -> dict[str, str]:
        """Real host names, through the simulators' proxy."""
        admin = f"{self.ready['team_id']}/{self.ready['people']['ada']}"
        own = {
            "HOME": str(self.folder),
            "SLACK_BOT_TOKEN": self.ready["bot_token"],
            "SLACK_SIGNING_SECRET": self.ready["signing_secret"],
            "SLACK_API_URL": self.ready["slack_api_url"],
            "HTTPS_PROXY": self.ready["proxy"],
            "NO_PROXY": "127.0.0.1,localhost",
            "D365BOT_CA_FILE": self.ready["ca_file"],
            "D365BOT_DATA_DIR": str(self.data),
            "D365BOT_KEY_DIR": str(self.folder / "keys"),
            "D365BOT_PORT": str(self.port),
            "D365BOT_METRICS_PORT": "0",
            "D365BOT_ADMINS": admin,
        }
        if self.server is not None:
            name = self.databases.get(self.folder) or self.server.new_database()
            own |= self.server.settings(self.databases.setdefault(self.folder, name))
        return bare_environment(**{**own, **self.settings})

    async def start(self) -> Self:
        """Wait until it listens, and see that it is ready."""
        self.folder.mkdir(exist_ok=True, parents=True)
        if self.fresh:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", *self.program),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=self.environment(),
                cwd=self.folder,
            )
        else:
            self.process = await prepared.Fork.of(self.program, self.environment(), self.folder)
        assert self.process.stderr is not None
        listens = asyncio.Event()
        self._copying = asyncio.create_task(self._copy_log(self.process.stderr, listens))
        waiting = asyncio.create_task(listens.wait())
        await asyncio.wait(
            {waiting, self._copying}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED
        )
        waiting.cancel()
        assert listens.is_set(), self.log.read_text()[-3000:]
        if not self.by_socket:
            answer = await self.readiness()
            assert answer.status_code == 200, answer.text
        return self

    @property
    def by_socket(self) -> bool:
        """Slack reaches it over Socket Mode."""
        return "SLACK_APP_TOKEN" in self.settings

    async def readiness(self) -> httpx.Response:
        """What /readyz says."""
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.get(f"{self.address}/readyz")

    async def connected(self) -> None:
        """Wait until Slack reaches it over every socket."""
        async with asyncio.timeout(PATIENCE):
            while (await self.readiness()).status_code != 200:
                pass

    async def _copy_log(self, said: asyncio.StreamReader, listens: asyncio.Event) -> None:
        with self.log.open("ab") as log:
            async for line in said:
                log.write(line)
                log.flush()
                if b"Uvicorn running" in line:
                    listens.set()

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait; the exit code."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await self.died()

    async def died(self) -> int:
        """Wait until it has ended; the exit code."""
        assert self.process is not None
        assert self._copying is not None
        code = await asyncio.wait_for(self.process.wait(), PATIENCE)
        await self._copying
        return code

    async def run(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """`d365bot …` beside the running bot."""
        async with asyncio.timeout(PATIENCE):
            return await prepared.run(("bot", *words), self.environment(), self.folder, stdin)

    async def run_afresh(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """The same in an interpreter that has imported nothing yet, as an operator has it."""
        return await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "bot", *words],
            input=stdin,
            capture_output=True,
            text=True,
            env=self.environment(),
            cwd=self.folder,
            timeout=PATIENCE,
            check=False,
        )


class Stage:
    """The simulated world, and how people act in it."""

    def __init__(self, ready: Json) -> None:
        self.ready = ready
        self._client = httpx.AsyncClient(
            base_url=ready["control_url"], trust_env=False, timeout=PATIENCE + 10
        )

    async def aclose(self) -> None:
        """Nobody acts any more."""
        await self._client.aclose()

    async def post(self, path: str, body: object) -> Json:
        """To the control address."""
        answer = await self._client.post(path, json=body)
        assert answer.status_code < 300, answer.text
        found: Json = answer.json()
        return found

    async def tell(self, path: str, body: object) -> None:
        """To the control address, where nothing comes back."""
        answer = await self._client.post(path, json=body)
        assert answer.status_code == 204, answer.text

    async def change(self, patch: Json) -> None:
        """Some facts of the world."""
        answer = await self._client.patch("/_world", json=patch)
        assert answer.status_code == 200, answer.text

    async def world(self) -> Json:
        """All facts."""
        answer = await self._client.get("/_world")
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    async def listen_to(self, bot: BotProcess) -> None:
        """Slack calls this bot from now on, which is installed as its manifest says."""
        address = f"{bot.address}/slack/events"
        facts = {
            "events_url": address,
            "subscriptions": [need.name for need in EVENTS],
            "scopes": list(SCOPES),
        }
        await self.change({"slack": {**facts, "socket_mode": bot.by_socket}})
        if bot.by_socket:
            await bot.connected()

    async def scenario(self, name: str) -> None:
        """Something is wrong with the world, or nothing."""
        await self.post("/_world/scenario", {"name": name})

    async def enters_code(self, code: str, account: str, *, approve: bool = True) -> None:
        """What the person with a device code does on Entra's page."""
        said = {"user_code": code, "account": account, "approve": approve}
        answer = await self._client.post("/_entra/device", json=said)
        assert answer.status_code == 204, answer.text

    async def fault(self, **rule: object) -> None:
        """A rule that breaks calls."""
        await self.post("/_faults", rule)

    async def mend(self) -> None:
        """No faults any more."""
        answer = await self._client.delete("/_faults")
        assert answer.status_code < 300, answer.text

    async def calls(self, site: str) -> list[Json]:
        """Which calls one site received."""
        answer = await self._client.get("/_world/calls", params={"site": site})
        found: list[Json] = answer.json()
        return found

    def person(self, name: str, channel: str = CHANNEL) -> "Actor":
        """Somebody, in a channel."""
        return Actor(self, name, channel)

    async def everything(self, name: str) -> Json:
        """What a person sees in all their channels."""
        answer = await self._client.get("/_slack/messages", params={"person": name})
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    async def seen(
        self, name: str, channel: str, *, after: int = -1, oldest: str = BEGINNING
    ) -> Json:
        """What a person sees that came after `oldest`, as soon as something changed after event
        `after`."""
        query: dict[str, str | int | float] = {"person": name, "channel": channel, "oldest": oldest}
        if after >= 0:
            query |= {"after": after, "wait": 5}
        answer = await self._client.get("/_slack/messages", params=query)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found


@dataclass
class Actor:
    """One person in one channel. `marked` is the newest message when they last acted: its time,
    which orders the messages of a workspace."""

    stage: Stage
    name: str
    channel: str
    marked: str = BEGINNING

    async def types(self, text: str) -> Json:
        """A slash command; what came back with the ack."""
        await self._mark()
        body = {"person": self.name, "channel": self.channel, "text": text}
        return await self.stage.post("/_slack/command", body)

    async def submits(self, **values: str | None) -> Json:
        """The view on top of their screen, with these fields typed in."""
        await self._mark()
        return await self.stage.post("/_slack/submit", {"person": self.name, "values": values})

    async def chooses(self, field: str, value: str, brings: str, **typed: str) -> Json:
        """In the form on top, which is drawn anew with the field that the choice brings."""
        body = {"person": self.name, "block_id": field, "option": value, "values": typed}
        await self.stage.post("/_slack/press", body)

        def redrawn(seen: Json) -> Json | None:
            top: Json = seen["views"][-1] if seen["views"] else {}
            blocks = [block.get("block_id") for block in top.get("blocks", ())]
            return top if brings in blocks else None

        return await self.until(redrawn, f"the form with {brings}", oldest=self.marked)

    async def presses(self, label: str) -> Json:
        """A button by its words."""
        await self._mark()
        return await self.stage.post("/_slack/press", {"person": self.name, "label": label})

    async def closes(self) -> Json:
        """The view on top."""
        return await self.stage.post("/_slack/close", {"person": self.name})

    async def sees(self, text: str, *, final: Callable[[Json], bool] = lambda _: True) -> Json:
        """Waits for a message, new since they last acted, that holds `text`."""

        def found(seen: Json) -> Json | None:
            return next(
                (
                    message
                    for message in reversed(seen["messages"])
                    if text in words_of(message) and final(message)
                ),
                None,
            )

        return await self.until(found, text, oldest=self.marked)

    async def sees_form(self, callback_id: str = "setup") -> Json:
        """Waits for a view on top of their screen."""

        def found(seen: Json) -> Json | None:
            top = seen["views"][-1] if seen["views"] else None
            return top if top and top.get("callback_id") == callback_id else None

        return await self.until(found, callback_id, oldest=self.marked)

    async def sees_text(self, text: str) -> Json:
        """Waits for a view on top of their screen, or a message, that holds `text`."""

        def found(seen: Json) -> Json | None:
            shown = [*seen["views"][-1:], *reversed(seen["messages"])]
            return next((one for one in shown if text in words_of(one)), None)

        return await self.until(found, text)

    async def new_messages(self) -> list[Json]:
        """All that came since they last acted."""
        seen = await self.stage.seen(self.name, self.channel, oldest=self.marked)
        found: list[Json] = seen["messages"]
        return found

    async def _mark(self) -> None:
        times = (message["ts"] for message in await self.new_messages())
        self.marked = max(times, default=self.marked)

    async def until(
        self, found: Callable[[Json], Json | None], what: str, *, oldest: str = BEGINNING
    ) -> Json:
        """Waits until something is found in what they see that came after `oldest`."""
        event = -1
        seen: Json = {}
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    seen = await self.stage.seen(
                        self.name, self.channel, after=event, oldest=oldest
                    )
                    match = found(seen)
                    if match is not None:
                        return match
                    event = seen["event"]
        except TimeoutError:
            said = "\n".join(words_of(message) for message in seen.get("messages", [])[-3:])
            raise AssertionError(f"{self.name} never saw {what!r}; last:\n{said}") from None


def words_of(message: Json) -> str:
    """Everything readable in a message."""
    found: list[str] = [str(message.get("text") or "")]

    def walk(node: object) -> None:
        if isinstance(node, dict):
            found.extend(str(node["text"]) for _ in [0] if isinstance(node.get("text"), str))
            for inner in node.values():
                walk(inner)
        elif isinstance(node, list):
            for inner in node:
                walk(inner)

    walk(message.get("blocks") or [])
    return "\n".join(found)
