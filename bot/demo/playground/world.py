"""The right side: the simulated world, to break, to mend, and to look at."""

import asyncio
from collections.abc import Sequence

import httpx
from nicegui import events, html, ui

from bot.demo.playground.by_hand import ByHand
from bot.demo.playground.differences import Difference, differences
from bot.demo.playground.window import Window
from bot.demo.playground.words import Words
from bot.demo.simulated import CannotDo, Json

HEALTHY = "healthy"
FAVOURITES = (
    ("secret-expired", "Let the secret expire"),
    ("role-missing", "Take a role away"),
    ("throttled", "Throttle Sales"),
    ("bc-tenant-unavailable", "Take Business Central down"),
)
LOOK_SECONDS = 1.0
_CALLS_SHOWN = 200
_FOUND_MOST = 40


class World:
    """Four parts that open and close; the lists stay as they are until something happens."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._calls: list[Json] = []
        self._scenario = ""
        html.h2("The simulated world")
        self._state = Words("p").props("role=status")
        with self._part("Break something", opened=True):
            self._breaking()
        with self._part("By hand, outside Slack"):
            ByHand(window)
        with self._part("Both sides: what changed"):
            self._mark()
        with self._part("Calls that were made"):
            html.p(
                f"The last {_CALLS_SHOWN}, newest first, as the simulated services received them."
            ).classes("quiet")
            self._rows = (
                html.div().classes("calls").props('tabindex=0 role=region aria-label="Calls"')
            )
        ui.timer(LOOK_SECONDS, self._look)

    def _part(self, title: str, *, opened: bool = False) -> html.details:
        part = html.details().props("open" if opened else "")
        with part:
            html.summary(title)
        return part

    def _breaking(self) -> None:
        with html.div().classes("actions"):
            for name, label in FAVOURITES:
                self._button(label, name)
            self._button("Make everything healthy", HEALTHY)
        search = html.input_().props(
            'type=search aria-label="Search all that can be wrong" '
            f'placeholder="Search {len(self._window.play.scenarios)} things that can be wrong"'
        )
        search.on("input", self._search, js_handler="(e) => emit(e.target.value)")
        self._found = html.ul().classes("scenarios")
        self._list_scenarios("")

    def _button(self, label: str, scenario: str) -> None:
        button = html.button(label).classes("button").props("type=button")
        button.on("click", lambda: self.become(scenario))

    def _search(self, event: events.GenericEventArguments) -> None:
        self._list_scenarios(str(event.args).lower())

    def _list_scenarios(self, wanted: str) -> None:
        self._found.clear()
        rows = [
            (name, says)
            for name, says in self._window.play.scenarios
            if wanted in name or wanted in says.lower()
        ]
        with self._found:
            for name, says in rows[:_FOUND_MOST]:
                with html.li(), html.button().props("type=button") as button:
                    html.span(says)
                    html.small(name)
                button.on("click", lambda _, one=name: self.become(one))
            if len(rows) > _FOUND_MOST:
                html.li(f"and {len(rows) - _FOUND_MOST} more: search for a word").classes("quiet")
            if not rows:
                html.li("Nothing is called so.").classes("quiet")

    async def become(self, scenario: str) -> bool:
        """Breaks this one thing in the world as it is, and mends what was broken before."""
        play = self._window.play
        try:
            await asyncio.to_thread(play.stage.world.breaks, scenario)
        except (CannotDo, httpx.HTTPError) as error:
            self._window.tell(f"The world stays as it is: {error}")
            return False
        play.scenario = scenario
        await self._compare()
        self._tell_state()
        return True

    def _mark(self) -> None:
        html.p("Against the beginning, or against the last mark.").classes("quiet")
        with html.div().classes("actions"):
            mark = html.button("Mark: compare with now").classes("button").props("type=button")
            mark.on("click", self._forget)
        self._changes = html.ul().classes("diff")
        self._show_changes([])

    async def _forget(self) -> None:
        self._window.play.before = await asyncio.to_thread(self._window.play.stage.world.facts)
        self._show_changes([])

    async def _look(self) -> None:
        """What was called since the last look; a call that may have changed something compares."""
        play = self._window.play
        self._tell_state()
        after = self._calls[-1]["n"] if self._calls else 0
        try:
            answer = await play.http.get("/_world/calls", params={"after": after})
            new = answer.raise_for_status().json()
        except httpx.HTTPError:
            return
        if not new:
            return
        self._calls = [*self._calls, *new][-_CALLS_SHOWN:]
        self._show_calls()
        if any(one["method"] != "GET" and one["site"] != "slack" for one in new):
            await self._compare()

    async def _compare(self) -> None:
        facts = await asyncio.to_thread(self._window.play.stage.world.facts)
        self._show_changes(differences(self._window.play.before, facts))

    def _show_changes(self, changes: Sequence[Difference]) -> None:
        self._changes.clear()
        with self._changes:
            for one in changes:
                with html.li():
                    html.b(f"{one.side}: {one.where}")
                    html.span(f"was {one.before or 'nothing'}").classes("was")
                    html.span(f"is {one.after or 'nothing'}").classes("is")
            if not changes:
                html.li("Nothing changed yet.").classes("quiet")

    def _show_calls(self) -> None:
        self._rows.clear()
        with self._rows, html.table():
            with html.thead(), html.tr():
                for title in ("Service", "Call", "Answer"):
                    html.th(title).props("scope=col")
            with html.tbody():
                for one in reversed(self._calls):
                    with html.tr():
                        html.td(str(one["site"]))
                        html.td(f"{one['method']} {one['path']}")
                        html.td(str(one["status"] or "…"))

    def _tell_state(self) -> None:
        play = self._window.play
        if play.scenario == self._scenario:
            return
        self._scenario = play.scenario
        well = play.scenario == HEALTHY
        says = dict(play.scenarios).get(play.scenario, "")
        self._state.say("Everything is healthy." if well else f"Broken now: {says}")
        self._state.classes(add="well" if well else "broken", remove="broken" if well else "well")
