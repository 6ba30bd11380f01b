"""`d365bot serve`: the web server in the main thread, stopped by SIGTERM and SIGINT."""

import signal
from types import FrameType

import uvicorn

from bot.logs import configure_logs
from bot.metrics import Metrics
from bot.settings import read_settings
from bot.web import web_app
from bot.wiring import running_bot

GRACEFUL_SECONDS = 5


def serve_forever() -> None:
    """Ends after what is running has ended. Raises `NotReady` for missing or wrong settings."""
    settings = read_settings(for_slack=True)
    configure_logs()
    metrics = Metrics()
    metrics.serve(settings.d365bot_metrics_port)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stopped)
    uvicorn.run(
        web_app(lambda: running_bot(settings, metrics)),
        host=settings.d365bot_host,
        port=settings.d365bot_port,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
    )


def _stopped(_number: int, _frame: FrameType | None) -> None:
    """uvicorn raises the signal again after its shutdown; by then there is nothing left to stop."""
