"""What is done at intervals goes on, whatever becomes of it."""

import asyncio
import logging

import pytest

from workflows.regularly import Regularly


async def test_what_fails_is_told_and_done_again(caplog: pytest.LogCaptureFixture) -> None:
    done, paused = [0], asyncio.Event()
    waits: list[float] = []

    async def act() -> None:
        done[0] += 1
        if done[0] == 1:
            raise RuntimeError("not today")

    async def pause(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            paused.set()
            await asyncio.Event().wait()

    loop = Regularly("tidying", act, 30.0, pause)
    with caplog.at_level(logging.ERROR):
        loop.start()
        await asyncio.wait_for(paused.wait(), 5)
    await loop.stop()
    assert done == [3]
    assert waits == [30.0, 30.0, 30.0]
    assert "tidying failed" in caplog.text


async def test_stopping_what_was_never_started_is_harmless() -> None:
    async def act() -> None:
        raise AssertionError("nobody started it")

    await Regularly("nothing", act, 1.0).stop()
