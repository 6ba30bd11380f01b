"""What people do outside Slack: a secret where the bot runs, a code or a certificate at Entra."""

import asyncio
import json
import re
import subprocess
from collections.abc import Callable

import httpx
from nicegui import events, html, ui

from bot.demo.playground.guide import CONNECTION
from bot.demo.playground.window import Window
from bot.demo.playground.words import Words
from bot.demo.simulated import CannotDo
from bot.demo.stage import Stage, StageFailed
from bot.demo.surroundings import DEMO_FOLDER

FIELD = "bot_client_secret"
_EXAMPLE = '{"sales": {"adventure": {"condition": "administration"}}}'
Ran = list[subprocess.CompletedProcess[str]]


class ByHand:
    """One row an act; each says where it would be done in the real world."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._name = self._asked("Connection", CONNECTION, "connection-by-hand")
        with html.div().classes("actions"):
            self._button("Give the bot its client secret", self._secret)
            self._button("Upload the bot’s certificate to Entra ID", self._upload)
        html.p("Where the bot runs, and in the Entra admin center.").classes("quiet")
        self._code = self._asked("Code from the bot’s message", "", "device-code")
        account = self._account()
        with html.div().classes("actions"):
            self._button(f"Sign in with this code as {account}", self._enter_code)
        html.p("On Microsoft’s page for device codes.").classes("quiet")
        self._patch = self._asked("Any other fact, as a JSON merge patch", _EXAMPLE, "patch")
        with html.div().classes("actions"):
            self._button("Change it", self._change)

    def _asked(self, label: str, value: str, name: str) -> dict[str, str]:
        """A box with its label; what stands in it."""
        held = {"value": value}

        def typed(event: events.GenericEventArguments) -> None:
            held["value"] = str(event.args)

        html.label(label).props(f"for={name}")
        box = html.input_().props(f"id={name} type=text autocomplete=off")
        _preset(name, value)
        box.on("input", typed, js_handler="(e) => emit(e.target.value)")
        return held

    def _button(self, label: str, act: Callable[[], object]) -> None:
        button = html.button(label).classes("button").props("type=button")
        button.on("click", act)

    def _account(self) -> str:
        """Of an administrator: whoever sits there lets one sign in."""
        return self._window.play.stage.world.account_of("ada")

    async def _secret(self) -> None:
        if await give_secret(self._window, self._name["value"]):
            self._window.play.guide.done.add(1)
            self._window.draw()

    async def _upload(self) -> None:
        stage, name = self._window.play.stage, self._name["value"]
        await _run_and_show(self._window, lambda: _upload(stage, name))

    async def _enter_code(self) -> None:
        if wrong := await sign_in(self._window, self._code["value"]):
            self._window.tell(wrong)

    async def _change(self) -> None:
        try:
            patch = json.loads(self._patch["value"])
        except ValueError as error:
            self._window.tell(f"This is no JSON: {error}.")
            return
        if await self._window.act(lambda: self._window.play.stage.world.change(patch)):
            self._window.tell("The world was changed.")


def device_page(window: Window, message: str) -> None:
    """Microsoft's page for device codes, with the code that stands in the message."""
    if window.question is None:
        return
    found = _CODE.search(message)
    account = window.play.stage.world.account_of("ada")
    window.question.clear()
    with window.question, html.div().classes("plain"):
        html.h2("Microsoft’s page for device codes (simulated)").props("id=question-title")
        html.label("Code").props("for=microsoft-code")
        html.input_().props("id=microsoft-code type=text autocomplete=off")
        _preset("microsoft-code", found[0] if found else "")
        said = Words("p").classes("error").props("role=status")
        html.p("Whoever is an administrator of Sales signs in here; Ada lets you.").classes("quiet")
        with html.div().classes("actions"):
            close = html.button("Close").classes("button").props("type=button")
            close.on("click", js_handler="() => pg.hide('question')")
            go = html.button(f"Sign in as {account}").classes("button primary")

            async def enter(event: events.GenericEventArguments) -> None:
                wrong = await sign_in(window, str(event.args))
                said.say(wrong)
                if not wrong:
                    ui.run_javascript("pg.hide('question')")

            go.props("type=button").on("click", enter, js_handler=_READ_CODE)
    ui.run_javascript("pg.show('question')")


def _preset(name: str, value: str) -> None:
    """Once: as an attribute it would come back over what was typed, at every other change."""
    ui.run_javascript(f"pg.preset({json.dumps(name)}, {json.dumps(value)})")


_CODE = re.compile(r"\b[A-Z0-9]{8,10}\b")
_READ_CODE = "() => emit(document.getElementById('microsoft-code').value)"


async def sign_in(window: Window, code: str) -> str:
    """Enters a device code as the administrator; what was wrong with it, else ''."""
    world = window.play.stage.world
    account = world.account_of("ada")
    try:
        await asyncio.to_thread(world.enter_code, code.strip(), account)
    except (CannotDo, httpx.HTTPError):
        return f"Nobody was given the code {code.strip()[:20] or '(none)'}, or it was used."
    window.tell(f"Signed in on Microsoft’s page as {account}.")
    return ""


async def give_secret(window: Window, connection: str) -> bool:
    """Runs what an operator runs, with the simulated app's real secret on standard input."""
    stage = window.play.stage
    return await _run_and_show(window, lambda: _give(stage, connection))


def _give(stage: Stage, connection: str) -> Ran:
    done: Ran = []
    if not any(stage.folders.keys.glob("encryption-*.key")):
        done.append(stage.command_line("keys", "new"))
    secret = stage.ready.bot_client_secret
    return [*done, stage.command_line("secret", "set", connection, FIELD, typed=secret)]


def _upload(stage: Stage, connection: str) -> Ran:
    shown = stage.command_line("certificate", "show", connection)
    if not shown.returncode:
        stage.world.upload_certificate(shown.stdout)
    return [shown]


async def _run_and_show(window: Window, run: Callable[[], Ran]) -> bool:
    """What the command line said, as it is typed there."""
    window.tell("Running the command where the bot runs …")
    try:
        done = await asyncio.to_thread(run)
    except (StageFailed, CannotDo, httpx.HTTPError) as failure:
        window.tell(str(failure))
        return False
    root = str(window.play.stage.folders.root)
    lines: list[str] = []
    for one in done:
        words: list[str] = list(one.args)
        said = (one.stdout + one.stderr).strip().replace(root, DEMO_FOLDER)
        lines += [f"$ d365bot {' '.join(words[words.index('bot') + 1 :])}", said, ""]
    window.show_terminal("\n".join(lines).strip())
    window.tell("")
    return all(one.returncode == 0 for one in done)
