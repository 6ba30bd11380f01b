"""`python -m bench.apply_run FOLDER ROUNDS`: applies and replays in turns, prints a line of JSON.

The calls of an apply are noted as they leave, and made again by a bare httpx client.
"""

import asyncio
import gc
import json
import sys
import time
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import uvloop

from bench.apply import ready_file
from bench.simulated import Simulated
from bench.users_bot import NAME, WHO, connection_of, settings_of
from bot.wiring import service_alone
from connection.asks import Ask, Place
from connection.changes.opening import scene_of_ask
from connection.changes.plan import Act, Plan
from connection.changes.planning import plan_for
from connection.changes.request import Policy, Request, RequestState, StepRun
from connection.changes.running import begin_run
from connection.ports import Transaction
from connection.service import ConnectionService

NAV = ("prvCreatenav_connection", "prvWritenav_connection")
STANDING = {"privileges": {"Connection Bot": dict.fromkeys(NAV, True)}}
INTEGRATION = {
    "bc-integration-administrator": None,
    "bc-integration-user": None,
}

Sent = list[httpx.Request]


async def begin_anew(one: Simulated) -> None:
    """A world in which every step but the import has something to do."""
    await one.control("/_world/scenario", {"name": "healthy"})
    sales = {**STANDING, "user_roles": {"integration": INTEGRATION}}
    async with httpx.AsyncClient(trust_env=False) as http:
        patched = {"sales": {"adventure": sales}}
        answer = await http.patch(one.ready["control_url"] + "/_world", json=patched)
        answer.raise_for_status()


async def approved(service: ConnectionService, connection_id: str) -> Ask:
    """A plan of now that is approved, and the ask that applies it."""
    now, own = service.ports.clock.now(), str(uuid.uuid4())
    asked = Ask(
        own, WHO.organisation, WHO, "enable", Place("C1"), now, own, NAME, "", connection_id
    )
    plan = await plan_for(await scene_of_ask(service.ports, asked, Act.ENABLE, ""))

    def work(tx: Transaction) -> Ask:
        return begin_run(tx, _request(tx, asked, plan), now)

    return await service.ports.ledger.run(work)


def _request(tx: Transaction, asked: Ask, plan: Plan) -> Request:
    policy = Policy()
    return Request(
        id=asked.id,
        workspace=asked.workspace,
        number=tx.next_request(asked.workspace),
        connection_id=asked.subject,
        name=NAME,
        plan=plan,
        plan_hash=plan.hash,
        policy=policy,
        roster=(),
        asked_by=WHO,
        place=asked.place,
        asked_at=asked.received_at,
        ends_at=asked.received_at + policy.life,
        state=RequestState.PENDING,
        steps=tuple(StepRun(step.step) for step in plan.steps),
    )


async def ours(
    service: ConnectionService, one: Simulated, connection_id: str
) -> tuple[float, Sent]:
    """Milliseconds a step, and what was sent meanwhile."""
    await begin_anew(one)
    ask = await approved(service, connection_id)
    sent: Sent = []
    send = httpx.AsyncClient.send

    async def noting(self: httpx.AsyncClient, request: httpx.Request, **how: Any) -> httpx.Response:
        sent.append(request)
        return await send(self, request, **how)

    with patch.object(httpx.AsyncClient, "send", noting):
        began = time.perf_counter()
        await service.apply(ask)
        took = time.perf_counter() - began
    request = await service.ports.ledger.read(lambda reading: reading.request(ask.rest))
    assert request is not None
    assert request.state is RequestState.APPLIED, request
    return took * 1_000 / len(request.plan.steps), sent


async def bare(one: Simulated, sent: Sent, steps: int) -> float:
    """The same calls; an etag of the other world is any etag."""
    await begin_anew(one)
    async with httpx.AsyncClient(
        proxy=one.ready["proxy"], verify=one.trust(), trust_env=False, timeout=60
    ) as http:
        began = time.perf_counter()
        for call in sent:
            headers = dict(call.headers)
            headers.update({"if-match": "*"} if "if-match" in headers else {})
            answer = await http.request(
                call.method, call.url, headers=headers, content=call.content
            )
            assert answer.status_code < 500, answer.text
        return (time.perf_counter() - began) * 1_000 / steps


async def rounds(within: Path, count: int) -> dict[str, list[float]]:
    """The first round warms up."""
    one = Simulated(json.loads(ready_file(within).read_text()), 0)
    found: dict[str, list[float]] = {"ours": [], "bare": []}
    async with service_alone(settings_of(one, within)) as alone:
        service = ConnectionService(replace(alone.ports))
        connection = await connection_of(service, one)
        for number in range(count + 1):
            took, sent = await ours(service, one, connection.id)
            steps = await service.ports.ledger.read(
                lambda reading: len(reading.requests(WHO.organisation, 1)[0].plan.steps)
            )
            beside = await bare(one, sent, steps)
            if number:
                found["ours"].append(took)
                found["bare"].append(beside)
    return found


def main() -> None:
    """Prints what was found."""
    within, count = Path(sys.argv[1]), int(sys.argv[2])
    gc.collect()
    gc.freeze()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(rounds(within, count))))


if __name__ == "__main__":
    main()
