"""`/_slack/*`: tests, the tour and the demo terminal act as people and see what people see."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from simulator.slack.commanding import Commanding
from simulator.slack.delivery import Delivery
from simulator.slack.happenings import Happenings
from simulator.slack.hostile import Hostile
from simulator.slack.naming import Json
from simulator.slack.pressing import Pressing
from simulator.slack.refusals import Mistake, Refusal
from simulator.slack.socket_line import SocketLine
from simulator.slack.state import State
from simulator.slack.submitting import Submitting
from simulator.slack.suggesting import Suggesting
from simulator.slack.watching import Watching

Act = Callable[[Mapping[str, object]], Awaitable[Json]]


class Driver:
    def __init__(self, state: State, delivery: Delivery, line: SocketLine) -> None:
        submitting, happenings = Submitting(state, delivery), Happenings(state, delivery)
        self._state = state
        self._watching = Watching(state)
        self._acts: dict[str, Act] = {
            "command": Commanding(state, delivery).command,
            "submit": submitting.submit,
            "close": submitting.close,
            "press": Pressing(state, delivery).press,
            "suggest": Suggesting(state, delivery).suggest,
            "home": happenings.home,
            "say": happenings.say,
            "event": happenings.event,
            "socket": line.disturb,
            "raw": Hostile(state, delivery).raw,
        }

    def routes(self) -> list[BaseRoute]:
        acts = [
            Route(f"/_slack/{name}", self._endpoint(act), methods=["POST"])
            for name, act in self._acts.items()
        ]
        return [*acts, Route("/_slack/messages", self._messages, methods=["GET"])]

    def _endpoint(self, act: Act) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                answer = await act(await _asked(request))
            except (Mistake, Refusal) as mistake:
                return JSONResponse({"error": str(mistake)}, 400)
            finally:
                await self._state.app.news.tell()
            return JSONResponse(answer)

        return endpoint

    async def _messages(self, request: Request) -> Response:
        try:
            return JSONResponse(await self._watching.messages(dict(request.query_params)))
        except Mistake as mistake:
            return JSONResponse({"error": str(mistake)}, 400)


async def _asked(request: Request) -> Json:
    try:
        asked = await request.json()
    except ValueError as error:
        raise Mistake(f"not JSON: {error}") from error
    if not isinstance(asked, dict):
        raise Mistake("send a JSON object")
    return asked
