"""The left side: channels, the chat with the bot, its Home; and on top who one is."""

import json
from urllib.parse import urlencode

from nicegui import events, html, ui

from bot.demo.playground.guide import APPROVER, OPERATOR
from bot.demo.playground.window import DIRECT, HOME, Window
from bot.demo.playground.words import Words

ROLES = {
    "ada": "admin",
    "olga": "operator: sets up, tests, asks",
    "paul": "approver: decides",
    "vera": "viewer: reads and tests",
    "sam": "stranger: has no role",
    "gwen": "guest",
}
"""What the demo gives them, or what Slack says of them."""


def address_of(person: str, place: str = "") -> str:
    """The page of a person."""
    asked = {"as": person} | ({"in": place} if place else {})
    return f"/?{urlencode(asked)}"


def top_bar(window: Window) -> None:
    """Who one is, and a way to be somebody else beside."""
    play = window.play
    html.h1("d365bot playground")
    html.p("The bot is real. Slack, Microsoft and the people around it are made up.")
    with html.label("You are"):
        with html.select().props('id=person aria-label="You are"') as chooser:
            for name, full in play.people.items():
                about = ROLES.get(name, "")
                option = html.option(f"{full}" + (f" ({about})" if about else ""))
                option.props(f"value={name}" + (" selected" if name == window.person else ""))
        chooser.on("change", _become, js_handler="(e) => emit(e.target.value)")
    other = APPROVER if window.person != APPROVER else OPERATOR
    second = html.a(f"Open a second window as {play.people[other]}")
    second.props(f'href="{address_of(other)}" target=_blank id=second-window')


def _become(event: events.GenericEventArguments) -> None:
    ui.run_javascript(f"location.href = {json.dumps(address_of(str(event.args)))}")


class Sidebar:
    """The places of this person, with how many messages are new in each."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._buttons: dict[str, tuple[html.button, Words]] = {}
        html.h2("Channels")
        self._list_of([(name, f"# {name}") for name in window.play.places_of(window.person)])
        html.h2("Direct messages")
        self._list_of([(DIRECT, "d365bot")])
        html.h2("Apps")
        self._list_of([(HOME, "d365bot Home")])
        window.parts.append(self.draw)

    def _list_of(self, places: list[tuple[str, str]]) -> None:
        with html.ul():
            for place, label in places:
                with html.li(), html.button().props("type=button") as button:
                    html.span(label)
                    new = Words("span").classes("new")
                button.on("click", lambda _, to=place: self._go(to))
                self._buttons[place] = button, new

    async def _go(self, place: str) -> None:
        window = self._window
        window.tell("")
        window.go(place)
        ui.run_javascript("pg.look('main')")
        if place == HOME:
            await window.act(lambda: window.play.stage.slack.open_home(window.person))

    def draw(self) -> None:
        """Marks where one is, and what is new."""
        for place, (button, new) in self._buttons.items():
            here = place == self._window.place
            count = 0 if here or place == HOME else self._window.unread(place)
            button.props["aria-current"] = "true" if here else "false"
            button.update()
            new.say(f"{count} new" if count else "")
            new.set_visibility(bool(count))
