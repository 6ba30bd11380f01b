"""Page 5330 is read in order to be changed, and changed as it was read, or not at all."""

import json
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest

from connection.changes.remote import HeldSecret, SetupCard
from connection.errors import (
    Changed,
    Forbidden,
    NotFound,
    RemoteFault,
    RequestRefused,
    SealBroken,
    ServerDown,
    Throttled,
    Unauthorised,
    Unintelligible,
    Unreachable,
)
from connection.identities import Access, SecretOrigin, SecretRef
from connection.ports import BusinessCentralChanges
from dynamics.bc_changes import CONTROLS, SetupPage
from dynamics.gateway import Dynamics
from tests.dynamics.microsoft import Desk, Reply, the_access
from tests.dynamics.refusing import HTML
from tests.dynamics.simulated import access_to, dynamics, on_premises
from tests.dynamics.test_secrecy import everything_in
from tests.simulator.conftest import Visitor

SERVICE = "CRM_Connection_Setup"
ALL = frozenset(CONTROLS)
SHOWN = ALL - {"Item_Availability_Enabled"}
"""Of version 15."""
PASS = "pass-Word/of+the=User&42"
_ORIGIN = SecretOrigin("adventure-example.crm4.dynamics.com", "", "password", "user")
HELD = HeldSecret(SecretRef("p1", "T1", "c1", "integration_password", _ORIGIN), _ORIGIN)
NAMES = ("Primary_Key", "Server_Address", "Is_Enabled", "Authentication_Type")
PAGE = "ODataV4/Company('CRONUS%20International%20Ltd.')/CRM_Connection_Setup"
ETAG = 'W/"JzE5OzE="'
CARD = SetupCard({"Is_Enabled": False}, ETAG, f"/{PAGE}('')")
_: type[BusinessCentralChanges] = SetupPage


@pytest.fixture(params=["online", "on-premises"])
async def place(
    visitor: Visitor, request: pytest.FixtureRequest
) -> AsyncIterator[tuple[Dynamics, Access]]:
    if request.param == "online":
        access = access_to(visitor, "client_secret", correlation="c1")
        secret = visitor.ready["apps"]["bot"]["client_secret"]
    else:
        access = on_premises(visitor, correlation="c1")
        secret = visitor.ready["bc"]["on_premises_access_key"]
    allowed = ("bc.adventure-example.com",)
    async with dynamics(visitor, secret, allowed=allowed, held={"p1": PASS}) as room:
        yield room, access


async def _fault(visitor: Visitor, **rule: Any) -> None:
    answer = await visitor.control.post("/_faults", json={"site": "bc", **rule})
    assert answer.status_code < 300, answer.text


async def _patches(visitor: Visitor) -> list[int]:
    calls = await visitor.calls(site="bc")
    return [one["status"] for one in calls if one["method"] == "PATCH"]


async def test_the_card_shows_the_known_controls_and_no_secret(
    visitor: Visitor, place: tuple[Dynamics, Access]
) -> None:
    room, access = place
    services = await room.business_central.services(access)
    properties = next(one.properties for one in services if one.name == SERVICE)
    assert {"Password", "NAVODataAccesskey", "Connection_String"} <= properties
    card = await room.business_central_changes.setup_card(access, SERVICE, properties)
    assert card.values.keys() == properties & ALL
    assert card.values["Is_Enabled"] is False
    assert card.etag.startswith('W/"')
    assert card.path.endswith(f"/{SERVICE}('')")


async def test_what_was_changed_is_read_again(
    visitor: Visitor, place: tuple[Dynamics, Access]
) -> None:
    room, access = place
    changes = room.business_central_changes
    card = await changes.setup_card(access, SERVICE, SHOWN)
    wanted = {"Is_Enabled": True, "Is_User_Mapping_Required": True}  # the second needs the first
    await changes.change_setup(access, SERVICE, card, wanted)
    again = await changes.setup_card(access, SERVICE, SHOWN)
    assert {name: again.values[name] for name in wanted} == wanted
    assert again.etag != card.etag


async def test_the_password_is_written_and_stands_nowhere(
    visitor: Visitor, place: tuple[Dynamics, Access], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    room, access = place
    card = await room.business_central_changes.setup_card(access, SERVICE, SHOWN)
    await visitor.patch({"on_premises": {"server": {"encryption": True}}})
    room.journal.watch("c1")
    await room.business_central_changes.change_setup(access, SERVICE, card, {}, HELD)
    noted = room.journal.taken("c1")
    assert noted[-1].method == "PATCH"
    assert PASS not in repr(noted) + caplog.text
    assert PASS in repr(visitor.simulation.world.facts)


async def test_a_card_that_somebody_else_changed_is_not_changed(
    visitor: Visitor, place: tuple[Dynamics, Access]
) -> None:
    room, access = place
    changes = room.business_central_changes
    card = await changes.setup_card(access, SERVICE, SHOWN)
    await changes.change_setup(access, SERVICE, card, {"Is_Enabled": True})
    with pytest.raises(Changed) as caught:
        await changes.change_setup(access, SERVICE, card, {"Is_Enabled": False})
    assert caught.value.code == "Request_EntityChanged"
    assert (await changes.setup_card(access, SERVICE, SHOWN)).values["Is_Enabled"] is True


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"Server_Address": "https://x.crm.dynamics.com/"}, "Application_CallbackNotAllowed"),
        ({"CRM_Version": "9.2"}, "BadRequest_InvalidOperation"),
        ({"Use_Newest_UI": True}, "BadRequest_InvalidOperation"),
    ],
)
async def test_what_has_to_be_done_by_hand_says_so_by_its_code(
    visitor: Visitor, place: tuple[Dynamics, Access], values: dict[str, object], code: str
) -> None:
    room, access = place
    card = await room.business_central_changes.setup_card(access, SERVICE, SHOWN)
    with pytest.raises(RequestRefused) as caught:
        await room.business_central_changes.change_setup(access, SERVICE, card, values)
    assert caught.value.code == code
    assert "by hand" in caught.value.hint


async def test_a_page_that_does_not_take_changes_says_so_by_its_code(
    visitor: Visitor, place: tuple[Dynamics, Access]
) -> None:
    room, access = place
    error = {"error": {"code": "BadRequest_MethodNotAllowed", "message": "Not here."}}
    await _fault(visitor, method="PATCH", status=405, json=error)
    card = await room.business_central_changes.setup_card(access, SERVICE, SHOWN)
    with pytest.raises(RequestRefused) as caught:
        await room.business_central_changes.change_setup(access, SERVICE, card, {})
    assert caught.value.code == "BadRequest_MethodNotAllowed"
    assert "by hand" in caught.value.hint


async def test_a_page_that_is_not_published_is_not_found(place: tuple[Dynamics, Access]) -> None:
    room, access = place
    with pytest.raises(NotFound):
        await room.business_central_changes.setup_card(access, "Not_There", ALL)


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ({"cut": True}, Unreachable),
        ({"cut": "body"}, Unreachable),
        ({"status": 502, "headers": {"Retry-After": "0"}}, ServerDown),
        ({"status": 503, "headers": {"Retry-After": "0"}}, ServerDown),
        ({"status": 429}, Throttled),
        ({"status": 403}, Forbidden),
        ({"status": 401}, Unauthorised),
        ({"status": 412}, Changed),
    ],
)
async def test_a_change_that_went_wrong_is_not_repeated(
    visitor: Visitor, place: tuple[Dynamics, Access], rule: dict[str, Any], fault: type[RemoteFault]
) -> None:
    room, access = place
    card = await room.business_central_changes.setup_card(access, SERVICE, SHOWN)
    await _fault(visitor, method="PATCH", **rule)
    with pytest.raises(fault):
        await room.business_central_changes.change_setup(
            access, SERVICE, card, {"Is_Enabled": True}
        )
    assert len(await _patches(visitor)) == 1


async def test_after_429_it_is_changed_once(
    visitor: Visitor, place: tuple[Dynamics, Access]
) -> None:
    room, access = place
    card = await room.business_central_changes.setup_card(access, SERVICE, SHOWN)
    await _fault(visitor, method="PATCH", status=429, headers={"Retry-After": "0"}, times=1)
    await room.business_central_changes.change_setup(access, SERVICE, card, {"Is_Enabled": True})
    assert await _patches(visitor) == [429, 200]


async def _echoed(visitor: Visitor) -> None:
    """In a frame of its own, for it has the password in sight."""
    error = {"error": {"code": "BadRequest", "message": f"You sent {PASS}."}}
    await _fault(visitor, method="PATCH", status=400, json=error)


async def test_a_password_that_comes_back_is_masked(
    visitor: Visitor, place: tuple[Dynamics, Access]
) -> None:
    room, access = place
    card = await room.business_central_changes.setup_card(access, SERVICE, SHOWN)
    await _echoed(visitor)
    with pytest.raises(RequestRefused) as caught:
        await room.business_central_changes.change_setup(access, SERVICE, card, {}, HELD)
    assert "You sent ***." in caught.value.message
    assert PASS not in everything_in(caught.value)


async def test_the_request_is_as_the_documentation_has_it(desk: Desk) -> None:
    row = {"@odata.etag": ETAG, "Is_Enabled": False, "Authentication_Type": "Office_x0020_365"}
    desk.bc_says(PAGE, Reply(body={"value": [row]}))
    desk.bc_says(f"{PAGE}('')", Reply(body={}))
    changes = desk.bc_changes
    card = await changes.setup_card(the_access(), SERVICE, frozenset(NAMES))
    assert desk.microsoft.calls[-1].url.params["$select"] == ",".join(NAMES)
    assert card.values == {"Is_Enabled": False, "Authentication_Type": "Office 365"}
    desk.vault.held["p1"] = PASS
    values = {"User_Name": "a@b.example", "Is_Enabled": True}
    await changes.change_setup(the_access(), SERVICE, card, values, HELD)
    sent = desk.microsoft.calls[-1]
    assert (sent.method, sent.headers["if-match"]) == ("PATCH", ETAG)
    assert sent.headers["content-type"].startswith("application/json")
    told = json.loads(sent.content)
    assert list(told.items()) == [*values.items(), ("Password", PASS)]
    assert desk.vault.opened[-1] == (HELD.ref, HELD.origin)


async def test_the_key_that_the_answer_shows_names_the_row(desk: Desk) -> None:
    row = {"@odata.etag": ETAG, "Is_Enabled": False, "Primary_Key": "IT'S"}
    desk.bc_says(PAGE, Reply(body=row))
    card = await desk.bc_changes.setup_card(the_access(), SERVICE, frozenset(NAMES))
    assert card.path == f"/{PAGE}('IT''S')"


@pytest.mark.parametrize(
    "row",
    [
        {"Is_Enabled": True},
        {"@odata.etag": 'W/"a"\r\nX: y', "Is_Enabled": True},
        {"@odata.etag": "*", "Is_Enabled": True},
        {"@odata.etag": 5, "Is_Enabled": True},
        {"@odata.etag": ETAG, "Name": "another page"},
    ],
)
async def test_a_card_without_a_sound_etag_or_of_another_page_is_named(
    desk: Desk, row: dict[str, object]
) -> None:
    desk.bc_says(PAGE, Reply(body=row))
    with pytest.raises(Unintelligible):
        await desk.bc_changes.setup_card(the_access(), SERVICE, ALL)


async def test_another_page_under_that_name_is_named(desk: Desk) -> None:
    for properties in ({"Password"}, {"Name"}, set[str]()):
        with pytest.raises(Unintelligible) as caught:
            await desk.bc_changes.setup_card(the_access(), SERVICE, frozenset(properties))
        assert "5330" in caught.value.hint
    assert not desk.microsoft.calls


async def test_a_web_page_is_no_word_that_it_was_changed(desk: Desk) -> None:
    desk.bc_says(PAGE, Reply(200, content=HTML))
    with pytest.raises(Unintelligible):
        await desk.bc_changes.change_setup(the_access(), SERVICE, CARD, {"Is_Enabled": True})
    desk.bc_says(PAGE, Reply(204, content=b""))
    await desk.bc_changes.change_setup(the_access(), SERVICE, CARD, {"Is_Enabled": True})


async def test_an_empty_page_is_not_found(desk: Desk) -> None:
    desk.bc_says(PAGE, Reply(body={"value": []}))
    with pytest.raises(NotFound):
        await desk.bc_changes.setup_card(the_access(), SERVICE, ALL)


NEVER: tuple[Callable[[Desk], Any], ...] = (
    lambda desk: desk.bc_changes.change_setup(the_access(), SERVICE, CARD, {"Password": "typed"}),
    lambda desk: desk.bc_changes.change_setup(
        the_access(), SERVICE, CARD, {"Connection_String": "Password=typed"}
    ),
    lambda desk: desk.bc_changes.change_setup(
        the_access(bc_company="Another"), SERVICE, CARD, {"Is_Enabled": True}
    ),
)


@pytest.mark.parametrize("act", NEVER)
async def test_what_must_never_be_sent_is_not(desk: Desk, act: Callable[[Desk], Any]) -> None:
    with pytest.raises(ValueError, match="page"):
        await act(desk)
    assert not desk.microsoft.calls


async def test_a_secret_that_does_not_open_is_not_sent(desk: Desk) -> None:
    desk.bc_says(PAGE, Reply(body={}))
    desk.vault.refuses = SealBroken("It does not open.", "Give it again.")
    access = replace(the_access(), secret=None, credential="managed_identity")
    with pytest.raises(SealBroken):
        await desk.bc_changes.change_setup(access, SERVICE, CARD, {"Is_Enabled": True}, HELD)
    assert not desk.microsoft.calls
