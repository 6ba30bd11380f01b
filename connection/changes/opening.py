"""Setting a scene: the connection, one revision of its setup, and what the bot holds for it."""

from connection.asks import Ask
from connection.changes.plan import Act
from connection.changes.remote import HeldSecret
from connection.changes.request import Request
from connection.changes.scene import Scene
from connection.checks.making import subject_of
from connection.errors import NotReady
from connection.naming import asked_about
from connection.ports import Ports, Reading
from connection.revisions import SavedSetup

_SENT = ("integration_password", "odata_access_key")
"""Secrets that a step hands over."""


async def scene_of_ask(ports: Ports, ask: Ask, act: Act, words: str) -> Scene:
    """For the newest setup. Raises `UnknownConnection`."""

    def read(reading: Reading) -> Scene:
        subject = subject_of(reading, asked_about(reading, ask), {})
        held = _held(reading, subject.saved)
        return Scene(ports, subject, act, words, held=held)

    return await ports.ledger.read(read)


async def scene_of_request(ports: Ports, request: Request) -> Scene:
    """For the revision that was approved. Raises `NotReady` where the connection is gone."""

    def read(reading: Reading) -> Scene:
        connection = reading.connection(request.connection_id)
        saved = reading.revision(request.connection_id, request.plan.revision)
        if connection is None or saved is None:
            raise NotReady(f"The connection {request.name} is gone.", "Ask anew.")
        subject = subject_of(reading, connection, {}, saved)
        plan = request.plan
        held = _held(reading, saved)
        return Scene(ports, subject, plan.act, plan.words, request.sign_in, held=held)

    return await ports.ledger.read(read)


def _held(reading: Reading, saved: SavedSetup) -> dict[str, HeldSecret]:
    found = {}
    for name in _SENT:
        secret_id = getattr(saved.setup, name)
        facts = reading.secret(secret_id) if secret_id else None
        if facts is not None:
            found[name] = HeldSecret(facts.ref, facts.ref.origin)
    return found
