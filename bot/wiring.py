"""The one place that names concrete classes: settings in, a running bot out."""

import contextlib
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager

import aiohttp
from starlette.requests import Request
from starlette.responses import Response

from bot.clock import SystemClock
from bot.door import Door
from bot.metrics import Metrics
from bot.settings import Settings
from bot.slack_client import proxy_for, slack_client
from connection.carrying import Carrier
from connection.ports import Ports
from connection.service import ConnectionService
from dynamics.gateway import Dynamics, DynamicsSettings
from handlers.commands import COMMANDS
from handlers.entrance import Entrance
from handlers.form_opener import FormOpener
from handlers.messenger import SlackMessenger
from handlers.modals import Modals
from handlers.posting import Poster
from handlers.response_url import ResponseUrls
from handlers.slack_app import slack_app
from handlers.supervisor import Supervisor
from storage.database import Database
from storage.migrating import is_current, migrate
from workflows.dispatcher import Dispatcher
from workflows.engine import DbosJobs

log = logging.getLogger(__name__)

DRAIN_SECONDS = 8


class _Quiet:
    """The port `Messenger` for the command line: the running bot shows what is in the outbox."""

    def nudge(self) -> None:
        """Nobody to tell."""


class Bot:
    """A running bot, as the web server needs it."""

    def __init__(self, door: Door, database: Database, metrics: Metrics) -> None:
        self._door = door
        self._database = database
        self._metrics = metrics

    async def knock(self, request: Request) -> Response:
        """Slack is at the door."""
        with self._metrics.request():
            return await self._door.knock(request)

    async def ready(self) -> Mapping[str, str]:
        """The database answers a read; the engine was launched before anybody could ask."""
        try:
            await self._database.ledger.read(lambda reading: reading.audit_head())
        except Exception:
            log.exception("the database does not answer")
            return {"database": "does not answer", "engine": "ok"}
        return {"database": "ok", "engine": "ok"}


@asynccontextmanager
async def running_bot(settings: Settings, metrics: Metrics) -> AsyncIterator[Bot]:
    """Start: migrate, jobs, dispatcher, ready. Stop: in reverse, after what is running ended."""
    with open_database(settings) as database:
        async with contextlib.AsyncExitStack() as stack:
            session = await stack.enter_async_context(aiohttp.ClientSession(trust_env=False))
            dynamics = _dynamics(settings, database)
            stack.push_async_callback(dynamics.aclose)
            client = slack_client(settings, session)
            urls = ResponseUrls(session, proxy_for("https://hooks.slack.com", settings))
            messenger = SlackMessenger(Poster(client, urls))
            ports = _ports(settings, database, dynamics, messenger)
            service = ConnectionService(ports)
            carrier = Carrier(ports, {row.word: row.bound_to(service) for row in COMMANDS})
            jobs = DbosJobs(settings.d365bot_data_dir, carrier.carry_out)
            jobs.launch()
            stack.callback(jobs.stop, drain_seconds=DRAIN_SECONDS)
            dispatcher = Dispatcher(database.ledger, jobs)
            messenger.start(ports)
            stack.push_async_callback(messenger.stop, DRAIN_SECONDS)
            await dispatcher.start()
            stack.push_async_callback(dispatcher.stop)
            supervisor = Supervisor()
            stack.push_async_callback(supervisor.drain, DRAIN_SECONDS)
            forms = FormOpener(client, service, supervisor, dispatcher.nudge)
            entrance = Entrance(service, dispatcher.nudge, forms)
            app = slack_app(settings.slack_bot_token.get_secret_value(), entrance, Modals(service))
            secret = settings.slack_signing_secret.get_secret_value()
            yield Bot(Door(secret, app.async_dispatch), database, metrics)


@contextmanager
def open_database(settings: Settings) -> Iterator[Database]:
    """Migrated first if it has to be."""
    settings.d365bot_data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not is_current(settings.database_url):
        migrate(settings.database_url, settings.d365bot_key_dir, SystemClock().now())
    keys = settings.d365bot_encryption_keys.get_secret_value()
    database = Database.open(settings.database_url, settings.d365bot_key_dir, keys)
    try:
        yield database
    finally:
        database.close()


@asynccontextmanager
async def service_alone(settings: Settings) -> AsyncIterator[ConnectionService]:
    """The service for the command line, beside a running bot or without one."""
    with open_database(settings) as database:
        dynamics = _dynamics(settings, database)
        try:
            yield ConnectionService(_ports(settings, database, dynamics, _Quiet()))
        finally:
            await dynamics.aclose()


def _ports(
    settings: Settings, database: Database, dynamics: Dynamics, messenger: SlackMessenger | _Quiet
) -> Ports:
    return Ports(
        ledger=database.ledger,
        sales=dynamics.sales,
        business_central=dynamics.business_central,
        messenger=messenger,
        clock=SystemClock(),
        admins=settings.admins,
        encryption_on=database.vault.encryption_on,
    )


def _dynamics(settings: Settings, database: Database) -> Dynamics:
    return Dynamics(
        DynamicsSettings(
            login_url=settings.d365bot_login_url,
            bc_url=settings.d365bot_bc_url,
            allowed_hosts=settings.d365bot_allowed_hosts,
            ca_file=settings.d365bot_ca_file,
            proxy=settings.https_proxy,
            no_proxy=settings.no_proxy,
        ),
        database.vault.open,
    )
