"""The page: its parts in their places, and what carries them."""

import asyncio
from pathlib import Path

from nicegui import background_tasks, html, ui

from bot.demo.playground.composer import Composer
from bot.demo.playground.conversation import Conversation
from bot.demo.playground.guide import OPERATOR
from bot.demo.playground.guide_bar import GuideBar
from bot.demo.playground.modal import Modal
from bot.demo.playground.shared import Playground
from bot.demo.playground.sidebar import Sidebar, top_bar
from bot.demo.playground.window import DIRECT, HOME, Window
from bot.demo.playground.world import World

_HERE = Path(__file__).parent
STYLE, SCRIPT = _HERE / "page.css", _HERE / "page.js"
VIEWS = (("side", "Places"), ("main", "Slack"), ("world", "World"))
"""What a narrow window shows one of."""


async def show_page(play: Playground, person: str, place: str) -> None:
    """Whoever is not known is olga; a place that the person is not in is their first channel."""
    person = person if person in play.people else OPERATOR
    places = play.places_of(person)
    place = place if place in (*places, DIRECT, HOME) else (places or [DIRECT])[0]
    reader = play.reader(person)
    sight = await asyncio.to_thread(play.stage.slack.sees, person)
    window = Window(play, person, place, reader, sight)
    ui.add_head_html(f"<script>{SCRIPT.read_text()}</script>")
    ui.add_head_html(f"<style>{STYLE.read_text()}</style>")
    _build(window)
    await ui.context.client.connected()
    window.reader = reader.in_zone(await _zone())
    window.draw()
    ui.run_javascript("pg.look('main')")
    following = background_tasks.create(window.follow(ui.context.client), name=f"follow {person}")
    ui.context.client.on_delete(following.cancel)  # a line that breaks comes back


async def _zone() -> str:
    """Where the reader sits; a browser that is slow to say so reads UTC."""
    asked = "return Intl.DateTimeFormat().resolvedOptions().timeZone"
    try:
        return str(await ui.run_javascript(asked, timeout=5.0))
    except TimeoutError:
        return "UTC"


def _build(window: Window) -> None:
    ui.query(".nicegui-content").classes(remove="q-pa-md")
    shell = html.div().classes("shell guided").props("data-shows=main id=shell")
    with shell:
        html.a("Skip to the messages").classes("skip").props('href="#composer"')
        with html.header().classes("top"):
            top_bar(window)
            again = html.button("Guide").props('type=button aria-label="Show the guide"')
        guide = html.div().style("grid-column: 1 / -1")
        with html.div().classes("views").props('role=group aria-label="What is shown"'):
            for name, label in VIEWS:
                button = html.button(label).props(f"type=button data-view-of={name}")
                button.on("click", js_handler=f"() => pg.look('{name}')")
        with html.nav().classes("side").props('aria-label="Places"'):
            Sidebar(window)
        with html.section().classes("main").props('aria-label="Slack"'):
            Conversation(window)
            window.told = html.div().classes("told").props("role=status")
            composer = Composer(window)
        with html.aside().classes("world").props('aria-label="The simulated world"'):
            world = World(window)
    with guide:
        bar = GuideBar(window, composer, world)
    again.on("click", bar.show)
    Modal(window)
    window.question = html.dialog().props("id=question aria-labelledby=question-title")
    window.terminal = html.dialog().props("id=terminal aria-labelledby=terminal-title")
