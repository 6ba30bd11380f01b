"""The stage of a demo: simulators and bot on loopback, in a folder that goes away with them."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import httpx

from bot.demo.children import Child, StageFailed, running
from bot.demo.simulated import SimulatedSlack, SimulatedWorld
from bot.demo.surroundings import Folders, Ready, bot_environment, undisturbed
from handlers.news import EVENTS

ADMIN = "ada"
READY_SECONDS = 60.0
COMMAND_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything runs. `bot` is the bot's process."""

    ready: Ready
    folders: Folders
    environment: Mapping[str, str]
    slack: SimulatedSlack
    world: SimulatedWorld
    bot: Child

    def command_line(self, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """`d365bot <words>` as a process of its own, with `typed` on its standard input.

        Raises `StageFailed` if it does not end.
        """
        try:
            return subprocess.run(
                [sys.executable, "-m", "bot", *words],
                env=self.environment,
                cwd=self.folders.root,
                input=typed,
                encoding="utf-8",
                capture_output=True,
                timeout=COMMAND_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            sentence = (
                f"d365bot {' '.join(words)} did not end within {COMMAND_SECONDS:.0f} seconds."
            )
            raise StageFailed(sentence) from error


@contextmanager
def open_stage() -> Iterator[Stage]:
    """Start everything; stop and remove everything at the end, however it comes.

    Raises `StageFailed` with the reason and the last lines of the log.
    """
    with ExitStack() as stack:
        stack.enter_context(ended_by_signals())
        root = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="d365bot-demo-", ignore_cleanup_errors=True)
        )
        folders = Folders(Path(root))
        folders.make()
        port = _free_port()
        ready = _start_simulators(stack, folders, port)
        _put_package(folders)
        environment = bot_environment(os.environ, ready, folders, port, ADMIN)
        http = stack.enter_context(httpx.Client(base_url=ready.control_url, trust_env=False))
        bot = _start_bot(stack, folders, environment, port)
        world = SimulatedWorld(http)
        world.subscribe(EVENTS)
        yield Stage(ready, folders, environment, SimulatedSlack(http), world, bot)


def _start_simulators(stack: ExitStack, folders: Folders, bot_port: int) -> Ready:
    words = [
        "simulator",
        "--ready-file",
        str(folders.ready_file),
        "--events-url",
        f"http://127.0.0.1:{bot_port}/slack/events",
    ]
    simulators = stack.enter_context(
        running(
            "The simulators",
            words,
            env=undisturbed(os.environ),
            folder=folders.root,
            log=folders.root / "simulator.log",
        )
    )
    simulators.wait_until(folders.ready_file.exists, READY_SECONDS)
    return Ready.read(folders.ready_file)


def _put_package(folders: Folders) -> None:
    """What the simulated Sales can import."""
    subprocess.run(
        [
            *(sys.executable, "-m", "simulator.sample_package"),
            str(folders.packages / "DynamicsNAVIntegrationSolution_v91.zip"),
        ],
        env=undisturbed(os.environ),
        cwd=folders.root,
        check=True,
    )


def _start_bot(
    stack: ExitStack, folders: Folders, environment: Mapping[str, str], port: int
) -> Child:
    bot = stack.enter_context(
        running(
            "The bot",
            ["bot", "serve"],
            env=environment,
            folder=folders.root,
            log=folders.logs / "bot.log",
        )
    )
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:
        bot.wait_until(lambda: _answers(http), READY_SECONDS)
    return bot


def _answers(http: httpx.Client) -> bool:
    try:
        return http.get("/readyz").is_success
    except httpx.TransportError:
        return False


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """SIGTERM and SIGHUP end the demo as Ctrl-C does, so that nothing is left behind."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {one: signal.signal(one, end) for one in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


__all__ = ["ADMIN", "Stage", "StageFailed", "open_stage"]
