"""Facts as they were: a patch that cannot be carried out whole changes nothing."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager

from simulator.slack.state import App

OF_APP = ("events_url", "socket_mode", "ack_seconds", "retry_delays", "clock_ahead", "manifest")
OF_WORKSPACE = ("plan", "home_tab", "file_uploads")
OF_SPACE = ("people", "channels", "usergroups")


@contextmanager
def all_or_nothing(app: App) -> Iterator[None]:
    """Puts everything back when a fact is refused. The values are never changed, only replaced."""
    pairs = list(_owners(app))
    before = [(owner, name, copy.copy(getattr(owner, name))) for owner, name in pairs]
    announced = list(app.announced)
    try:
        yield
    except ValueError:
        for owner, name, value in before:
            setattr(owner, name, value)
        app.announced[:] = announced
        raise


def _owners(app: App) -> Iterator[tuple[object, str]]:
    yield from ((app, name) for name in OF_APP)
    for state in app.states.values():
        yield from ((state, name) for name in OF_WORKSPACE)
        yield from ((state.workspace, name) for name in OF_SPACE)
        yield state.limits, "table"
        grant = app.grants.of(state.name)
        if grant is not None:
            yield grant, "scopes"
