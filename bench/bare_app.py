"""The reference: the smallest Bolt AsyncApp on uvicorn that acks a command and answers it."""

import json
import os
from typing import Any

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def bare_app() -> Starlette:
    """Says what BENCH_SAYS holds: the arguments of chat.postEphemeral, as JSON."""
    token = os.environ["SLACK_BOT_TOKEN"]
    client = AsyncWebClient(token=token, base_url=os.environ["SLACK_API_URL"])
    app = AsyncApp(client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"])
    says = json.loads(os.environ.get("BENCH_SAYS") or '{"text": "Here I am."}')

    @app.command("/d365")
    async def answer(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.chat_postEphemeral(channel=body["channel_id"], user=body["user_id"], **says)

    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    return Starlette(routes=[Route("/slack/events", events, methods=["POST"])])


if __name__ == "__main__":
    uvicorn.run(
        bare_app(), host="127.0.0.1", port=int(os.environ["D365BOT_PORT"]), access_log=False
    )
