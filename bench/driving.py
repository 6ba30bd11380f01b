"""Signed commands over HTTP, several at once, each timed to its ack and to its answer."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from bench.fake_slack import PATIENCE, FakeSlack
from bench.slash_commands import slash_command


@dataclass(frozen=True, slots=True)
class Timed:
    """Milliseconds from sending a command to the response, and to the answering message."""

    response: float
    answer: float


@asynccontextmanager
async def caller() -> AsyncIterator[aiohttp.ClientSession]:
    """Keeps its connections, as Slack does."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, trust_env=False) as session:
        yield session


async def answered(
    session: aiohttp.ClientSession, events: str, slack: FakeSlack, count: int, at_once: int
) -> Sequence[Timed]:
    """`at_once` people, each of whom waits for the answer before typing again."""
    timed: list[Timed] = []

    async def person() -> None:
        for _ in range(count // at_once):
            command = slash_command()
            came = slack.expect(command.channel)
            began = time.perf_counter()
            await _send(session, events, command.body, command.headers)
            responded = time.perf_counter()
            ended = await asyncio.wait_for(came, PATIENCE)
            timed.append(Timed((responded - began) * 1000, (ended - began) * 1000))

    await asyncio.gather(*(person() for _ in range(at_once)))
    return timed


async def acknowledged(
    session: aiohttp.ClientSession, events: str, count: int, at_once: int
) -> None:
    """As fast as they are acknowledged."""

    async def sender() -> None:
        for _ in range(count // at_once):
            command = slash_command()
            await _send(session, events, command.body, command.headers)

    await asyncio.gather(*(sender() for _ in range(at_once)))


async def one_acknowledged(session: aiohttp.ClientSession, events: str) -> None:
    """Sent, and responded to."""
    command = slash_command()
    await _send(session, events, command.body, command.headers)


async def _send(
    session: aiohttp.ClientSession, events: str, body: bytes, headers: dict[str, str]
) -> None:
    async with session.post(events, data=body, headers=headers) as answer:
        told = await answer.text()
        if answer.status != 200 or told:
            raise RuntimeError(f"the command was not accepted: {answer.status} {told[:300]}")
