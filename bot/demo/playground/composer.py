"""The box for messages, with what can stand next in a command."""

import json
import re

from nicegui import events, html, ui

from bot.demo.playground.completion import Suggestion, suggestions
from bot.demo.playground.window import HOME, Window
from handlers.ids import COMMAND

_CONNECTION = re.compile(r"Setup of ([a-z0-9-]+) saved")


class Composer:
    """A combobox: arrows choose a suggestion, Tab takes one, Enter sends."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._offered: list[Suggestion] = []
        self._active = -1
        with html.div().classes("compose") as self._whole:
            self._list = html.ul().props(
                'id=suggestions role=listbox aria-label="What can stand next"'
            )
            with html.div().classes("row"):
                self._box = html.input_().props(
                    "id=composer type=text autocomplete=off spellcheck=false role=combobox "
                    "aria-expanded=false aria-controls=suggestions aria-autocomplete=list "
                    'aria-label="Message or slash command" '
                    'placeholder="Message, or / for commands"'
                )
                send = html.button("Send").classes("button primary").props("type=button")
        self._box.on("input", self._typed, js_handler="(e) => emit(e.target.value)")
        self._box.on("keydown", self._key, js_handler="(e) => pg.key(e, emit)")
        send.on(
            "click",
            self._sent,
            js_handler="() => emit(document.getElementById('composer').value)",
        )
        window.parts.append(self.draw)

    def draw(self) -> None:
        """There is nothing to type on Home."""
        self._whole.set_visibility(self._window.place != HOME)

    def put(self, text: str) -> None:
        """Types it, without sending it."""
        ui.run_javascript(f"pg.put({json.dumps(text)})")
        self._offer([])

    async def _sent(self, event: events.GenericEventArguments) -> None:
        await self._send(str(event.args))

    async def _send(self, line: str) -> None:
        line, window, slack = line.strip(), self._window, self._window.play.stage.slack
        self._offer([])
        if not line:
            return
        if line.startswith("/") and line.split()[0] != COMMAND:
            window.tell(f"{line.split()[0][:40]} is not a command here; {COMMAND} is.")
            return
        if line.startswith("/"):
            done = await window.act(lambda: slack.command(window.person, window.channel, line))
        else:
            done = await window.act(lambda: slack.say(window.person, window.channel, line))
        if done:
            self.put("")

    def _typed(self, event: events.GenericEventArguments) -> None:
        self._offer(suggestions(str(event.args), self._connections(), self._window.play.people))

    def _connections(self) -> list[str]:
        """Those whose saving was seen."""
        seen = self._window.sight.messages
        names = [found[1] for one in seen for found in _CONNECTION.finditer(one.text)]
        return sorted(set(names))

    def _offer(self, found: list[Suggestion], active: int = -1) -> None:
        self._offered, self._active = found, active
        self._list.clear()
        with self._list:
            for number, one in enumerate(found):
                chosen = "true" if number == active else "false"
                row = html.li().props(f"id=suggestion-{number} role=option aria-selected={chosen}")
                with row:
                    html.b(one.label)
                    html.small(one.about)
                row.on("mousedown", lambda _, text=one.text: self._take(text))
        self._box.props["aria-expanded"] = "true" if found else "false"
        self._box.props["aria-activedescendant"] = f"suggestion-{active}" if active >= 0 else ""
        self._box.update()
        if active >= 0:
            ui.run_javascript(f"pg.reveal('suggestion-{active}')")

    def _take(self, text: str) -> None:
        self.put(text)
        self._offer(suggestions(text, self._connections(), self._window.play.people))

    async def _key(self, event: events.GenericEventArguments) -> None:
        key, count = event.args["key"], len(self._offered)
        match key:
            case "Escape":
                self._offer([])
            case "ArrowDown" | "ArrowUp" if count:
                step = 1 if key == "ArrowDown" else -1
                start = self._active if self._active >= 0 else (-1 if step > 0 else 0)
                self._offer(self._offered, (start + step) % count)
            case "Tab" if count:
                self._take(self._offered[max(self._active, 0)].text)
            case "Enter" if self._active >= 0:
                self._take(self._offered[self._active].text)
            case "Enter":
                await self._send(str(event.args["value"]))
