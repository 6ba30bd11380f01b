"""What a single check is given, for tests of that check alone."""

from datetime import UTC, datetime

from connection.checked_setup import check_fields
from connection.checks.looking import Findings, Look
from connection.checks.published_pages import NEEDED_SERVICES, found_among
from connection.identities import Identity
from connection.origins import access_of
from connection.remote import Organisation, PublishedService
from tests.parity.fakes import FakeBusinessCentral, FakeOwnApp, FakeSales
from tests.parity.room import RIGHT


def a_look(
    sales: FakeSales, business_central: FakeBusinessCentral | None = None, /, **typed: str
) -> Look:
    """As if every check before it went well; `typed` is what the setup has otherwise."""
    setup = check_fields({**RIGHT, **typed})
    accesses = {
        identity: access_of(identity, setup, lambda _: None)
        for identity in (Identity.BOT, Identity.INTEGRATION, Identity.BUSINESS_CENTRAL)
    }
    organisation = Organisation("o1", "Adventure", "c1", sales_orders_integrated=False)
    published = [PublishedService(one.name, one.properties) for one in NEEDED_SERVICES]
    found = Findings(organisation=organisation, services=found_among(published))
    now = datetime.now(UTC)
    bc = business_central or FakeBusinessCentral()
    return Look(setup, accesses, sales, bc, FakeOwnApp(), "T1", found, now, {})
