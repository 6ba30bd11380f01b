"""`d365bot demo`: the page on loopback, beside the simulators and the bot."""

import socket
from collections.abc import Callable

import httpx
import uvicorn
from fastapi import FastAPI
from nicegui import app as nicegui_app
from nicegui import ui
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request

from bot.demo.playground.origin import OwnOrigin
from bot.demo.playground.page import show_page
from bot.demo.playground.shared import Playground
from bot.demo.roles import give_roles
from bot.demo.stage import Stage, StageFailed, open_stage

PORT = 8365
HOST = "127.0.0.1"
REPEAT = "Ctrl-C stops everything; nothing is left behind."


def serve_playground(say: Callable[[str], None], port: int | None = None) -> int:
    """Until Ctrl-C; the exit code. `say` prints a line."""
    try:
        with _listening(port) as listening:
            say("Starting the simulators and the bot. This takes some seconds.")
            with open_stage() as stage:
                give_roles(stage)
                address = f"http://{HOST}:{listening.getsockname()[1]}/"
                say(f"\nOpen {address} in a browser. {REPEAT}\n")
                _serve(stage, listening)
    except StageFailed as failure:
        say(str(failure))
        return 1
    say("Everything was stopped, and nothing was left behind.")
    return 0


def _serve(stage: Stage, listening: socket.socket) -> None:
    """uvicorn ends by itself at Ctrl-C and SIGTERM."""
    app = FastAPI(openapi_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])
    app.add_middleware(OwnOrigin, port=listening.getsockname()[1])
    play = _playground(stage)

    @ui.page("/", title="d365bot playground", language="en-US")
    async def page(request: Request) -> None:
        asked = request.query_params
        await show_page(play, asked.get("as", ""), asked.get("in", ""))

    nicegui_app.config.quasar_config["loadingBar"]["skipHijack"] = True  # nobody could name it
    ui.run_with(app, title="d365bot playground", tailwind=False, show_welcome_message=False)
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2)
    uvicorn.Server(config).run([listening])


_ROLE_OF_THE_BOT = "Connection Bot"
_RIGHTS = ("prvCreatenav_connection", "prvWritenav_connection", "prvDeletenav_connection")


def _let_the_bot_do_all(stage: Stage) -> None:
    """Its user in Sales can do every step of enabling, so that no administrator has to sign in;
    a scenario can take that away."""
    rights = {_ROLE_OF_THE_BOT: dict.fromkeys(_RIGHTS, True)}
    stage.world.change({"sales": {"adventure": {"privileges": rights}}})


def _playground(stage: Stage) -> Playground:
    """No connection of a window waits for another's: each asks for what is new all the time."""
    limits = httpx.Limits(max_connections=None)
    http = httpx.AsyncClient(
        base_url=stage.ready.control_url, trust_env=False, limits=limits, timeout=60.0
    )
    world = stage.world
    _let_the_bot_do_all(stage)
    return Playground(
        stage=stage,
        http=http,
        people=world.people(),
        channels=world.channels(),
        scenarios=world.scenarios(),
        before=world.facts(),
    )


def _listening(port: int | None) -> socket.socket:
    """The usual port, or where that is taken any; a port that was asked for or none.

    Raises `StageFailed`.
    """
    for one in (PORT, 0) if port is None else (port,):
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, one))
            listening.listen()  # who opens the address at once waits, and is not refused
        except OSError:
            listening.close()
            continue
        return listening
    raise StageFailed(f"Port {port} is taken; name another with --port, or leave it out.")
