"""The Web API methods about the app itself and its blocks.

Rules: docs.slack.dev/reference/methods/apps.connections.open and blocks.validate.
"""

from collections.abc import Callable
from urllib.parse import urlencode

from simulator.slack.arguments import Arguments
from simulator.slack.blockkit import faults_in_blocks, faults_in_view
from simulator.slack.naming import Json
from simulator.slack.refusals import Refusal
from simulator.slack.socket_line import PATH
from simulator.slack.state import State


def connections_open(state: State, _: Arguments) -> Json:
    """A URL that opens one WebSocket. Without TLS it is `ws`: this address has none."""
    app = state.app
    query = urlencode({"ticket": app.sockets.ticket(), "app_id": state.workspace.identity.app_id})
    return {"url": f"{app.base_url.replace('http', 'ws', 1)}{PATH}?{query}"}


def blocks_validate(_: State, arguments: Arguments) -> Json:
    """One of `blocks`, `message` and `view`; the pointers begin inside what was given."""
    given = [name for name in VALIDATED if arguments.values.get(name) not in (None, "")]
    if len(given) != 1:
        raise Refusal("invalid_arguments", ["must provide exactly one of " + ", ".join(VALIDATED)])
    payload = arguments.structure(given[0])
    faults = VALIDATED[given[0]](payload)
    if faults:
        refusal = Refusal(f"invalid_{given[0]}")
        refusal.more = {"errors": [_issue(fault) for fault in faults]}
        raise refusal
    return {}


def _message_faults(payload: object) -> list[str]:
    if not isinstance(payload, dict):
        return ["[ERROR] must provide an object [json-pointer:]"]
    return faults_in_blocks(payload.get("blocks") or [], "message", "/blocks")


VALIDATED: dict[str, Callable[[object], list[str]]] = {
    "blocks": lambda payload: faults_in_blocks(payload, "message", ""),
    "message": _message_faults,
    "view": lambda payload: faults_in_view(payload, ""),
}


def _issue(fault: str) -> Json:
    what, _, pointer = (
        fault.removeprefix("[ERROR] ").removesuffix("]").rpartition(" [json-pointer:")
    )
    return {"code": "failed_constraint", "message": what, "pointer": pointer}
