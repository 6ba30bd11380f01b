"""The middle of the window: the messages of a channel, or the bot's Home."""

import json
from collections.abc import Mapping

from nicegui import events, html, ui

from bot.demo.playground.blocks import Drawing, blocks_html
from bot.demo.playground.by_hand import device_page
from bot.demo.playground.messages import Place, message_html, placed
from bot.demo.playground.window import DIRECT, HOME, Window
from bot.demo.playground.words import Words

ABOUT = {DIRECT: "Only you and the bot", HOME: "The bot's own tab, drawn for you"}
EMPTY = "No messages here yet. Type /d365 help in the box below."
NO_HOME = "The bot has not drawn its Home for you yet."


class Conversation:
    """Each message is an element of its own: only what changed is drawn again."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._drawn: dict[str, tuple[Place, html.li, ui.html]] = {}
        self._shows = ""
        with html.div().classes("bar"):
            self._title = Words("h2")
            self._about = Words("p")
        with (
            html.div()
            .classes("log")
            .props(
                'id=messages role=log aria-live=polite aria-label="Messages" tabindex=0'
            ) as self._log
        ):
            self._log.on("scroll", js_handler="(e) => pg.scrolled(e)")
            self._list = html.ol().classes("messages")
            self._empty = html.p(EMPTY).classes("empty")
        with (
            html.div()
            .classes("home")
            .props('role=region aria-label="Home" tabindex=0') as self._home
        ):
            self._home_html = ui.html("", sanitize=False)
        for part in (self._log, self._home):
            part.on("click", self._clicked, js_handler="(e) => pg.click(e, emit)")
            part.on("change", self._changed, js_handler="(e) => pg.change(e, emit)")
        window.parts.append(self.draw)

    def draw(self) -> None:
        """What is to be seen where the window looks."""
        window = self._window
        at_home = window.place == HOME
        self._log.set_visibility(not at_home)
        self._home.set_visibility(at_home)
        self._name_it()
        if at_home:
            home = window.sight.home
            content = (
                blocks_html(home["blocks"], Drawing(window.reader, home["state"]["values"]))
                if home
                else f'<p class="empty">{NO_HOME}</p>'
            )
            self._home_html.set_content(str(content))
            return
        moved = window.place != self._shows
        if moved:
            self._list.clear()
            self._drawn.clear()
            self._shows = window.place
        self._draw_messages()
        self._empty.set_visibility(not self._drawn)
        ui.run_javascript(f"pg.settle({'true' if moved else 'false'})")

    def _draw_messages(self) -> None:
        window = self._window
        places = placed(window.here(), window.unfolded)
        for gone in set(self._drawn) - {one.message.ts for one in places}:
            self._drawn.pop(gone)[1].delete()
        for place in places:
            known = self._drawn.get(place.message.ts)
            if known and known[0] == place:
                continue
            drawn = str(message_html(place, window.reader))
            if known:
                known[2].set_content(drawn)
                self._drawn[place.message.ts] = place, *known[1:]
            else:
                with self._list, html.li() as row:
                    shown = ui.html(drawn, sanitize=False)
                self._drawn[place.message.ts] = place, row, shown

    def _name_it(self) -> None:
        place, play = self._window.place, self._window.play
        names = {DIRECT: "d365bot (direct messages)", HOME: "d365bot Home"}
        title = names.get(place, f"#{place}")
        self._title.say(title)
        members = ", ".join(play.people[one].split()[0] for one in play.channels.get(place, ()))
        self._about.say(ABOUT.get(place) or f"{members}, and the bot")
        tab = json.dumps(f"{title} · {play.people[self._window.person]}")
        ui.run_javascript(f"document.title = {tab}")

    async def _clicked(self, event: events.GenericEventArguments) -> None:
        asked: Mapping[str, str] = event.args
        window = self._window
        if "thread" in asked:
            window.unfolded = window.unfolded ^ {asked["thread"]}
            self.draw()
        elif "leads" in asked and "devicelogin" in asked["leads"]:
            said = (one.text for one in window.sight.messages if one.ts == asked["ts"])
            device_page(window, next(said, ""))
        elif "leads" in asked:
            window.tell(
                f"This would open {asked['leads']}. Here nothing leaves this machine: the panel "
                "“Both sides” shows what stands there."
            )
        elif "action" in asked:
            await window.ask_and_press(asked)

    async def _changed(self, event: events.GenericEventArguments) -> None:
        await self._window.press(event.args, event.args["value"])
