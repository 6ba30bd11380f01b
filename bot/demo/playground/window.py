"""One browser window: who sits before it, where they look, and what happens there."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpx
from markupsafe import Markup
from nicegui import Client, html, ui

from bot.demo.playground.blocks import text_html, worked
from bot.demo.playground.reader import Reader
from bot.demo.playground.shared import Playground
from bot.demo.simulated import CannotDo, Json, Message, Sight, checked, sight_of

DIRECT, HOME = "dm", "home"
WAIT_SECONDS = 25.0
Part = Callable[[], None]


@dataclass(slots=True, eq=False)
class Window:
    """`parts` draw themselves again when something that they show has changed."""

    play: Playground
    person: str
    place: str
    reader: Reader
    sight: Sight
    unfolded: frozenset[str] = frozenset()
    parts: list[Part] = field(default_factory=list)
    told: html.div | None = None
    question: html.dialog | None = None
    terminal: html.dialog | None = None

    @property
    def looked(self) -> dict[str, str]:
        """The newest message that the person has seen of each place, in whatever window."""
        return self.play.looked.setdefault(self.person, {})

    @property
    def channel(self) -> str:
        """Where commands are typed: Home has no box, and its acts answer in direct messages."""
        return DIRECT if self.place == HOME else self.place

    def here(self) -> list[Message]:
        """The messages of the place that is looked at."""
        return self.messages_in(self.channel)

    def messages_in(self, place: str) -> list[Message]:
        """The messages of a channel, or of the chat with the bot."""
        name = f"dm-{self.person}" if place == DIRECT else place
        return [one for one in self.sight.messages if one.channel == name]

    def unread(self, place: str) -> int:
        """How many messages came since the person last looked there."""
        last = self.looked.get(place, "")
        return sum(one.ts > last for one in self.messages_in(place))

    def go(self, place: str) -> None:
        """Look somewhere else."""
        self.place = place
        self.draw()

    def draw(self) -> None:
        """All parts again; each draws only what is not as it was."""
        seen = self.here()
        if seen and self.place != HOME:
            self.looked[self.place] = max(one.ts for one in seen)
        for part in self.parts:
            part()

    def tell(self, sentence: str) -> None:
        """A line above the box, read aloud by screen readers; '' takes it away."""
        if self.told is not None:
            self.told.clear()
            if sentence:
                with self.told:
                    html.span(sentence)

    def show_terminal(self, said: str) -> None:
        """What was typed and answered where the bot runs."""
        if self.terminal is None:
            return
        self.terminal.clear()
        with self.terminal, html.div().classes("plain"):
            html.h2("Where the bot runs").props("id=terminal-title")
            ui.html(Markup('<pre tabindex="0">{}</pre>').format(said), sanitize=False)
            with html.div().classes("actions"):
                close = html.button("Close").classes("button primary").props("type=button")
                close.on("click", js_handler="() => pg.hide('terminal')")
        ui.run_javascript("pg.show('terminal')")

    async def act(self, do: Callable[[], object]) -> bool:
        """Do something as this person; what Slack's client does not let them do is told."""
        self.tell("")
        try:
            await asyncio.to_thread(do)
        except CannotDo as refused:
            self.tell(f"Slack does not let {self.person} do that: {refused}")
            return False
        except httpx.HTTPError as error:
            self.tell(f"The simulated Slack does not answer: {type(error).__name__}.")
            return False
        return True

    async def ask_and_press(self, asked: Mapping[str, str]) -> None:
        """A button, after the question that it may carry."""
        confirm = self._element(asked).get("confirm")
        if not confirm or self.question is None:
            await self.press(asked)
            return

        async def yes() -> None:
            ui.run_javascript("pg.hide('question')")
            await self.press(asked)

        self.question.clear()
        with self.question, html.div().classes("plain"):
            html.h2(confirm["title"]["text"]).props("id=question-title")
            ui.html(str(text_html(confirm["text"], self.reader)), sanitize=False)
            with html.div().classes("actions"):
                no = html.button(confirm["deny"]["text"]).classes("button").props("type=button")
                no.on("click", js_handler="() => pg.hide('question')")
                go = html.button(confirm["confirm"]["text"]).classes("button primary")
                go.props("type=button").on("click", yes)
        ui.run_javascript("pg.show('question')")

    def _element(self, asked: Mapping[str, str]) -> Json:
        """The element that was worked, as Slack has it."""
        home = [self.sight.home] if self.sight.home else []
        shown = [(view["id"], view["blocks"]) for view in (*self.sight.views, *home)]
        shown += [(one.ts, one.blocks) for one in self.sight.messages]
        key = asked.get("view") or asked.get("ts")
        for place, blocks in shown:
            if key in (place, "", None):
                for element in worked(blocks):
                    if element.get("action_id") == asked["action"]:
                        return element
        return {}

    async def press(self, asked: Mapping[str, str], option: str | None = None) -> None:
        """A button or a choice of a message, of a modal or of Home."""
        element = {"block_id": asked["block"], "action_id": asked["action"]}
        if option is not None:
            element["option"] = option
        if asked.get("view"):
            where = {"view_id": asked["view"]}
        elif self.place == HOME and self.sight.home:
            where = {"view_id": str(self.sight.home["id"])}
        else:
            found = next(one for one in self.sight.messages if one.ts == asked["ts"])
            where = {"channel": found.channel, "ts": found.ts}
            ui.run_javascript(f"pg.worked = {asked['ts']!r}")
        await self.act(lambda: self.play.stage.slack.work(self.person, where, element))

    async def follow(self, client: Client) -> None:
        """Draws what happens, as long as the window is open."""
        while True:
            sight = await self._next_sight()
            with client:
                if sight is None:
                    self.tell("The simulated Slack does not answer any more. Start the demo again.")
                    return
                if sight.event != self.sight.event:
                    self.sight = sight
                    self.play.guide.look_at(sight.messages)
                    self.draw()

    async def _next_sight(self) -> Sight | None:
        """As soon as anything has happened, or after a while; none when Slack is gone, or the
        person is."""
        asked: dict[str, str | float] = {
            "person": self.person,
            "after": self.sight.event,
            "wait": WAIT_SECONDS,
        }
        try:
            return sight_of(checked(await self.play.http.get("/_slack/messages", params=asked)))
        except (httpx.HTTPError, CannotDo):
            return None
