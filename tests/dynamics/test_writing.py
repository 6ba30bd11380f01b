"""How writes are sent: what is repeated and what is not, their time, and the secrets in them."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from connection.changes.remote import IntegrationFacts, NavRow
from connection.errors import (
    AdminError,
    Changed,
    NotFound,
    SealBroken,
    SecretMissing,
    ServerDown,
    Throttled,
    TimedOut,
    Unauthorised,
    Unintelligible,
    Unreachable,
)
from dynamics.calls import Call, Service
from dynamics.http import Limits
from dynamics.sales_changes import ACCESS_KEY, NAV_COLUMNS
from dynamics.secret_columns import SECRET_COLUMNS
from dynamics.written import Written, written
from tests.dynamics.changing import CHOSEN, HELD, JOB, KEY, put
from tests.dynamics.microsoft import SALES, Desk, Reply, Says, a_desk, the_access
from tests.dynamics.refusing import HTML, refusal
from tests.dynamics.test_import_jobs import OPERATION

USER, ROLE, ROW, HOME = (f"{one * 8}-{one * 4}-4{one * 3}-8{one * 3}-{one * 12}" for one in "abcd")
COLUMNS = dict.fromkeys(NAV_COLUMNS, "text")
LATER = {"Retry-After": "7"}
Act = Callable[[Desk], Awaitable[object]]
CONVERGING: dict[str, Act] = {
    "facts": lambda desk: desk.sales_changes.set_integration_facts(
        the_access(), USER, IntegrationFacts("", 4, integration_user=True)
    ),
    "give": lambda desk: desk.sales_changes.give_role(the_access(), USER, ROLE),
    "take": lambda desk: desk.sales_changes.take_role(the_access(), USER, ROLE),
    "orders": lambda desk: desk.sales_changes.set_sales_orders(the_access(), HOME, on=True),
    "change": lambda desk: desk.sales_changes.put_nav_row(the_access(), NavRow(ROW, COLUMNS), HELD),
    "delete": lambda desk: desk.sales_changes.delete_nav_row(the_access(), ROW),
}
ONCE: dict[str, Act] = {
    "insert": lambda desk: desk.sales_changes.put_nav_row(the_access(), NavRow("", COLUMNS), HELD),
    "import": lambda desk: desk.sales_changes.start_import(the_access(), CHOSEN, JOB),
}
WRITES = {**CONVERGING, **ONCE}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    put(tmp_path)
    async with a_desk(solution_dir=tmp_path) as opened:
        opened.vault.held["k1"] = KEY
        yield opened


def _sent(desk: Desk) -> list[httpx.Request]:
    return desk.microsoft.sent_to(SALES)


async def _fine(desk: Desk, first: Says, act: Act) -> None:
    desk.sales_says("", first, Reply(body={"AsyncOperationId": OPERATION}))
    await act(desk)


@pytest.mark.parametrize("act", WRITES.values(), ids=WRITES)
async def test_a_busy_service_is_told_again_when_it_says(desk: Desk, act: Act) -> None:
    await _fine(desk, Reply(429, headers=LATER), act)
    assert len(_sent(desk)) == 2
    assert desk.slept == [7.0]


@pytest.mark.parametrize("act", WRITES.values(), ids=WRITES)
async def test_without_a_time_to_wait_nothing_is_repeated(desk: Desk, act: Act) -> None:
    desk.sales_says("", refusal(429, "0x80072322"))
    with pytest.raises(Throttled):
        await act(desk)
    assert len(_sent(desk)) == 1


@pytest.mark.parametrize("status", [502, 503, 504])
@pytest.mark.parametrize("act", CONVERGING.values(), ids=CONVERGING)
async def test_what_converges_is_told_again(desk: Desk, act: Act, status: int) -> None:
    await _fine(desk, Reply(status, headers=LATER), act)
    assert len(_sent(desk)) == 2


@pytest.mark.parametrize("status", [502, 503, 504])
@pytest.mark.parametrize("act", ONCE.values(), ids=ONCE)
async def test_what_must_not_happen_twice_is_not(desk: Desk, act: Act, status: int) -> None:
    desk.sales_says("", Reply(status, headers=LATER))
    with pytest.raises(ServerDown):
        await act(desk)
    assert len(_sent(desk)) == 1


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (httpx.ReadError("cut"), Unreachable),
        (httpx.ReadTimeout("slow"), TimedOut),
        (Reply(302, headers={"Location": f"{SALES}/other"}), Unintelligible),
        (Reply(401), Unauthorised),
        (Reply(412, content=HTML), Changed),
    ],
)
@pytest.mark.parametrize("act", ONCE.values(), ids=ONCE)
async def test_whatever_else_happens_it_is_sent_once(
    desk: Desk, act: Act, said: Says, fault: type[AdminError]
) -> None:
    desk.sales_says("", said)
    with pytest.raises(fault):
        await act(desk)
    assert len(_sent(desk)) == 1


@pytest.mark.parametrize("content", [HTML, b"", b"[]"])
@pytest.mark.parametrize("act", WRITES.values(), ids=WRITES)
async def test_a_web_page_is_no_word_that_it_was_done(desk: Desk, act: Act, content: bytes) -> None:
    desk.sales_says("", Reply(200, content=content))
    with pytest.raises(Unintelligible):
        await act(desk)
    assert len(_sent(desk)) == 1


async def test_a_refused_token_is_asked_for_anew(desk: Desk) -> None:
    desk.sales_says("", Reply(401), Reply(204))
    for _time, tokens in ((1, 1), (2, 2)):
        try:
            await CONVERGING["orders"](desk)
        except Unauthorised:
            assert tokens == 1
        assert desk.microsoft.tokens == tokens


@pytest.mark.parametrize("act", WRITES.values(), ids=WRITES)
async def test_a_change_has_the_headers_of_a_change(desk: Desk, act: Act) -> None:
    await _fine(desk, Reply(body={"AsyncOperationId": OPERATION}), act)
    (request,) = _sent(desk)
    headers = request.headers
    assert headers["odata-version"] == headers["odata-maxversion"] == "4.0"
    assert "if-none-match" not in headers
    assert ("if-match" in headers) is (request.method == "PATCH")
    assert headers.get("if-match", "*") == "*"
    assert ("content-type" in headers) is bool(request.content)


async def test_the_body_of_an_import_is_as_documented(desk: Desk, tmp_path: Path) -> None:
    await _fine(desk, Reply(body={"AsyncOperationId": OPERATION}), ONCE["import"])
    (request,) = _sent(desk)
    told = json.loads(request.content)
    assert told.pop("CustomizationFile")
    assert told == {
        "OverwriteUnmanagedCustomizations": True,
        "PublishWorkflows": True,
        "ImportJobId": JOB,
    }


@pytest.mark.parametrize("code", ["0x80040237", "0x80060882", ""])
async def test_a_role_that_is_held_already_is_given(desk: Desk, code: str) -> None:
    desk.sales_says("systemusers", refusal(412, code))
    desk.sales_says(
        f"systemusers({USER})/systemuserroles_association?", Reply(body={"value": [{}]})
    )
    await CONVERGING["give"](desk)


async def test_a_role_that_was_not_given_after_all_is_told(desk: Desk) -> None:
    desk.sales_says("systemusers", refusal(412, "0x80040237"))
    desk.sales_says(f"systemusers({USER})/systemuserroles_association?", Reply(body={"value": []}))
    with pytest.raises(Changed):
        await CONVERGING["give"](desk)


async def test_a_role_that_is_still_held_was_not_taken(desk: Desk) -> None:
    desk.sales_says("systemusers", Reply(404))
    desk.sales_says(
        f"systemusers({USER})/systemuserroles_association?", Reply(body={"value": [{}]})
    )
    with pytest.raises(NotFound):
        await CONVERGING["take"](desk)


@pytest.mark.parametrize("content", [b"", HTML])
async def test_a_wrong_address_is_not_taken_for_a_row_that_is_gone(
    desk: Desk, content: bytes
) -> None:
    desk.sales_says("", Reply(404, content=content))
    with pytest.raises(NotFound):
        await CONVERGING["delete"](desk)


@pytest.mark.parametrize("body", [[], "x", {"value": 5}])
async def test_submitted_orders_of_another_shape_are_named(desk: Desk, body: object) -> None:
    desk.sales_says("salesorders", Reply(body=body))
    with pytest.raises(Unintelligible):
        await desk.sales_changes.has_submitted_orders(the_access())


@pytest.mark.parametrize("invitation", [None, "4", True])
async def test_an_odd_invitation_counts_as_not_sent(desk: Desk, invitation: object) -> None:
    row = {"_businessunitid_value": HOME, "invitestatuscode": invitation}
    desk.sales_says("systemusers", Reply(body=row))
    found = await desk.sales_changes.integration_facts(the_access(), USER)
    assert found == IntegrationFacts(HOME, 0, integration_user=False)


async def test_an_id_that_is_none_is_never_put_into_an_address(desk: Desk) -> None:
    for act in (
        desk.sales_changes.give_role(the_access(), "1)/x(", ROLE),
        desk.sales_changes.take_role(the_access(), USER, "../roles"),
        desk.sales_changes.delete_nav_row(the_access(), ""),
        desk.sales_changes.import_state(the_access(), "x"),
        desk.sales_changes.role_of_unit(the_access(), ROLE, "x"),
    ):
        with pytest.raises(Unintelligible):
            await act
    assert not desk.microsoft.calls


@pytest.mark.parametrize("refuses", [SealBroken("no"), SecretMissing("no")])
async def test_a_key_that_does_not_open_is_not_sent(desk: Desk, refuses: AdminError) -> None:
    desk.vault.refuses = refuses
    with pytest.raises(type(refuses)):
        await ONCE["insert"](desk)
    assert not _sent(desk)
    assert desk.vault.opened == [(HELD.ref, HELD.origin)]


async def test_a_key_is_either_given_or_blanked(desk: Desk) -> None:
    with pytest.raises(ValueError, match="nav_connections"):
        await desk.sales_changes.put_nav_row(the_access(), NavRow(ROW, {}), HELD, blank_key=True)


def test_the_key_is_a_column_that_is_never_read() -> None:
    assert ACCESS_KEY in SECRET_COLUMNS
    assert not set(NAV_COLUMNS) & SECRET_COLUMNS


def test_what_is_written_shows_in_no_repr() -> None:
    body = Written(KEY.encode(), frozenset({KEY}))
    call = Call(Service.SALES, "POST", SALES, body=body.content, secrets=body.secrets)
    assert KEY not in repr((body, call, replace(call, once=True)))
    assert written({"a": None}).content == b'{"a": null}'


class Slow(httpx.AsyncBaseTransport):
    """Answers once it is let."""

    def __init__(self) -> None:
        self.let = asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await self.let.wait()
        return httpx.Response(200, json={})


async def test_a_large_call_has_the_time_of_an_upload() -> None:
    slow = Slow()
    desk = Desk(transport=slow, limits=Limits(whole=0.01, upload=60))
    call = Call(Service.SALES, "POST", f"{SALES}/x")
    try:
        large = asyncio.ensure_future(desk.http.send(replace(call, large=True)))
        with pytest.raises(TimedOut):
            await desk.http.send(call)
        assert not large.done()
        slow.let.set()
        assert (await large).status == 200
    finally:
        await desk.aclose()


@pytest.mark.parametrize(("large", "silence"), [(False, 3.0), (True, 90.0)])
async def test_how_long_a_service_may_be_silent(large: bool, silence: float) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={})

    limits = Limits(connect=2.0, read=3.0, upload=90.0)
    desk = Desk(transport=httpx.MockTransport(answer), limits=limits)
    try:
        await desk.http.send(Call(Service.SALES, "POST", f"{SALES}/x", large=large))
    finally:
        await desk.aclose()
    wanted = {"connect": 2.0, "read": silence, "write": silence, "pool": silence}
    assert seen[0].extensions["timeout"] == wanted
