"""What users are read with: the connection, its newest setup, and an access to each side."""

from dataclasses import dataclass

from connection.asks import Ask
from connection.business_central import BusinessCentral
from connection.checks.making import subject_of as tested
from connection.checks.published_pages import USERS, found_among, name_of
from connection.connection import Connection
from connection.errors import NotReady
from connection.identities import Access, Identity
from connection.naming import asked_about
from connection.ports import Reading
from connection.revisions import SavedSetup
from connection.setup import ConnectionSetup, Hosting


@dataclass(frozen=True, slots=True)
class Subject:
    """`access` is the bot's own; `bc_access` is the same online, and the user's on-premises."""

    connection: Connection
    saved: SavedSetup
    access: Access
    bc_access: Access


def subject_of(reading: Reading, ask: Ask) -> Subject:
    """Raises `UnknownConnection`, and `NotReady` where the setup names no Business Central."""
    connection = asked_about(reading, ask)
    held = tested(reading, connection, {})
    setup = held.saved.setup
    _require_business_central(setup)
    online = setup.hosting == Hosting.ONLINE
    return Subject(
        connection,
        held.saved,
        held.accesses[Identity.BOT],
        held.accesses[Identity.BOT if online else Identity.BUSINESS_CENTRAL],
    )


async def users_service(business_central: BusinessCentral, access: Access) -> str:
    """The name that page 9800 is published under. Raises `NotReady` and `RemoteFault`."""
    return name_of(found_among(await business_central.services(access)), USERS)


def _require_business_central(setup: ConnectionSetup) -> None:
    where = setup.bc_environment if setup.hosting == Hosting.ONLINE else setup.bc_url
    if not where or not setup.bc_company:
        raise NotReady(
            "The setup does not say which Business Central and company the users are read from.",
            f"Fill it in with /d365 setup {setup.name}.",
        )
