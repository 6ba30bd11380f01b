"""The Web API methods `apps.*`. Rules: docs.slack.dev/reference/methods/apps.connections.open."""

from urllib.parse import urlencode

from simulator.slack.arguments import Arguments
from simulator.slack.naming import Json
from simulator.slack.socket_line import PATH
from simulator.slack.state import State


def connections_open(state: State, _: Arguments) -> Json:
    """A URL that opens one WebSocket. Without TLS it is `ws`: this address has none."""
    app = state.app
    query = urlencode({"ticket": app.sockets.ticket(), "app_id": state.workspace.identity.app_id})
    return {"url": f"{app.base_url.replace('http', 'ws', 1)}{PATH}?{query}"}
