"""What is wrong with the Sales organisation around a connection that stands: its clock, what it was
told of Business Central, what the integration user and the bot may there."""

from typing import Any

from simulator.healthy.business_central import ENVIRONMENT
from simulator.healthy.people import COMPANY
from simulator.healthy.sales import HOST
from simulator.scenarios.dataverse_refusals import limited_once
from simulator.scenarios.scenario import Patch, Scenario, sales
from simulator.scenarios.world_facts import NO_SOLUTION

WEB_CLIENT = f"https://businesscentral.dynamics.com/{ENVIRONMENT}?company={COMPANY}"
ELSEWHERE = WEB_CLIENT.replace(ENVIRONMENT, "Sandbox")
AVAILABILITY = (
    "https://api.businesscentral.dynamics.com/v2.0/Production/OData/Company('Adventure')/"
    "ProductItemAvailability"
)
FAR = 1.2
"""Seconds that the smallest question takes."""


def _user(change: dict[str, Any]) -> Patch:
    return sales({"tables": {"systemusers": {"integration": change}}})


def told(**columns: str) -> Patch:
    """The row that Business Central writes when it is enabled."""
    row = {
        "nav_name": COMPANY,
        "nav_dynamicsnavurl": WEB_CLIENT,
        "nav_dynamicsnavodataurl": "",
        "nav_dynamicsnavodatausername": "",
        "statecode": 0,
        "statuscode": 1,
        **columns,
    }
    return sales({"tables": {"nav_connections": {"adventure": row}}})


def _without(role: str, *privileges: str) -> Patch:
    return sales({"privileges": {role: dict.fromkeys(privileges)}})


SALES_SCENARIOS: tuple[Scenario, ...] = (
    Scenario(
        "sales-certificate-ends",
        "Sales's certificate ends in five days.",
        {"network": {"tls": {HOST: "ends-soon"}}},
    ),
    Scenario(
        "clock-ahead", "The clock of Sales is two minutes ahead.", sales({"clock_ahead": 120})
    ),
    Scenario(
        "clock-far-behind",
        "The clock of Sales is ten minutes behind.",
        sales({"clock_ahead": -600}),
    ),
    Scenario(
        "sales-far-away",
        "Sales takes more than a second for the smallest question.",
        faults=({"site": "dataverse", "path": "/api/data/*WhoAmI", "delay": FAR},),
    ),
    Scenario(
        "throttled-once",
        "Dataverse answers one call with 429 and asks to wait for a second.",
        faults=limited_once("organizations*"),
    ),
    Scenario(
        "solutions-hidden",
        "The bot's role lacks the privilege to read solutions.",
        _without("Connection Bot", "prvReadSolution"),
    ),
    Scenario(
        "solution-unmanaged",
        "The integration solution was imported unmanaged.",
        sales({"tables": {"solutions": {"MicrosoftDynamicsNavIntegration": {"ismanaged": False}}}}),
    ),
    Scenario(
        "solution-tables-hidden",
        "The bot's role lacks the privilege to read what Business Central wrote about itself.",
        _without("Connection Bot", "prvReadnav_connection"),
    ),
    Scenario(
        "sales-orders-without-solution",
        "Sales hands sales orders over, and lacks the integration solution.",
        sales(
            NO_SOLUTION["sales"]["adventure"]
            | {
                "tables": NO_SOLUTION["sales"]["adventure"]["tables"]
                | {"organizations": {"adventure": {"issopintegrationenabled": True}}}
            }
        ),
    ),
    Scenario("connection-known", "Business Central has written its address into Sales.", told()),
    Scenario(
        "web-client-elsewhere",
        "Links in Sales open another environment of Business Central.",
        told(nav_dynamicsnavurl=ELSEWHERE),
    ),
    Scenario(
        "web-client-empty",
        "Sales knows no address of Business Central's web client.",
        told(nav_dynamicsnavurl=""),
    ),
    Scenario(
        "availability-without-user",
        "Sales has a service to ask for item availability, and nobody to ask it as.",
        told(nav_dynamicsnavodataurl=AVAILABILITY),
    ),
    Scenario(
        "availability-elsewhere",
        "What Sales asks for item availability is no web service.",
        told(nav_dynamicsnavodataurl="ProductItemAvailability"),
    ),
    Scenario(
        "user-interactive",
        "A person can sign in as the integration user.",
        _user({"accessmode": 0}),
    ),
    Scenario(
        "user-reads-only", "The integration user's access mode is Read.", _user({"accessmode": 2})
    ),
    Scenario(
        "integration-privileges-missing",
        "The Integration User role lost two of its privileges.",
        _without("Business Central Integration User", "prvWriteAccount", "prvCreateInvoice"),
    ),
)
