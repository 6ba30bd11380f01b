"""A child process: its log, its first breath and its end."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LAST_LINES = 15
_LOOK_AGAIN_SECONDS = 0.05
_STOP_SECONDS = 20.0


class StageFailed(Exception):
    """The demo cannot go on; the message says why."""


@dataclass(frozen=True, slots=True)
class Child:
    """A running process that writes its log to a file."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Raises `StageFailed` with the last lines of the log if it ends or takes too long."""
        for _ in range(round(seconds / _LOOK_AGAIN_SECONDS)):
            if ready():
                return
            try:
                code = self.process.wait(_LOOK_AGAIN_SECONDS)
            except subprocess.TimeoutExpired:
                continue
            raise StageFailed(self._with_log(f"{self.name} ended with exit code {code}."))
        raise StageFailed(self._with_log(f"{self.name} was not ready after {seconds:.0f} seconds."))

    def last_lines(self) -> list[str]:
        """The end of its log."""
        return self.log.read_text(errors="replace").splitlines()[-LAST_LINES:]

    def stop(self) -> None:
        """Ask it to stop, and end it if it does not, or if Ctrl-C cannot wait."""
        self.process.terminate()
        try:
            self.process.wait(_STOP_SECONDS)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            self.process.kill()
            self.process.wait()

    def _with_log(self, sentence: str) -> str:
        lines = self.last_lines() or ["(nothing)"]
        return "\n".join([f"{sentence} Its log ends with:", *(f"  {line}" for line in lines)])


@contextmanager
def running(
    name: str, words: Sequence[str], *, env: Mapping[str, str], folder: Path, log: Path
) -> Iterator[Child]:
    """`python -m <words>` in `folder`, in a session of its own, so that Ctrl-C reaches us alone.

    Standard output is thrown away: the simulators print their secrets there.
    """
    with log.open("wb") as writing:
        process = subprocess.Popen(
            [sys.executable, "-m", *words],
            env=env,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=writing,
            start_new_session=True,
        )
    child = Child(name, process, log)
    try:
        yield child
    finally:
        child.stop()
