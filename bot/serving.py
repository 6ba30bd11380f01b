"""`d365bot serve`: the web server in the main thread, stopped by SIGTERM and SIGINT."""

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType

import uvicorn

from bot.logs import configure_logs
from bot.metrics import Metrics
from bot.settings import read_settings
from bot.web import Running, web_app
from bot.wiring import running_bot
from connection.errors import AdminError

GRACEFUL_SECONDS = 5


def serve_forever() -> None:
    """Ends after what is running has ended.

    Raises `NotReady` for missing or wrong settings, and for what keeps the bot from starting.
    """
    settings = read_settings(for_slack=True)
    configure_logs()
    metrics = Metrics()
    metrics.serve(settings.d365bot_metrics_port)
    refused: list[AdminError] = []

    @asynccontextmanager
    async def start() -> AsyncIterator[Running]:
        try:
            async with running_bot(settings, metrics) as running:
                yield running
        except AdminError as error:
            refused.append(error)
            raise

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stopped)
    try:
        uvicorn.run(
            web_app(start),
            host=settings.d365bot_host,
            port=settings.d365bot_port,
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=GRACEFUL_SECONDS,
        )
    except SystemExit:
        if refused:
            raise refused[0] from None
        raise


def _stopped(_number: int, _frame: FrameType | None) -> None:
    """uvicorn raises the signal again after its shutdown; by then there is nothing left to stop."""
