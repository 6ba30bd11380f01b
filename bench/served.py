"""A bot as a process: ours, or the bare Bolt app that stands beside it."""

import asyncio
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.slash_commands import BOT_TOKEN, CROWD, SIGNING_SECRET, TEAM, slash_command

OURS = (sys.executable, "-m", "bot", "serve")
TIMED = (sys.executable, "-m", "bench.timed_bot")
BARE = (sys.executable, "-m", "bench.bare_app")
FOLDERS = Path(__file__).parents[1] / "var"
PATIENCE = 30.0
LOOK_EVERY = 0.002


@contextmanager
def folder() -> Iterator[Path]:
    """On the disk of the project: a file system in memory would make every commit free."""
    FOLDERS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=FOLDERS) as made:
        yield Path(made)


def environment(within: Path, slack_url: str, **extra: str) -> dict[str, str]:
    """Nothing of this machine's settings reaches the bot."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    own = {
        "HOME": str(within),
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": slack_url,
        "D365BOT_DATA_DIR": str(within / "data"),
        "D365BOT_KEY_DIR": str(within / "keys"),
        "D365BOT_METRICS_PORT": "0",
        "D365BOT_ADMINS": ",".join(f"{TEAM}/{user}" for user in CROWD),
    }
    return {**kept, **own, **extra}


@dataclass
class Served:
    """`program` is started by `start` and serves on a free port."""

    program: tuple[str, ...]
    within: Path
    slack_url: str
    says: Mapping[str, object] = field(default_factory=dict)
    port: int = 0
    _process: subprocess.Popen[bytes] | None = None

    @property
    def events(self) -> str:
        return f"http://127.0.0.1:{self.port}/slack/events"

    @property
    def log(self) -> Path:
        return self.within / "served.log"

    def start(self) -> float:
        """Seconds from the start of the process until it does its work.

        Ours: /readyz says so. The bare app has no such thing: its first acknowledged command.
        """
        self.within.mkdir(exist_ok=True)
        self.port = _free_port()
        said = json.dumps(self.says) if self.says else ""
        where = {"D365BOT_PORT": str(self.port), "BENCH_SAYS": said}
        began = time.perf_counter()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.program,
                stdout=log,
                stderr=log,
                env=environment(self.within, self.slack_url, **where),
                cwd=self.within,
            )
        while not self._works():
            self._check(time.perf_counter() - began)
            time.sleep(LOOK_EVERY)
        return time.perf_counter() - began

    def stop(self, number: int = signal.SIGTERM) -> None:
        """As an operator stops it, or at once by SIGKILL."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(PATIENCE)

    def megabytes(self) -> float:
        """Resident memory."""
        assert self._process is not None
        ps = ("ps", "-o", "rss=", "-p", str(self._process.pid))
        told = subprocess.run(ps, capture_output=True, text=True, check=True)
        return int(told.stdout) / 1024

    def _works(self) -> bool:
        calling = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            if self.program != BARE:
                calling.request("GET", "/readyz")
            else:
                command = slash_command()
                calling.request("POST", "/slack/events", command.body, command.headers)
            return calling.getresponse().status == 200
        except OSError:
            return False
        finally:
            calling.close()

    def _check(self, waited: float) -> None:
        if waited > PATIENCE or (self._process and self._process.poll() is not None):
            raise RuntimeError(f"{self.program[-1]} did not start:\n{self.log.read_text()[-2000:]}")


@asynccontextmanager
async def serving(
    program: tuple[str, ...], within: Path, slack_url: str, says: Mapping[str, object] | None = None
) -> AsyncIterator[Served]:
    """Started and ready, stopped at the end."""
    served = Served(program, within, slack_url, says or {})
    try:
        await asyncio.to_thread(served.start)
        yield served
    finally:
        await asyncio.to_thread(served.stop)


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
