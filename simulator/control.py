"""The control address: change the world, spoil answers, read the log of calls."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from simulator.becoming import become
from simulator.calls import CallLog
from simulator.crowd import gather
from simulator.entra.device import DeviceCodes
from simulator.faults import BadRuleError, Faults
from simulator.json_bodies import read_json
from simulator.scenarios import SCENARIOS, UnknownScenarioError
from simulator.slack import SlackSite
from simulator.world import BadFactError, World

LONGEST_STEP = 10 * 365 * 86_400
LONGEST_NUMBER = 18


class Control:
    def __init__(
        self, world: World, faults: Faults, log: CallLog, devices: DeviceCodes, slack: SlackSite
    ) -> None:
        self._world, self._faults, self._log = world, faults, log
        self._devices, self._slack = devices, slack

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/_world", self.show, methods=["GET"]),
            Route("/_world", self.patch, methods=["PATCH"]),
            Route("/_world/scenario", self.become, methods=["POST"]),
            Route("/_world/crowd", self.gather, methods=["POST"]),
            Route("/_world/scenarios", self.scenarios, methods=["GET"]),
            Route("/_world/clock", self.advance, methods=["POST"]),
            Route("/_world/calls", self.calls, methods=["GET"]),
            Route("/_world/calls", self.forget_calls, methods=["DELETE"]),
            Route("/_faults", self.faults, methods=["GET"]),
            Route("/_faults", self.add_fault, methods=["POST"]),
            Route("/_faults", self.clear_faults, methods=["DELETE"]),
            Route("/_entra/device", self.decide_device, methods=["POST"]),
        ]

    async def show(self, _: Request) -> Response:
        return JSONResponse({**self._world.shown(), "slack": self._slack.facts()})

    async def patch(self, request: Request) -> Response:
        """RFC 7396; the key `slack` goes to the Slack site."""
        patch = await _object(request)
        slack = patch.pop("slack", {})
        try:
            with self._slack.patching(slack):
                self._world.patch(patch)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)
        return await self.show(request)

    async def become(self, request: Request) -> Response:
        """{name}, and with {go_on: true} in the world as it is."""
        asked = await _object(request)
        name, go_on = str(asked.get("name", "")), bool(asked.get("go_on"))
        try:
            scenario = become(name, self._world, self._faults, go_on=go_on)
        except UnknownScenarioError as error:
            return JSONResponse({"error": str(error)}, 404)
        except BadFactError as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse({"name": scenario.name, "says": scenario.says})

    async def gather(self, request: Request) -> Response:
        """Many made-up users: {sales_users, business_central_users}."""
        try:
            gather(self._world, await _object(request))
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)
        return Response(status_code=204)

    async def scenarios(self, _: Request) -> Response:
        return JSONResponse([{"name": each.name, "says": each.says} for each in SCENARIOS])

    async def advance(self, request: Request) -> Response:
        """Moves the clock by so many seconds: {advance}."""
        seconds: Any = (await _object(request)).get("advance")
        is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
        if not is_number or not 0 <= seconds < LONGEST_STEP:
            text = f"advance is a number of seconds from 0 to {LONGEST_STEP}"
            return JSONResponse({"error": text}, 400)
        self._world.clock.advance(seconds)
        return JSONResponse({"now": self._world.clock()})

    async def calls(self, request: Request) -> Response:
        query = request.query_params
        after = query.get("after", "0")
        if not after.isdecimal() or not after.isascii() or len(after) > LONGEST_NUMBER:
            return JSONResponse({"error": "after is a number"}, 400)
        return JSONResponse(self._log.rows(query.get("site"), int(after)))

    async def forget_calls(self, _: Request) -> Response:
        self._log.clear()
        return Response(status_code=204)

    async def faults(self, _: Request) -> Response:
        return JSONResponse(self._faults.shown())

    async def add_fault(self, request: Request) -> Response:
        try:
            fault = self._faults.add(await _object(request))
        except BadRuleError as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse({"id": fault.id}, 201)

    async def clear_faults(self, _: Request) -> Response:
        self._faults.clear()
        return Response(status_code=204)

    async def decide_device(self, request: Request) -> Response:
        """Acts as the person with the device code: {user_code, account, approve}."""
        said = await _object(request)
        known = self._devices.decide(
            str(said.get("user_code")),
            str(said.get("account")),
            approve=bool(said.get("approve", True)),
        )
        return Response(status_code=204 if known else 404)


async def _object(request: Request) -> dict[str, Any]:
    try:
        value = read_json(await request.body())
    except ValueError as error:
        raise HTTPException(400, "the body is no JSON") from error
    if not isinstance(value, dict):
        raise HTTPException(400, "the body is no JSON object")
    return value
