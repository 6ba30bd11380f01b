"""`/_slack/*`: tests, the tour and the demo terminal act as people and see what people see."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from simulator.json_bodies import read_json
from simulator.slack.authorizing import Authorizing
from simulator.slack.commanding import Commanding
from simulator.slack.delivery import Delivery
from simulator.slack.happenings import Happenings
from simulator.slack.hostile import Hostile
from simulator.slack.naming import Json
from simulator.slack.pressing import Pressing
from simulator.slack.refusals import Mistake, Refusal
from simulator.slack.socket_line import SocketLine
from simulator.slack.state import App, State
from simulator.slack.submitting import Submitting
from simulator.slack.suggesting import Suggesting
from simulator.slack.watching import Watching

Act = Callable[[Mapping[str, object]], Awaitable[Json]]
NEEDS_APP = ("command", "submit", "close", "press", "suggest", "home")


class Driver:
    """`team` says in which workspace; without it, in the first."""

    def __init__(
        self, app: App, delivery: Delivery, line: SocketLine, authorizing: Authorizing
    ) -> None:
        self._app = app
        self._delivery = delivery
        self._watching = {name: Watching(state) for name, state in app.states.items()}
        self._acts = {name: self._acts_in(state) for name, state in app.states.items()}
        self._free: dict[str, Act] = {
            "install": authorizing.install,
            "socket": line.disturb,
            "raw": Hostile(app, delivery).raw,
        }

    def _acts_in(self, state: State) -> dict[str, Act]:
        delivery = self._delivery
        submitting, happenings = Submitting(state, delivery), Happenings(state, delivery)
        return {
            "command": Commanding(state, delivery).command,
            "submit": submitting.submit,
            "close": submitting.close,
            "press": Pressing(state, delivery).press,
            "suggest": Suggesting(state, delivery).suggest,
            "home": happenings.home,
            "say": happenings.say,
            "event": happenings.event,
        }

    def routes(self) -> list[BaseRoute]:
        acts = [
            Route(f"/_slack/{name}", self._endpoint(name), methods=["POST"])
            for name in (*self._acts[self._app.first.name], *self._free)
        ]
        return [*acts, Route("/_slack/messages", self._messages, methods=["GET"])]

    def _act(self, name: str, asked: Json) -> Act:
        if name in self._free:
            return self._free[name]
        state = self._app.state_of(asked.get("team"))
        if name in NEEDS_APP and self._app.grants.of(state.name) is None:
            raise Mistake(f"the app is not installed in {state.name}")
        return self._acts[state.name][name]

    def _endpoint(self, name: str) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                asked = await _asked(request)
                answer = await self._act(name, asked)(asked)
            except (Mistake, Refusal) as mistake:
                return JSONResponse({"error": str(mistake)}, 400)
            finally:
                self._delivery.send_announced()
                await self._app.news.tell()
            return JSONResponse(answer)

        return endpoint

    async def _messages(self, request: Request) -> Response:
        try:
            asked = dict(request.query_params)
            watching = self._watching[self._app.state_of(asked.get("team")).name]
            return JSONResponse(await watching.messages(asked))
        except Mistake as mistake:
            return JSONResponse({"error": str(mistake)}, 400)


async def _asked(request: Request) -> Json:
    try:
        asked = read_json(await request.body())
    except ValueError as error:
        raise Mistake(f"not JSON: {error}") from error
    if not isinstance(asked, dict):
        raise Mistake("send a JSON object")
    return asked
