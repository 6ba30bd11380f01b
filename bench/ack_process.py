"""The process that `ack` measures in: prints rounds of the reference and of ours, as JSON."""

import asyncio
import json
import os
import sys
import time
import uuid
from collections.abc import Sequence
from pathlib import Path

import aiohttp
import uvloop
from sqlalchemy import Connection, insert

from bench.group_commit import GroupCommit, group_commit
from bench.in_process import in_process
from bench.plain_tables import PLAIN_INBOX, metadata
from bench.slash_commands import slash_command

ROUNDS = 6
COMMANDS = 600
AT_ONCE = 8
PATIENCE = 60.0

_INSERT = insert(PLAIN_INBOX)


async def main() -> None:
    """The first round warms up and is thrown away."""
    reference: list[Sequence[float]] = []
    ours: list[Sequence[float]] = []
    async with in_process() as bot:
        with group_commit(Path(os.environ["D365BOT_DATA_DIR"]) / "reference.sqlite") as writer:
            metadata.create_all(writer.engine)
            for number in range(1, ROUNDS + 1):
                reference.append(await _inserts(writer))
                ours.append(await bot.commands(COMMANDS, AT_ONCE))
                await _all_answered(number * COMMANDS)
    json.dump({"reference": reference[1:], "ours": ours[1:]}, sys.stdout)


async def _inserts(writer: GroupCommit) -> Sequence[float]:
    took: list[float] = []

    async def sender() -> None:
        for _ in range(COMMANDS // AT_ONCE):
            row = {
                "id": str(uuid.uuid4()),
                "dedupe_key": uuid.uuid4().hex,
                "row": slash_command().body.decode()[:300],
            }

            def work(connection: Connection, row: dict[str, str] = row) -> None:
                connection.execute(_INSERT, row)

            began = time.perf_counter()
            await writer.run(work)
            took.append((time.perf_counter() - began) * 1000)

    await asyncio.gather(*(sender() for _ in range(AT_ONCE)))
    return took


async def _all_answered(messages: int) -> None:
    """The next round begins when the jobs of this one have ended."""
    async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session:
        while True:
            async with session.get(os.environ["SLACK_API_URL"] + "count") as answer:
                if (await answer.json())["messages"] >= messages:
                    return
            await asyncio.sleep(0.05)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
