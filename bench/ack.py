"""From a request at our door to `ack()`, beside one bare group-committed insert.

Twice, each beside inserts that come the same way: a steady stream, far more than a workspace of
administrators types and less than keeps the processors busy; and eight people who type again as
soon as they are answered, which keeps them busy.
"""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

import aiohttp
from sqlalchemy import Connection, insert

from bench.driving import answered, caller, one_acknowledged
from bench.fake_slack import fake_slack
from bench.figure import Figure, percentile
from bench.group_commit import GroupCommit, group_commit
from bench.plain_tables import PLAIN_INBOX, metadata
from bench.served import TIMED, folder, serving
from bench.slash_commands import slash_command

ROUNDS = 4
AT_ONCE = 8
COMMANDS = 160
"""In a round. Bare inserts are as many."""

A_SECOND = 20
"""Commands a second of the steady stream."""

ROW_CHARACTERS = 300

_INSERT = insert(PLAIN_INBOX)

Round = Callable[[], Awaitable[Sequence[float]]]


async def ack() -> list[Figure]:
    """p99 of the steady stream has the aim."""
    with folder() as within, group_commit(within / "reference.sqlite") as writer:
        metadata.create_all(writer.engine)
        async with (
            fake_slack() as slack,
            caller() as session,
            serving(TIMED, within / "ours", slack.url) as served,
        ):

            async def steady() -> Sequence[float]:
                before = slack.messages
                await _stream(lambda: one_acknowledged(session, served.events))
                await slack.received(before + COMMANDS)
                return await _timings(session, served.events)

            async def people() -> Sequence[float]:
                await answered(session, served.events, slack, COMMANDS, AT_ONCE)
                return await _timings(session, served.events)

            reference, ours, busy_reference, busy = await _rounds(
                lambda: _steady_inserts(writer), steady, lambda: _inserts(writer), people
            )
    return [
        _figure("ack", 0.99, 3, ours, reference),
        _figure("ack_p50", 0.5, None, ours, reference),
        _figure("ack_busy", 0.99, None, busy, busy_reference),
        _figure("ack_busy_p50", 0.5, None, busy, busy_reference),
    ]


async def _stream(act: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Evenly spaced, whatever the ones before are doing."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.TaskGroup() as running:
        for number in range(COMMANDS):
            await asyncio.sleep(max(0.0, began + number / A_SECOND - loop.time()))
            running.create_task(act())


async def _rounds(*sides: Round) -> list[list[Sequence[float]]]:
    """Each side in turn; the first round warms up and is thrown away."""
    rounds: list[list[Sequence[float]]] = [[] for _ in sides]
    for number in range(ROUNDS + 1):
        for side, measure in zip(rounds, sides, strict=True):
            took = await measure()
            if len(took) < COMMANDS:
                raise RuntimeError(f"{len(took)} of {COMMANDS} commands were acknowledged")
            if number:
                side.append(took)
    return rounds


def _figure(
    name: str,
    share: float,
    aim: float | None,
    ours: list[Sequence[float]],
    reference: list[Sequence[float]],
) -> Figure:
    def of(side: list[Sequence[float]]) -> tuple[float, ...]:
        return tuple(percentile(took, share) for took in side)

    return Figure(name, "ms", of(ours), of(reference), aim)


async def _timings(session: aiohttp.ClientSession, events: str) -> Sequence[float]:
    async with session.get(events.replace("/slack/events", "/timings")) as answer:
        took: list[float] = await answer.json()
        return took


async def _steady_inserts(writer: GroupCommit) -> Sequence[float]:
    took: list[float] = []
    await _stream(lambda: _insert(writer, took))
    return took


async def _inserts(writer: GroupCommit) -> Sequence[float]:
    took: list[float] = []

    async def sender() -> None:
        for _ in range(COMMANDS // AT_ONCE):
            await _insert(writer, took)

    await asyncio.gather(*(sender() for _ in range(AT_ONCE)))
    return took


async def _insert(writer: GroupCommit, took: list[float]) -> None:
    """As long as a row of the inbox, with a key and a unique key."""
    row = {"id": str(uuid.uuid4()), "dedupe_key": uuid.uuid4().hex}
    row["row"] = slash_command().body.decode()[:ROW_CHARACTERS]
    began = time.perf_counter()
    await writer.run(_work(row))
    took.append((time.perf_counter() - began) * 1000)


def _work(row: dict[str, str]) -> Callable[[Connection], None]:
    def work(connection: Connection) -> None:
        connection.execute(_INSERT, row)

    return work
