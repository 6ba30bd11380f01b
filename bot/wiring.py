"""The one place that names concrete classes: settings in, a running bot out."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from bot.clock import SystemClock
from bot.metrics import Metrics
from bot.settings import Settings
from bot.web import Running
from connection.ports import Messenger, Ports
from connection.service import ConnectionService
from dynamics.gateway import Dynamics, DynamicsSettings
from storage.database import Database
from storage.migrating import is_current, migrate

DRAIN_SECONDS = 8


class _Quiet:
    """The port `Messenger` for the command line: the running bot shows what is in the outbox."""

    def nudge(self) -> None:
        """Nobody to tell."""


@asynccontextmanager
async def running_bot(settings: Settings, metrics: Metrics) -> AsyncIterator[Running]:
    """Start: migrate, messenger, jobs, dispatcher, ready. Stop: in reverse, each one drained.

    What only a running bot needs is imported here: the command line starts in half the time.
    """
    import aiohttp

    from bot.door import Door
    from bot.running import Bot
    from bot.slack_client import proxy_for, slack_client
    from connection.carrying import Carrier
    from handlers.commands import COMMANDS
    from handlers.entrance import Entrance
    from handlers.form_opener import FormOpener
    from handlers.messenger import SlackMessenger
    from handlers.modals import Modals
    from handlers.posting import Poster
    from handlers.response_url import ResponseUrls
    from handlers.slack_app import slack_app
    from handlers.supervisor import Supervisor
    from workflows.dispatcher import Dispatcher
    from workflows.engine import DbosJobs

    with open_database(settings) as database:
        async with contextlib.AsyncExitStack() as stack:
            session = await stack.enter_async_context(aiohttp.ClientSession(trust_env=False))
            dynamics = _dynamics(settings, database)
            stack.push_async_callback(dynamics.aclose)
            client = slack_client(settings, session)
            urls = ResponseUrls(session, lambda url: proxy_for(url, settings))
            messenger = SlackMessenger(Poster(client, urls))
            ports = _ports(settings, database, dynamics, messenger)
            service = ConnectionService(ports)
            messenger.start(ports)
            stack.push_async_callback(messenger.stop, DRAIN_SECONDS)
            carrier = Carrier(ports, {row.word: row.bound_to(service) for row in COMMANDS})
            jobs = DbosJobs(settings.d365bot_data_dir, carrier.carry_out)
            jobs.launch()
            stack.push_async_callback(jobs.stop, DRAIN_SECONDS)
            dispatcher = Dispatcher(database.ledger, jobs)
            await dispatcher.start()
            stack.push_async_callback(dispatcher.stop)
            supervisor = Supervisor()
            stack.push_async_callback(supervisor.drain, DRAIN_SECONDS)
            forms = FormOpener(client, service, supervisor, dispatcher.nudge)
            entrance = Entrance(service, dispatcher.nudge, forms)
            app = slack_app(settings.slack_bot_token.get_secret_value(), entrance, Modals(service))
            secret = settings.slack_signing_secret.get_secret_value()
            yield Bot(Door(secret, app.async_dispatch), database.ledger, metrics)


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
    settings: Settings, database: Database, dynamics: Dynamics, messenger: Messenger
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
