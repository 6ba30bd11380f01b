"""The modal on top, and the question before a button that asks for a confirmation."""

import json
from collections.abc import Mapping

from nicegui import events, html, ui

from bot.demo.playground.forms import empty_in, modal_html
from bot.demo.playground.window import Window
from bot.demo.right_values import right_values
from bot.demo.simulated import Json


class Modal:
    """A `dialog` of the browser: it keeps the focus inside, and Escape closes it."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._drawn: tuple[str, str, Mapping[str, str]] | None = None
        self._empty: Mapping[str, str] = {}
        self._empty_in = ""
        with html.dialog().props("id=modal aria-labelledby=modal-title") as self._dialog:
            with html.div().classes("fits") as self._fits:
                button = html.button("Fill in what fits the simulated world").classes("button")
                button.props("type=button").on("click", self._fill)
            self._inside = ui.html("", sanitize=False)
        self._dialog.on("click", self._clicked, js_handler="(e) => pg.click(e, emit)")
        self._dialog.on("change", self._changed, js_handler="(e) => pg.change(e, emit)")
        self._dialog.on("input", js_handler="(e) => pg.remember(e)")
        self._dialog.on(
            "submit",
            self._submitted,
            js_handler="(e) => { e.preventDefault(); emit(pg.values(e.target)); }",
        )
        self._dialog.on("cancel", self._closed, js_handler="(e) => { e.preventDefault(); emit(); }")
        window.parts.append(self.draw)

    def draw(self) -> None:
        """Opens, changes or closes with what Slack shows."""
        view = self._window.sight.form
        if view is None:
            if self._drawn is not None:
                self._drawn = None
                ui.run_javascript("pg.hide('modal')")
            return
        errors = {**self._window.sight.errors.get(view["id"], {}), **self._missing(view)}
        state = (str(view["id"]), str(view["hash"]), errors)
        if state == self._drawn:
            return
        self._drawn = state
        self._fits.set_visibility(bool(self._fitting(view)))
        self._inside.set_content(str(modal_html(view, errors, self._window.reader)))
        ui.run_javascript("pg.show('modal', document.activeElement && document.activeElement.name)")

    def _fitting(self, view: Json) -> dict[str, str]:
        inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        values = right_values(self._window.play.stage)
        return {name: value for name, value in values.items() if name in inputs}

    def _fill(self) -> None:
        view = self._window.sight.form
        if view is not None:
            ui.run_javascript(f"pg.fill({json.dumps(self._fitting(view))})")

    def _missing(self, view: Json) -> Mapping[str, str]:
        """What Slack's client found empty, and did not send; the next view begins anew."""
        return self._empty if self._empty_in == view["id"] else {}

    async def _submitted(self, event: events.GenericEventArguments) -> None:
        window, view = self._window, self._window.sight.form
        if view is None:
            return
        self._empty, self._empty_in = empty_in(view, event.args), str(view["id"])
        if self._empty:
            self.draw()
        else:
            await window.act(lambda: window.play.stage.slack.submit(window.person, event.args))

    async def _clicked(self, event: events.GenericEventArguments) -> None:
        if "close" in event.args:
            await self._closed()
        elif "action" in event.args:
            await self._window.ask_and_press(event.args)

    async def _changed(self, event: events.GenericEventArguments) -> None:
        await self._window.press(event.args, event.args.get("value"))

    async def _closed(self) -> None:
        window = self._window
        await window.act(lambda: window.play.stage.slack.close(window.person))
