"""`d365bot connections`: what is configured, without secrets."""

import json
from collections.abc import Sequence

from bot.settings import read_settings
from bot.wiring import open_database
from connection.connection import state_word
from connection.pictures import StatusPicture, status_picture
from connection.ports import Reading
from connection.setup import FIELDS, secrets_of
from connection.setup_fields import FieldKind


async def connection_lines(*, as_json: bool) -> list[str]:
    """One line a connection, over all workspaces."""
    with open_database(read_settings()) as database:
        statuses = await database.ledger.read(_statuses)
    if as_json:
        return [json.dumps(_facts(status), ensure_ascii=False) for status in statuses]
    if not statuses:
        return ["No connection is set up yet. Start with /d365 setup in Slack."]
    return [
        f"{one.connection.workspace}  {one.connection.name}  {state_word(one.connection)}  "
        f"{one.connection.health}  {one.saved.setup.sales_url}"
        for one in statuses
    ]


def _statuses(reading: Reading) -> Sequence[StatusPicture]:
    found = (
        status_picture(reading, connection.id)
        for workspace in reading.workspaces()
        for connection in reading.connections(workspace)
    )
    return [status for status in found if status]


def _facts(status: StatusPicture) -> dict[str, object]:
    setup = {
        about.name: getattr(status.saved.setup, about.name)
        for about in FIELDS
        if about.kind is not FieldKind.SECRET
    }
    return {
        "workspace": status.connection.workspace,
        **setup,
        "default": status.connection.is_default,
        "state": state_word(status.connection),
        "health": status.connection.health.value,
        "revision": status.saved.revision,
        "secrets": {
            about.name: status.secrets.get(about.name) is not None
            for about in secrets_of(status.saved.setup)
        },
    }
