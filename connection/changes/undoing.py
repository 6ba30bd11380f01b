"""Taking back what a request changed: a request of its own."""

from collections.abc import Mapping
from dataclasses import replace

from connection.asks import Ask
from connection.audit import AuditTag
from connection.changes.asking import hand_in, new_request, refuse_requester
from connection.changes.deciding import the_request
from connection.changes.opening import scene_of_request
from connection.changes.plan import Act
from connection.changes.planning import undo_for
from connection.changes.record import keep, record, show_in_channel
from connection.changes.request import Request, RequestState
from connection.changes.running import end_run
from connection.errors import Mistake
from connection.ports import Ports, Reading, Transaction


async def undo(ports: Ports, ask: Ask, request_id: str, _more: str) -> None:
    """Asked for, approved and applied as any other change, by whoever may ask for changes; the
    first one is over by that. Raises `Mistake` and `NotAllowed`."""
    scene_for = await ports.ledger.read(lambda reading: _undoable(ports, reading, ask, request_id))
    scene = await scene_of_request(ports, scene_for)
    scene.act = Act.UNDO
    plan = await undo_for(scene, scene_for)
    if not plan.changes:
        raise Mistake(
            f"Nothing of {scene_for.title} can be taken back.",
            f"Leave it with /d365 request {scene_for.title} leave.",
        )

    def begin(tx: Transaction) -> Request | None:
        before = tx.request(ask.id)
        if before is not None:
            return before if before.state is RequestState.PLANNING else None
        now = ports.clock.now()
        done = _undoable(ports, tx, ask, request_id)
        connection = tx.connection(done.connection_id)
        if connection is None:
            raise Mistake(f"The connection {done.name} is gone.")
        if done.state is RequestState.STOPPED:
            left = end_run(tx, done, RequestState.LEFT, now)
            record(tx, left, AuditTag.REQUEST_LEFT, ask.person, now, how_it_stands(left))
        policy = tx.policy(connection.id)
        reason = f"Takes {done.title} back."
        made = new_request(ask, tx, connection, plan, policy, reason, ports)
        made = replace(made, undoes=done.id)
        keep(tx, made, now, final=False)
        show_in_channel(tx, made, now)
        return made

    made = await ports.ledger.run(begin)
    ports.messenger.nudge()
    if made is not None:
        await hand_in(ports, ask, made)


def _undoable(ports: Ports, reading: Reading, ask: Ask, request_id: str) -> Request:
    found = the_request(reading, ask, request_id)
    connection = reading.connection(found.connection_id)
    if connection is None:
        raise Mistake(f"The connection {found.name} is gone.")
    refuse_requester(ports, reading, ask, connection, reading.policy(connection.id))
    ended = (RequestState.STOPPED, RequestState.APPLIED, RequestState.LEFT, RequestState.VOID)
    if found.state not in ended or not any(one.reached for one in found.steps):
        raise Mistake(
            f"{found.title} is {found.state.words}, and there is nothing of it to take back.",
            f"/d365 request {found.title} shows it.",
        )
    if reading.setup(found.connection_id).revision != found.plan.revision:
        raise Mistake(
            f"The setup was changed since {found.title}, so going back may lead elsewhere.",
            "Ask for what you want anew: /d365 enable, disable, or a single step.",
        )
    if found.plan.act is Act.DISABLE:
        raise Mistake(
            "What was disabled is enabled again with all its checks.",
            f"Use /d365 enable {found.name}.",
        )
    other = reading.open_request(found.connection_id)
    if other is not None and other.id not in (found.id, ask.id):
        raise Mistake(f"{other.title} comes first: one change of a connection at a time.")
    return found


def how_it_stands(found: Request) -> Mapping[str, object]:
    """For the record."""
    return {"steps": {one.step: one.state.value for one in found.steps}}
