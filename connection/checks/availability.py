"""Whether Business Central publishes item availability, where Sales asks for it."""

from collections.abc import Sequence

from connection.checks.looking import Found, Look, failed, passed, skipped
from connection.checks.published_pages import ITEM_AVAILABILITY, page_in_bc

A_JOB_FROM = 18


async def availability_page(look: Look) -> Found:
    """Up to version 17 Sales reads page 5390 as a web service, by the address that it was given."""
    services = look.findings.services
    if services is None:
        return skipped("Web services failed.")
    page = services.get(ITEM_AVAILABILITY.page)
    if (look.findings.bc_major or 0) >= A_JOB_FROM:
        return passed("From version 18 on a job of Business Central brings it to Sales.")
    asking = look.findings.nav_connections
    asked = [row.odata_url for row in asking or () if row.odata_url]
    if page is not None:
        return _named_as_asked(look, page.name, asked)
    if asking is None:
        return skipped("page 5390 is not published, and whether Sales asks for it was not read.")
    if not asked:
        return passed("Page 5390 is not published, and Sales does not ask for it.")
    return failed(
        "Sales asks Business Central for item availability, and page 5390 is not published.",
        f"{page_in_bc(look.setup, 810, 'Web Services')}, choose New, and publish: Page 5390, "
        f"service name {ITEM_AVAILABILITY.name}.",
    )


def _named_as_asked(look: Look, name: str, asked: Sequence[str]) -> Found:
    """The address that Sales asks ends in the name of the service."""
    ends = [url.partition("?")[0].rstrip("/").lower() for url in asked]
    if not ends or any(end.endswith(f"/{name.lower()}") for end in ends):
        return passed(f"Page 5390 is published as {name}.")
    return failed(
        f"Page 5390 is published as {name}, and Sales asks for a service of another name.",
        f"{page_in_bc(look.setup, 810, 'Web Services')} and give page 5390 the service name "
        f"{ITEM_AVAILABILITY.name}.",
    )
