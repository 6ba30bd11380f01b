"""`/api/<method>`: who calls, how often, which method, and what is recorded.

Rules: docs.slack.dev/apis/web-api (authentication, errors, rate limits).
"""

import json
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from simulator.slack import (
    app_methods,
    chat_methods,
    directory_methods,
    file_methods,
    view_methods,
)
from simulator.slack.arguments import Arguments, read_arguments, token_of
from simulator.slack.naming import Json
from simulator.slack.refusals import Refusal
from simulator.slack.state import State

Method = Callable[[State, Arguments], Json]

METHODS: dict[str, Method] = {
    "apps.connections.open": app_methods.connections_open,
    "auth.test": directory_methods.auth_test,
    "bots.info": directory_methods.bots_info,
    "chat.delete": chat_methods.delete,
    "chat.getPermalink": chat_methods.permalink,
    "chat.postEphemeral": chat_methods.post_ephemeral,
    "chat.postMessage": chat_methods.post_message,
    "chat.update": chat_methods.update,
    "conversations.info": directory_methods.conversations_info,
    "conversations.list": directory_methods.conversations_list,
    "conversations.members": directory_methods.conversations_members,
    "conversations.open": directory_methods.conversations_open,
    "files.completeUploadExternal": file_methods.complete_upload,
    "files.getUploadURLExternal": file_methods.upload_url,
    "usergroups.list": directory_methods.usergroups_list,
    "usergroups.users.list": directory_methods.usergroup_users,
    "users.info": directory_methods.users_info,
    "users.list": directory_methods.users_list,
    "users.lookupByEmail": directory_methods.users_by_email,
    "views.open": view_methods.open_view,
    "views.publish": view_methods.publish,
    "views.push": view_methods.push,
    "views.update": view_methods.update,
}
APP_LEVEL = {"apps.connections.open"}


class WebApi:
    def __init__(self, state: State) -> None:
        self._state = state

    async def answer(self, request: Request) -> Response:
        body = await request.body()
        name = request.path_params["method"]
        try:
            answer, refusal = {"ok": True, **self._answer(name, request, body)}, None
        except Refusal as no:
            answer, refusal = no.body(), no
            self._state.app.counters[f"refused:{no.error}"] += 1
        self._state.app.counters[f"called:{name}"] += 1
        response = Response(
            json.dumps(answer),
            status_code=refusal.status if refusal else 200,
            media_type="application/json",
        )
        if refusal is not None and refusal.retry_after is not None:
            response.headers["Retry-After"] = str(refusal.retry_after)
        self._state.app.record(
            "slack", request.method, request.url.path, response.status_code, body
        )
        await self._state.app.news.tell()
        return response

    def _answer(self, name: str, request: Request, body: bytes) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise Refusal("unknown_method")
        arguments = read_arguments(request, body)
        self._refuse_strangers(name, token_of(request, arguments))
        self._state.limits.spend(name, str(arguments.values.get("channel", "")))
        return method(self._state, arguments)

    def _refuse_strangers(self, name: str, token: str | None) -> None:
        identity = self._state.workspace.identity
        if not token:
            raise Refusal("not_authed")
        if token not in (identity.bot_token, identity.app_token):
            raise Refusal("invalid_auth")
        if (token == identity.app_token) != (name in APP_LEVEL):
            raise Refusal("not_allowed_token_type")
