"""The terminal: asks for a line, and shows what arrives meanwhile without spoiling it."""

import contextlib
import sys
import threading
from collections.abc import Iterable

with contextlib.suppress(ImportError):
    import readline

_CLEAR_LINE = "\r\x1b[K"


class Terminal:
    """Standard input may also be a pipe: then each line is printed behind its prompt."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._live = sys.stdin.isatty()
        self._asked = ""
        self._blank = False

    def ask(self, prompt: str) -> str:
        """One line, trimmed. Raises `EOFError` at the end of input."""
        with self._lock:
            self._asked = prompt
        try:
            return self._line(prompt).strip()
        finally:
            with self._lock:
                self._asked, self._blank = "", False

    def show(self, lines: Iterable[str]) -> None:
        """Above a line that is being typed, if there is one; never two empty lines."""
        with self._lock:
            spoilt = self._live and self._asked
            if spoilt:
                sys.stdout.write(_CLEAR_LINE)
            for line in lines:
                if line or not self._blank:
                    print(line)
                self._blank = not line
            if spoilt:
                sys.stdout.write(self._asked + _typed_so_far())
            sys.stdout.flush()

    def _line(self, prompt: str) -> str:
        if self._live:
            return input(prompt)
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        self.show([prompt + line.rstrip("\n")])
        return line


def _typed_so_far() -> str:
    return readline.get_line_buffer() if "readline" in sys.modules else ""
