"""Checks of what Business Central publishes: the needed pages, and which version they are of."""

import re
from dataclasses import dataclass

from connection.checks.looking import Found, Look, failed, passed, skipped, warned
from connection.checks.published_pages import (
    CONNECTION_SETUP,
    DATAVERSE_SETUP,
    NEEDED_SERVICES,
    USERS,
    found_among,
    page_in_bc,
    reading,
)
from connection.users.rule import Rule, rule_of

FIRST_VERSION = 15
FIRST_WITH_DATAVERSE_PAGE = 16


@dataclass(frozen=True, slots=True)
class Form:
    """How page 5330 looks in the versions from `first` to `last`: what it shows and lacks."""

    first: int
    last: int | None
    shows: frozenset[str]
    lacks: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.first} to {self.last}" if self.last else f"{self.first} and later"


FORMS = (
    Form(15, 17, frozenset({"NAVODataURL", "ItemAvailabilityWebServEnabled"})),
    Form(18, 25, frozenset({"Item_Availability_Enabled", "Is_User_Mapping_Required"})),
    Form(
        26,
        None,
        frozenset({"Item_Availability_Enabled"}),
        frozenset({"Is_User_Mapping_Required", "NAVODataURL"}),
    ),
)
"""Item availability became a job in version 18; the user mapping left the page in version 26."""


async def web_services(look: Look) -> Found:
    """The pages that the bot reads are published as OData V4 web services, under any name."""
    services = await look.business_central.services(look.bc_access)
    found = look.findings.services = found_among(services)
    missing = [needed for needed in NEEDED_SERVICES if needed.page not in found]
    if missing:
        pages = ", ".join(f"{one.page} {one.title}" for one in missing)
        steps = "; ".join(f"Page {one.page}, service name {one.name}" for one in missing)
        return failed(
            f"Business Central does not publish {pages}.",
            f"{page_in_bc(look.setup, 810, 'Web Services')}, choose New, and publish: {steps}.",
        )
    named = ", ".join(f"{one.page} as {found[one.page].name}" for one in NEEDED_SERVICES)
    return passed(f"The needed pages are published: {named}.")


async def bc_version(look: Look) -> Found:
    """A version that the bot knows, by what the API says and by what page 5330 shows."""
    if look.findings.services is None:
        return skipped("Web services failed.")
    number = _number_of(look)
    major = int(number.partition(".")[0]) if number else None
    if major is not None and major < FIRST_VERSION:
        return failed(
            f"It is version {number}; the bot knows Business Central from version "
            f"{FIRST_VERSION} on.",
            f"Update Business Central to version {FIRST_VERSION} or later.",
        )
    page = look.findings.services.get(CONNECTION_SETUP.page)
    if page is None and major is None:
        return skipped(
            f"no published page {CONNECTION_SETUP.page}, {CONNECTION_SETUP.title}, was found."
        )
    form = next(
        (
            one
            for one in FORMS
            if page and one.shows <= page.properties and not one.lacks & page.properties
        ),
        None,
    )
    look.findings.bc_major = major if major is not None or form is None else form.first
    if page and form is None:
        return warned(
            f"{_it_is(number)}page 5330 shows other fields than in any version known here.",
            "Look whether there is a newer version of the bot. Until then change the fields of "
            "page 5330 by hand in Business Central.",
        )
    shown = f"page 5330 has the fields of versions {form}" if form else "page 5330 is not published"
    return passed(f"{_it_is(number)}{shown}.{_dataverse(look, major, form)}")


def _it_is(number: str) -> str:
    return f"It is version {number}; " if number else "By what it publishes, "


def _number_of(look: Look) -> str:
    for company in look.findings.companies or ():
        if company.name == look.setup.bc_company and re.match(r"\d+(?:\.|$)", company.version):
            return company.version
    return ""


def _dataverse(look: Look, major: int | None, form: Form | None) -> str:
    published = DATAVERSE_SETUP.page in (look.findings.services or {})
    first = major if major is not None else (form.first if form else 0)
    if first < FIRST_WITH_DATAVERSE_PAGE and not (major is None and published):
        return ""
    return " The Dataverse connection, page 7200, comes first and is set up by hand."


async def users_page(look: Look) -> Found:
    """Page 9800 can be read, and somebody there can be mapped to a user of Sales."""
    some = await reading(look, USERS, look.business_central.has_authentication_emails)
    if isinstance(some, Found):
        return some
    if some or rule_of(look.setup) is Rule.DOMAIN_NAME:
        return passed("Page 9800 can be read.")
    return warned(
        "Page 9800 can be read, but no user there has an authentication email, so none can be "
        "mapped to a user of Sales.",
        f"{page_in_bc(look.setup, USERS.page, USERS.title)} and fill in the authentication email "
        "of each user who works with Sales: the primary email in Sales.",
    )
