"""`d365bot serve`: the web server in the main thread, stopped by SIGTERM and SIGINT."""

import gc
import logging
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, closing
from types import FrameType

import uvicorn

from bot import places
from bot.logs import configure_logs
from bot.metrics import Metrics
from bot.settings import Settings, read_settings
from bot.web import Running, web_app
from bot.wiring import running_bot
from connection.errors import AdminError
from storage.address import database_file, is_file, place

log = logging.getLogger(__name__)

GRACEFUL_SECONDS = 5


def serve_forever() -> None:
    """Ends after what is running has ended.

    Raises `NotReady` for missing or wrong settings, and for what keeps the bot from starting.
    """
    configure_logs()
    settings = read_settings(for_slack=True)
    with ExitStack() as stack:
        places.make_folders(settings)
        stack.callback(places.lock_database(settings).release)
        places.refuse_wrong_keys(settings)
        sockets = places.listening_sockets(settings.d365bot_host, settings.d365bot_port)
        for one in sockets:
            stack.enter_context(closing(one))
        metrics = Metrics()
        metrics.serve(settings.d365bot_metrics_port)
        address = _address(settings.d365bot_host, sockets[0].getsockname()[1])
        _tell(settings, address)
        _run(settings, metrics, sockets, address)


def _address(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _tell(settings: Settings, address: str) -> None:
    """What an operator looks for first."""
    url = settings.database_url
    log.info(
        "d365bot starts",
        extra={
            "data_folder": str(settings.d365bot_data_dir.resolve()),
            "key_folder": str(settings.d365bot_key_dir.resolve()),
            **(
                {"database_file": str(database_file(url).resolve())}
                if is_file(url)
                else {"database": place(url)}
            ),
            "address": address,
        },
    )
    if not settings.d365bot_admins:
        log.warning(
            "D365BOT_ADMINS is empty: nobody can use the bot until it names somebody, such as "
            "U012AB3CD, and the bot is started again"
        )


class _Server(uvicorn.Server):
    """Says where it listens also when the sockets are given to it."""

    def __init__(self, config: uvicorn.Config, address: str) -> None:
        super().__init__(config)
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """From now on Slack is let in.

        What was made until now stays for good, so the garbage collector need not look at it each
        time while an ack waits (`bench paging`: 20 instead of 80 ms).
        """
        await super().startup(sockets)
        gc.collect()
        gc.freeze()
        log.info("Uvicorn running on %s", self._address)


def _run(settings: Settings, metrics: Metrics, sockets: list[socket.socket], address: str) -> None:
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
    config = uvicorn.Config(
        web_app(start),
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
    )
    # A refused start is told once, in a sentence: not as a traceback of the server besides.
    logging.getLogger("uvicorn.error").addFilter(lambda _record: not refused)
    try:
        _Server(config, address).run(sockets)
    except SystemExit:
        if not refused:
            raise
    if refused:
        raise refused[0] from None


def _stopped(_number: int, _frame: FrameType | None) -> None:
    """uvicorn raises the signal again after its shutdown; by then there is nothing left to stop."""
