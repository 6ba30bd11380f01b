"""A line of plain text on the page that can change."""

from markupsafe import escape
from nicegui import ui


class Words(ui.html):
    """`tag` is the HTML element; what is said is escaped."""

    def __init__(self, tag: str, text: str = "") -> None:
        super().__init__(str(escape(text)), sanitize=False, tag=tag)

    def say(self, text: str) -> None:
        """Something else from now on."""
        self.set_content(str(escape(text)))
