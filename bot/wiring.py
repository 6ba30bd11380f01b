"""The one place that names concrete classes: settings in, a running bot out."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from bot.clock import SystemClock
from bot.key_vault import key_vault, text_of_new_key
from bot.known_keys import check_keys
from bot.metrics import Metrics
from bot.migrating import migrate_all, tell_of_roles
from bot.nowhere import Nowhere, Quiet
from bot.places import make_folders, require_database
from bot.scopes import SCOPES
from bot.settings import Settings
from bot.turns import Turns
from bot.web import Running
from connection.directory import Directory
from connection.own_app import OwnApp
from connection.ports import Messenger, Ports
from connection.service import ConnectionService
from dynamics.gateway import Dynamics, DynamicsSettings
from storage.address import is_file, server_address
from storage.certificates import X509Certificates
from storage.database import Database
from storage.encryption import KeyEncryption
from storage.migrating import is_current

if TYPE_CHECKING:
    from aiohttp import ClientSession
    from slack_bolt.request.async_request import AsyncBoltRequest
    from slack_bolt.response import BoltResponse
    from slack_sdk.web.async_client import AsyncWebClient

    from bot.socket_mode import SocketMode
    from handlers.messenger import SlackMessenger
    from workflows.dispatcher import Dispatcher
    from workflows.engine import EnginePlace

    Bolt = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]

DRAIN_SECONDS = 8
RENEW_SECONDS = 300.0
OVERDUE_SECONDS = 30.0
"""So long after its time a given secret may lie there, sealed and useless."""


@asynccontextmanager
async def running_bot(settings: Settings, metrics: Metrics) -> AsyncIterator[Running]:
    """Start: migrate, messenger, jobs, dispatcher, ready. Stop: in reverse, each one drained.

    What only a running bot needs is imported here: the command line starts in half the time.
    """
    from bot.door import Door
    from bot.running import Bot
    from bot.secret_form import SecretForm
    from bot.slack_client import slack_client, slack_session
    from bot.slack_watch import SlackWatch
    from handlers.directory import SlackDirectory
    from handlers.own_app import OwnAppInSlack

    with migrated_database(settings) as database:
        await check_keys(database)
        async with contextlib.AsyncExitStack() as stack:
            session = await stack.enter_async_context(slack_session(settings))
            client = slack_client(settings, session)
            dynamics = _dynamics(settings, database)
            stack.push_async_callback(dynamics.aclose)
            messenger = _messenger(settings, client, session)
            directory = SlackDirectory(client, SystemClock())
            stack.push_async_callback(directory.stop)
            own_app, turns = OwnAppInSlack(client, SCOPES, SystemClock()), Turns()
            ports = _ports(settings, database, dynamics, messenger, directory, own_app, turns)
            service = ConnectionService(ports)
            await service.cut_sign_ins_off()
            messenger.start(service.ports)
            stack.push_async_callback(messenger.stop, DRAIN_SECONDS)
            dispatcher = await _start_jobs(settings, service, turns, stack)
            bolt = _bolt(settings, service, client, dispatcher, stack)
            slack = SlackWatch(client)
            slack.start()
            stack.push_async_callback(slack.stop)
            form = SecretForm(service, settings.d365bot_public_url)
            parts = (database.ledger, metrics, slack, messenger.state, form)
            if not settings.slack_app_token.get_secret_value():
                secret = settings.slack_signing_secret.get_secret_value()
                yield Bot(Door(secret, bolt), *parts)
                return
            sockets = _sockets(settings, client, session, metrics, bolt)
            sockets.start()
            stack.push_async_callback(sockets.stop, DRAIN_SECONDS)
            yield Bot(None, *parts, sockets.state)


def _sockets(
    settings: Settings,
    client: "AsyncWebClient",
    session: "ClientSession",
    metrics: Metrics,
    bolt: "Bolt",
) -> "SocketMode":
    from bot.envelopes import Envelopes
    from bot.socket_mode import SocketMode
    from bot.socket_opening import socket_opener

    opener = socket_opener(settings, client, session)
    sockets = SocketMode(opener, Envelopes(_timed(metrics, bolt)))
    metrics.watch(sockets)
    return sockets


def _messenger(
    settings: Settings, client: "AsyncWebClient", session: "ClientSession"
) -> "SlackMessenger":
    from bot.slack_client import proxy_for
    from handlers.classic_looks import ClassicLooks
    from handlers.messenger import SlackMessenger
    from handlers.posting import Poster
    from handlers.response_url import ResponseUrls

    urls = ResponseUrls(session, lambda url: proxy_for(url, settings), settings.slack_api_url)
    looks = ClassicLooks(always=settings.d365bot_classic_blocks)
    return SlackMessenger(Poster(client, urls, looks))


async def _start_jobs(
    settings: Settings, service: ConnectionService, turns: Turns, stack: contextlib.AsyncExitStack
) -> "Dispatcher":
    from connection.carrying import Carrier, Work
    from connection.changes.running import APPLY
    from connection.entry import Terms
    from handlers.commands import COMMANDS
    from workflows.dispatcher import Dispatcher
    from workflows.engine import DbosJobs
    from workflows.regularly import Regularly
    from workflows.retention import EVERY_SECONDS, Retention
    from workflows.underway import Underway

    works: dict[str, tuple[Terms | None, Work]] = {
        row.word: (row.terms, row.bound_to(service)) for row in COMMANDS
    }
    works[APPLY] = (None, service.apply)
    carrier = Carrier(service.ports, works)
    underway = Underway()
    jobs = DbosJobs(_engine_place(settings), underway.watched(carrier.carry_out))
    jobs.launch()
    stack.push_async_callback(jobs.stop, DRAIN_SECONDS)
    dispatcher = Dispatcher(service.ports.ledger, jobs, underway)
    turns.nudge_with(dispatcher.nudge)
    await dispatcher.start()
    stack.push_async_callback(dispatcher.stop)
    retention = Retention(service.ports.ledger, jobs, service.ports.clock)
    for loop in (
        Regularly("deleting what is old", retention.sweep, EVERY_SECONDS),
        Regularly("ending what is over", service.end_overdue, OVERDUE_SECONDS),
        Regularly("ending sign-ins", service.end_overdue_sign_ins, OVERDUE_SECONDS),
        Regularly("reading who is who", service.know_again, RENEW_SECONDS),
    ):
        loop.start()
        stack.push_async_callback(loop.stop)
    return dispatcher


def _engine_place(settings: Settings) -> "EnginePlace":
    if is_file(settings.database_url):
        from workflows.engine_file import EngineFile

        return EngineFile(settings.d365bot_data_dir)
    from workflows.engine_schema import EngineSchema

    return EngineSchema(server_address(settings.database_url).render_as_string(hide_password=False))


def _timed(metrics: Metrics, bolt: "Bolt") -> "Bolt":
    async def timed(request: "AsyncBoltRequest") -> "BoltResponse":
        with metrics.request():
            return await bolt(request)

    return timed


def _bolt(
    settings: Settings,
    service: ConnectionService,
    client: "AsyncWebClient",
    dispatcher: "Dispatcher",
    stack: contextlib.AsyncExitStack,
) -> "Bolt":
    """What takes every request of Slack, whichever way it comes."""
    from handlers.entrance import Entrance
    from handlers.fair_share import FairShare
    from handlers.form_opener import FormOpener
    from handlers.modals import Modals
    from handlers.slack_app import slack_app
    from handlers.supervisor import Supervisor

    supervisor = Supervisor()
    stack.push_async_callback(supervisor.drain, DRAIN_SECONDS)
    opener = FormOpener(client, service, supervisor, dispatcher.nudge)
    share = FairShare(dispatcher.unfinished)
    entrance = Entrance(service, dispatcher.nudge, opener, share)
    modals = Modals(service, FairShare())
    app = slack_app(settings.slack_bot_token.get_secret_value(), entrance, modals)
    return app.async_dispatch


@contextmanager
def migrated_database(settings: Settings) -> Iterator[Database]:
    """For `serve`, which creates or upgrades it first if it has to."""
    make_folders(settings)
    if not is_current(settings.database_url):
        migrate_all(settings)
    tell_of_roles(settings)
    with open_database(settings) as database:
        yield database


@contextmanager
def open_database(settings: Settings) -> Iterator[Database]:
    """Raises `NotReady`, with the path that was looked in, if it is not there."""
    require_database(settings)
    keys = settings.d365bot_encryption_keys.get_secret_value()
    database = Database.open(
        settings.database_url, settings.d365bot_key_dir, keys, key_vault(settings)
    )
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
            ports = _ports(settings, database, dynamics, Quiet(), Nowhere(), Nowhere(), Turns())
            yield ConnectionService(ports)
        finally:
            await dynamics.aclose()


def _ports(
    settings: Settings,
    database: Database,
    dynamics: Dynamics,
    messenger: Messenger,
    directory: Directory,
    own_app: OwnApp,
    turns: Turns,
) -> Ports:
    return Ports(
        ledger=database.ledger,
        sales=dynamics.sales,
        business_central=dynamics.business_central,
        sales_changes=dynamics.sales_changes,
        business_central_changes=dynamics.business_central_changes,
        packages=dynamics.packages,
        messenger=messenger,
        clock=SystemClock(),
        directory=directory,
        admins=settings.admins,
        encryption=KeyEncryption(database.keys, lambda: text_of_new_key(settings)),
        hold=database.held,
        certificates=X509Certificates(),
        links=database.links(settings.d365bot_public_url),
        sign_ins=dynamics.sign_ins,
        exchanges=dynamics.journal,
        own_app=own_app,
        turns=turns,
        secrets_in_slack=settings.d365bot_secrets_in_slack,
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
            assertion_file=settings.azure_federated_token_file,
            identity_endpoint=settings.identity_endpoint,
            solution_dir=settings.d365bot_solution_dir,
        ),
        database.vault.open,
    )
