"""The transcript of the tour: what people see, and whether it was what was expected."""

from collections.abc import Iterable

from bot.demo.paper import folded


class Transcript:
    """Prints as it goes. `unmet` counts the expectations that did not hold."""

    def __init__(self) -> None:
        self.met = 0
        self.unmet = 0
        self.printed: list[str] = []
        self._chapters = 0

    def heading(self, text: str, introduction: str = "") -> None:
        """A chapter begins."""
        self._chapters += 1
        title = f"{self._chapters}. {text}"
        self.show(["", title, "═" * len(title)])
        if introduction:
            self.show(folded(introduction, hang=""))

    def narrate(self, text: str) -> None:
        """Something happens that is no message."""
        self.show(["", *folded(text, hang="")])

    def typed(self, person: str, channel: str, text: str) -> None:
        """A person types into Slack."""
        self.show(["", *folded(f"{person} in #{channel} types  {text}")])

    def shell(self, line: str, output: str) -> None:
        """A command line and what it printed."""
        self.show(["", *folded(f"$ {line}", "  "), *folded(output.rstrip(), "  ")])

    def seen(self, lines: Iterable[str]) -> None:
        """A message or a form, as people see it."""
        self.show(["", *lines, ""])

    def expect(self, sentence: str, held: bool, seen: object = "") -> None:
        """One expectation; what was seen instead is printed only if it did not hold."""
        if held:
            self.met += 1
            self.show(folded(f"✓ {sentence}", "  "))
            return
        self.unmet += 1
        self.show(folded(f"✗ NOT AS EXPECTED: {sentence}", "  "))
        self.show(folded(f"seen instead: {seen}", "      "))

    def show(self, lines: Iterable[str]) -> None:
        """Lines as they are, but never two empty ones."""
        for line in lines:
            if not line and self.printed and not self.printed[-1]:
                continue
            self.printed.append(line)
            print(line, flush=True)
