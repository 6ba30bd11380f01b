"""`/api/<method>`: who calls, how often, which method, and what is recorded.

Rules: docs.slack.dev/apis/web-api (authentication, errors, rate limits).
"""

import json
import time
from email.utils import formatdate

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from simulator.slack.arguments import read_arguments, token_of
from simulator.slack.delivery import Delivery
from simulator.slack.grants import Grant
from simulator.slack.methods import METHODS, WITHOUT_TOKEN
from simulator.slack.naming import Json
from simulator.slack.real_methods import REAL
from simulator.slack.refusals import Refusal
from simulator.slack.scopes import APP_LEVEL_SCOPE, SCOPES, refuse_without
from simulator.slack.state import App
from simulator.slack.whereabouts import state_meant


class WebApi:
    def __init__(self, app: App, delivery: Delivery) -> None:
        self._app = app
        self._delivery = delivery

    async def answer(self, request: Request) -> Response:
        app, body, name = self._app, await request.body(), request.path_params["method"]
        known = name in METHODS or name in REAL
        if known:
            app.counters[f"called:{name}"] += 1
        response = self._respond(name, request, body)
        path = request.url.path if known else "/api/*"
        app.record("slack", request.method, path, response.status_code, body)
        self._delivery.send_announced()
        await app.news.tell()
        return response

    def _respond(self, name: str, request: Request, body: bytes) -> Response:
        if name not in METHODS and name in REAL:
            return PlainTextResponse(f"The simulator does not simulate {name}.\n", 501)
        headers = {"Date": self._date()}
        try:
            answer, status = {"ok": True, **self._answer(name, request, body, headers)}, 200
        except Refusal as no:
            answer, status = no.body(), no.status
            self._app.counters[f"refused:{no.error}"] += 1
            if no.retry_after is not None:
                headers["Retry-After"] = str(no.retry_after)
        return Response(json.dumps(answer), status, headers, "application/json")

    def _answer(self, name: str, request: Request, body: bytes, headers: dict[str, str]) -> Json:
        """Adds to the headers what the token may do and what the method asks for."""
        method = METHODS.get(name)
        if method is None:
            raise Refusal("unknown_method")
        arguments = read_arguments(request, body)
        if name in WITHOUT_TOKEN:
            return method(self._app.first, arguments)
        grant = arguments.grant = self._grant(name, token_of(request, arguments))
        headers["X-OAuth-Scopes"] = grant.provided
        headers["X-Accepted-OAuth-Scopes"] = ",".join(SCOPES[name])
        refuse_without(name, grant.scopes)
        state = state_meant(self._app, name, arguments)
        state.limits.spend(name, str(arguments.values.get("channel", "")))
        return method(state, arguments)

    def _date(self) -> str:
        return formatdate(time.time() + self._app.clock_ahead, usegmt=True)

    def _grant(self, name: str, token: str | None) -> Grant:
        if not token:
            raise Refusal("not_authed")
        grant = self._app.grants.at(token)
        if (APP_LEVEL_SCOPE in grant.scopes) != (SCOPES[name] == (APP_LEVEL_SCOPE,)):
            raise Refusal("not_allowed_token_type")
        return grant
