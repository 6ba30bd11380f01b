"""`/_hooks/response/<id>`: what the bot posts to a response URL.

Rules: docs.slack.dev/interactivity/handling-user-interaction (message responses).
"""

import json
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from simulator.json_bodies import read_json
from simulator.slack.content import read_content
from simulator.slack.refusals import Refusal
from simulator.slack.response_urls import ResponseUrl
from simulator.slack.state import App, State

TRUE = (True, "true")


class Hooks:
    def __init__(self, app: App) -> None:
        self._app = app

    async def answer(self, request: Request) -> Response:
        body = await request.body()
        response: Response = PlainTextResponse("ok")
        try:
            state = self._state(request.path_params["key"])
            found = state.response_urls.find(request.path_params["key"])
            _carry_out(state, found, _read(body))
            found.uses += 1
        except Refusal as no:
            status = no.status if no.status != 200 else 400
            response = Response(
                json.dumps(no.body()), status_code=status, media_type="application/json"
            )
            self._app.counters[f"refused:{no.error}"] += 1
        self._app.counters["called:response_url"] += 1
        self._app.record("slack", request.method, "/_hooks/response/*", response.status_code, body)
        await self._app.news.tell()
        return response

    def _state(self, key: str) -> State:
        found = [state for state in self._app.states.values() if state.response_urls.knows(key)]
        return found[0] if found else self._app.first


def _carry_out(state: State, found: ResponseUrl, asked: Mapping[str, object]) -> None:
    messages, original = state.messages, found.original
    present = original if original in messages.all else None
    if asked.get("delete_original") in TRUE:
        if present is None:
            raise Refusal("message_not_found", status=404)
        messages.remove(present)
    elif asked.get("replace_original") in TRUE and present is not None:
        messages.change(present, read_content(asked, newer=state.newer_blocks))
    else:
        answer_in(state, found.user_id, found, asked)


def answer_in(state: State, user_id: str, place: ResponseUrl, asked: Mapping[str, object]) -> None:
    """A new message where the person acted: to them alone unless it says in_channel."""
    kind = asked.get("response_type", "ephemeral")
    if kind not in ("ephemeral", "in_channel"):
        raise Refusal("invalid_arguments", ["[ERROR] must be a valid enum value"])
    thread = asked.get("thread_ts")
    state.messages.post(
        place.channel,
        state.workspace.identity.bot_user_id,
        read_content(asked, newer=state.newer_blocks),
        to=user_id if kind == "ephemeral" else None,
        thread_ts=thread if isinstance(thread, str) else None,
    )


def _read(body: bytes) -> Mapping[str, object]:
    try:
        asked = read_json(body)
    except ValueError as error:
        raise Refusal("invalid_payload", status=400) from error
    if not isinstance(asked, dict):
        raise Refusal("invalid_payload", status=400)
    return asked
