"""The addresses that Business Central writes to Sales: web client and item availability."""

from typing import Any
from urllib.parse import quote

from simulator.bc.setup.card import Card
from simulator.bc.setup.refreshing import CONNECTION_COLUMNS
from simulator.bc.setup.sales import Sales

AVAILABILITY_SERVICE, AVAILABILITY_PAGE = "ProductItemAvailability", 5390


def web_client(card: Card) -> str:
    """GetUrl(Web); the forms are devenv-web-client-urls.md's, the company in them is inferred."""
    return f"{card.session.web_client}?company={quote(card.name)}"


def is_available(environment: dict[str, Any]) -> bool:
    """The tenant web service of this name, for this page, is there and published."""
    service = environment["web_services"].get(AVAILABILITY_SERVICE)
    return bool(service and service["published"] and service.get("page") == AVAILABILITY_PAGE)


def publish_availability(card: Card) -> None:
    card.session.environment["web_services"][AVAILABILITY_SERVICE] = {
        "object_type": "Page",
        "page": AVAILABILITY_PAGE,
        "published": True,
    }


def availability_address(card: Card) -> str:
    """OData V3's, as version 15 has it; '' while the service is not published."""
    if not is_available(card.session.environment):
        return ""
    company = quote(card.name.replace("'", "''"))
    return f"{card.session.base}/OData/Company('{company}')/{AVAILABILITY_SERVICE}"


def reset_connection_row(card: Card, sales: Sales) -> None:
    """Reset Web Client URL: user name and key are blanked."""
    values = {"nav_dynamicsnavurl": web_client(card)}
    if card.profile.major < 18:
        values |= {
            "nav_dynamicsnavodataurl": availability_address(card),
            "nav_dynamicsnavodatausername": "",
            "nav_dynamicsnavodataaccesskey": "",
        }
    sales.change_connection(**values)
    for control, column in CONNECTION_COLUMNS.items():
        card.setup[control] = values.get(column, card.setup[control])
