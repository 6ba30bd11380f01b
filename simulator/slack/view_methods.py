"""The Web API methods `views.*`. Rules: docs.slack.dev/reference/methods, one page a method."""

from simulator.slack.arguments import Arguments
from simulator.slack.naming import Json
from simulator.slack.refusals import Refusal, missing
from simulator.slack.state import State
from simulator.slack.views import checked_view


def open_view(state: State, arguments: Arguments) -> Json:
    content = _view(arguments, "modal")
    user_id = state.triggers.spend(_trigger(arguments))
    return {"view": state.desk.as_json(state.desk.open(user_id, content))}


def push(state: State, arguments: Arguments) -> Json:
    content = _view(arguments, "modal")
    user_id = state.triggers.spend(_trigger(arguments))
    return {"view": state.desk.as_json(state.desk.push(user_id, content))}


def update(state: State, arguments: Arguments) -> Json:
    view_id, external_id = arguments.text("view_id"), arguments.text("external_id")
    if view_id is None and external_id is None:
        raise missing("view_id")
    view = state.desk.find(view_id, external_id)
    content = _view(arguments, str(view.content["type"]))
    updated = state.desk.update(view, content, arguments.text("hash"))
    return {"view": state.desk.as_json(updated)}


def publish(state: State, arguments: Arguments) -> Json:
    content = _view(arguments, "home")
    user_id = arguments.needed("user_id")
    person = state.workspace.known(user_id)
    if person is None or person.deactivated:
        raise Refusal("user_not_found")
    if not state.home_tab:
        raise Refusal("not_enabled")
    view = state.desk.publish(user_id, content, arguments.text("hash"))
    return {"view": state.desk.as_json(view)}


def _view(arguments: Arguments, kind: str) -> Json:
    view = arguments.structure("view")
    if view is None:
        raise missing("view")
    return checked_view(view, kind)


def _trigger(arguments: Arguments) -> str:
    trigger_id = arguments.text("trigger_id") or arguments.text("interactivity_pointer")
    if trigger_id is None:
        raise missing("trigger_id")
    return trigger_id
