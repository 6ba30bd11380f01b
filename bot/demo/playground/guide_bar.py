"""The guide on top of the window: the step that comes next, and a button that helps with it."""

from collections.abc import Callable

from nicegui import html, ui

from bot.demo.playground.by_hand import give_secret
from bot.demo.playground.composer import Composer
from bot.demo.playground.guide import APPROVER, CONNECTION, OPERATOR, STEPS, Step
from bot.demo.playground.sidebar import address_of
from bot.demo.playground.window import DIRECT, Window
from bot.demo.playground.world import World

BREAK = "secret-expired"
Act = Callable[[], object]


class GuideBar:
    """Shown until all is done or it is closed; what one window did counts in all."""

    def __init__(self, window: Window, composer: Composer, world: World) -> None:
        self._window, self._composer, self._world = window, composer, world
        self._drawn: tuple[object, ...] = ()
        self._whole = html.section().classes("guide").props('aria-label="First steps"')
        window.parts.append(self.draw)

    def draw(self) -> None:
        """The next step."""
        guide = self._window.play.guide
        state = (guide.shown, guide.next, self._window.person, guide.broken_at)
        if state == self._drawn:
            return
        self._drawn = state
        self._whole.set_visibility(guide.shown)
        self._whole.clear()
        if guide.shown:
            with self._whole:
                self._draw_step(guide.next)

    def _draw_step(self, number: int | None) -> None:
        if number is None:
            with html.div().classes("row"):
                html.h2("That was the tour.")
                html.p(
                    "Now make everything healthy, or break more. The README tells how to connect a "
                    "real workspace."
                )
                self._button("Close the guide", self._close)
            return
        step = STEPS[number]
        with html.div().classes("row"):
            html.h2(f"Step {number + 1} of {len(STEPS)}: {step.title}")
            html.p(step.how)
            self._buttons(step)
            self._button("Close the guide", self._close)
        with html.ol():
            for each, one in enumerate(STEPS):
                done = "done: " if each in self._window.play.guide.done else ""
                row = html.li(f"{each + 1}. {done}{one.title}")
                if each == number:
                    row.props('aria-current="step"')

    def _buttons(self, step: Step) -> None:
        window, guide = self._window, self._window.play.guide
        if step.act == "second window" and window.person == APPROVER:
            return
        if window.person != OPERATOR:
            self._link(OPERATOR, f"Be {window.play.people[OPERATOR]} again")
        elif step.act == "secret":
            self._button(step.label, self._secret)
        elif step.act == "break" and not guide.broken_at:
            self._button(step.label, self._break)
        elif step.act == "break":
            self._button("Type /d365 test", self._type(step.types))
        else:
            self._button(step.label, self._type(step.types))
            if step.act == "second window":
                self._link(APPROVER, "Open Paul’s window")

    def _button(self, label: str, act: Act) -> None:
        button = html.button(label).classes("button").props("type=button")
        button.on("click", act)

    def _link(self, person: str, label: str) -> None:
        apart = " target=_blank" if person == APPROVER else ""
        place = DIRECT if person == APPROVER else "crm-admins"
        html.a(label).classes("button").props(f'href="{address_of(person, place)}"{apart}')

    def _type(self, line: str) -> Act:
        def put() -> None:
            if self._window.place != "crm-admins":
                self._window.go("crm-admins")
            ui.run_javascript("pg.look('main')")
            self._composer.put(line)

        return put

    async def _secret(self) -> None:
        if await give_secret(self._window, CONNECTION):
            self._window.play.guide.done.add(1)
            self.draw()

    async def _break(self) -> None:
        guide = self._window.play.guide
        if await self._world.become(BREAK):
            seen = self._window.sight.messages
            guide.broken_at = max((one.ts for one in seen), default="0")
            self.draw()

    def show(self) -> None:
        """Again, after it was closed."""
        self._window.play.guide.shown = True
        self.draw()

    def _close(self) -> None:
        self._window.play.guide.shown = False
        self.draw()
