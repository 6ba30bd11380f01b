"""Published codeunits: their procedures are unbound actions, `POST <service>_<procedure>`.

devenv-creating-and-interacting-with-odatav4-unbound-action.md; the procedures are those of
codeunits 5330 and 5334 (15.17) whose parameters are simple.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.bc.access import Session
from simulator.bc.errors import BusinessCentralError, callback, dialog, not_allowed
from simulator.bc.pages import NEVER
from simulator.bc.setup.card import Card
from simulator.bc.setup.features import set_odata
from simulator.bc.setup.requirements import reached
from simulator.bc.setup.restoring import restore
from simulator.bc.setup.sales import UnreachableError, connected
from simulator.bc.setup.user_mapping import recompute
from simulator.bc.setup.web_addresses import (
    availability_address,
    is_available,
    publish_availability,
    reset_connection_row,
)
from simulator.json_bodies import read_json
from simulator.odata.kinds import Kind

Row = dict[str, Any]
LONGEST = 250
"""Text[250], which each parameter is."""


@dataclass(frozen=True)
class Procedure:
    """`act` gets the company's card and the texts of the parameters in their order."""

    act: Callable[..., Any]
    parameters: tuple[str, ...] = ()
    gives: Kind | None = None
    until: int = NEVER


def _is_enabled(card: Card) -> bool:
    restore(card)
    return bool(card.setup["Is_Enabled"])


def _has_solution(card: Card) -> bool:
    try:
        return connected(card).has_solution
    except UnreachableError:
        return False


def _works(card: Card) -> bool:
    try:
        connected(card)
    except UnreachableError:
        return False
    return True


def _set_web_client(card: Card, address: str) -> None:
    reached(card).change_connection(nav_dynamicsnavurl=address)


def _check_or_enable(card: Card) -> None:
    """Not enabled: a question whether to open the guide."""
    if not _is_enabled(card):
        raise callback("opening the assisted setup")
    recompute(card)
    setup = card.setup
    if setup["Is_User_Mapping_Required"] and not setup["Is_User_Mapped_To_CRM_User"]:
        raise dialog("The integration is not enabled for this user, who must be mapped to Sales.")


def _reset(card: Card) -> None:
    reset_connection_row(card, reached(card))


def _availability(card: Card) -> bool:
    return is_available(card.session.environment)


CODEUNITS: dict[int, dict[str, Procedure]] = {
    5330: {
        "IsCRMIntegrationEnabled": Procedure(_is_enabled, gives=Kind.BOOLEAN),
        "IsCRMSolutionInstalled": Procedure(_has_solution, gives=Kind.BOOLEAN),
        "IsWorkingConnection": Procedure(_works, gives=Kind.BOOLEAN),
        "SetCRMNAVConnectionUrl": Procedure(_set_web_client, ("webClientUrl",)),
        "SetCRMNAVODataUrlCredentials": Procedure(
            set_odata, ("webServiceUrl", "username", "accesskey"), until=18
        ),
        "SetupItemAvailabilityService": Procedure(publish_availability, until=18),
        "GetItemAvailabilityWebServiceURL": Procedure(
            availability_address, gives=Kind.STRING, until=18
        ),
        "IsItemAvailabilityWebServiceEnabled": Procedure(
            _availability, gives=Kind.BOOLEAN, until=18
        ),
        "CheckOrEnableCRMConnection": Procedure(_check_or_enable),
    },
    5334: {"ResetCRMNAVConnectionData": Procedure(_reset)},
}


def actions_of(session: Session) -> dict[str, Procedure]:
    """Action -> procedure, for the published codeunits."""
    return {
        f"{name}_{procedure}": each
        for name, service in session.environment["web_services"].items()
        if service.get("published") and service.get("codeunit") in CODEUNITS
        for procedure, each in CODEUNITS[service["codeunit"]].items()
        if session.profile.major < each.until
    }


def action_named(session: Session, name: str) -> Procedure | None:
    """Names of actions do not mind case here, as they do not in AL."""
    known = {each.lower(): procedure for each, procedure in actions_of(session).items()}
    return known.get(name.lower())


async def call(
    session: Session, request: Request, company: tuple[str, Row], name: str, action: Procedure
) -> Response:
    if request.method != "POST":
        raise not_allowed(request.method, name)
    texts = _texts(await request.body(), action)
    card = Card(session, *company, session.profile)
    card.complete()
    value = action.act(card, *texts)
    card.commit()
    if action.gives is None:
        return Response(status_code=204)
    context = f"{session.base}/ODataV4/$metadata#{action.gives}"
    return JSONResponse({"@odata.context": context, "value": value})


def _texts(body: bytes, action: Procedure) -> list[str]:
    try:
        given = read_json(body) if body else {}
    except ValueError as error:
        raise BusinessCentralError(400, "BadRequest", "The body is no JSON.") from error
    if not isinstance(given, dict):
        raise BusinessCentralError(400, "BadRequest", "The body is no JSON object.")
    values = {str(name).lower(): value for name, value in given.items()}
    for name in action.parameters:
        if not isinstance(values.get(name.lower()), str):
            text = f"The parameter '{name}' is missing or no text."
            raise BusinessCentralError(400, "BadRequest_RequiredParamNotProvided", text)
        if len(values[name.lower()]) > LONGEST:
            text = f"'{name}' is longer than {LONGEST}."
            raise BusinessCentralError(400, "Application_StringExceededLength", text)
    if len(values) > len(action.parameters):
        raise BusinessCentralError(400, "BadRequest", "The action has no such parameter.")
    return [values[name.lower()] for name in action.parameters]
