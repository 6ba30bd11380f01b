"""Whatever a server answers, the bot has a value or a fault with a remedy, and nothing hangs."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from connection.errors import RemoteFault
from tests.dynamics.microsoft import BC, LOGIN, SALES, TENANT, Desk, Microsoft, Reply, the_access

GUID = "44444444-4444-4444-8444-444444444444"
Act = Callable[[Desk], Awaitable[object]]


async def _all_users(desk: Desk) -> object:
    return [page async for page in desk.sales.all_users(the_access())]


ACTS: dict[str, Act] = {
    "who_am_i": lambda desk: desk.sales.who_am_i(the_access()),
    "version": lambda desk: desk.sales.version(the_access()),
    "organisation": lambda desk: desk.sales.organisation(the_access()),
    "users_with_email": lambda desk: desk.sales.users_with_email(the_access(), "a@b.example"),
    "all_users": _all_users,
    "roles_of": lambda desk: desk.sales.roles_of(the_access(), GUID),
    "deployed_roles": lambda desk: desk.sales.deployed_roles(the_access(), [GUID]),
    "privileges_of": lambda desk: desk.sales.privileges_of(the_access(), GUID),
    "solution": lambda desk: desk.sales.solution(the_access(), "MicrosoftDynamicsNavIntegration"),
    "nav_connections": lambda desk: desk.sales.nav_connections(the_access()),
    "account_statistics": lambda desk: desk.sales.reads_account_statistics(the_access()),
    "currency_code": lambda desk: desk.sales.currency_code(the_access(), GUID),
    "companies": lambda desk: desk.business_central.companies(the_access()),
    "services": lambda desk: desk.business_central.services(the_access()),
    "ledger": lambda desk: desk.business_central.general_ledger_setup(the_access(), "GL"),
    "bc_sign_in": lambda desk: desk.business_central.sign_in(the_access()),
    "emails": lambda desk: desk.business_central.has_authentication_emails(the_access(), "U"),
    "mappings": lambda desk: desk.business_central.table_mappings(the_access(), "M"),
    "jobs": lambda desk: desk.business_central.synchronisation_jobs(the_access(), "J"),
    "setup_page": lambda desk: desk.business_central.connection_page(the_access(), "S"),
}
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=12)
    | st.sampled_from([GUID, "0x80040220", "prvReadUser", "\ud800", "Company"])
)
WORDS = st.sampled_from(
    [
        *("value", "error", "code", "message", "@odata.nextLink", "systemuserid", "UserId"),
        *("Version", "roleid", "organizationid", "id", "name", "LCY_Code", "innererror"),
        *("Status", "Object_ID_to_Run", "Name", "Server_Address", "Is_Enabled"),
        *("RolePrivileges", "PrivilegeName", "uniquename", "nav_name", "issuer"),
        *("error_codes", "error_description", "access_token", "expires_in"),
    ]
)
NAMES = WORDS | st.text(max_size=5)
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(WORDS | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)
BODIES = TREES.map(lambda tree: json.dumps(tree).encode()) | st.binary(max_size=60)
STATUSES = st.sampled_from(
    [
        *(200, 200, 204, 301, 302, 304, 307, 400, 401, 403, 404, 405, 408, 409, 412, 413, 415),
        *(418, 429, 500, 501, 502, 503, 504, 599),
    ]
)
PRINTABLE = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "Retry-After": st.sampled_from(["0", "1", "-1", "x", "99999"]) | PRINTABLE,
        "Location": st.sampled_from(["/", f"{SALES}/x", "https://evil.test/", "//["]) | PRINTABLE,
        "Content-Encoding": st.sampled_from(["gzip", "deflate", "br", "identity"]),
        "Content-Type": st.sampled_from(["text/html", "application/json", "x"]),
        "x-ms-service-request-id": PRINTABLE,
    },
)
REPLIES = st.builds(
    lambda status, headers, content: Reply(status, None, headers, content),
    *(STATUSES, HEADERS, BODIES),
)


@pytest.mark.parametrize("name", ACTS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(replies=st.lists(REPLIES, min_size=1, max_size=4))
@example(replies=[Reply(200, None, {}, b'{"value": ' + b"[" * 100_000)])
@example(
    replies=[Reply(400, None, {}, b'{"error": {"message": "bad \\ud800", "code": "\\ud800"}}')]
)
@example(replies=[Reply(200, None, {}, b'{"value": [{}], "@odata.nextLink": "?a"}')])
@example(replies=[Reply(200, None, {}, b'{"expires_in": 1' + b"0" * 5_000 + b"}")])
def test_any_answer_is_a_value_or_a_fault(name: str, replies: list[Reply]) -> None:
    asyncio.run(_asked(name, replies))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(replies=st.lists(REPLIES, min_size=1, max_size=4), discovery=st.booleans())
@example(replies=[Reply(204, None, {}, b"")], discovery=True)
@example(replies=[Reply(301, None, {"Location": "/"}, b"")], discovery=True)
@example(replies=[Reply(302, None, {"Location": f"{SALES}/x"}, b"")], discovery=True)
def test_any_answer_of_entra_is_a_token_or_a_fault(replies: list[Reply], discovery: bool) -> None:
    path = "v2.0/.well-known" if discovery else "oauth2/v2.0/token"
    asyncio.run(_asked("who_am_i", replies, f"{LOGIN}/{TENANT}/{path}"))


async def _asked(name: str, replies: list[Reply], address: str = "") -> None:
    desk = Desk()
    try:
        for root in (SALES, BC) if not address else (address,):
            _tell(desk.microsoft, root, replies)
        if address:
            for elsewhere in (LOGIN, SALES, BC):  # where a redirect may lead
                _tell(desk.microsoft, elsewhere, [Reply(404)])
            desk.sales_says("WhoAmI", Reply(body={"UserId": GUID}))
        async with asyncio.timeout(20):
            fault = await _fault_of(ACTS[name](desk))
        assert fault is None or (fault.message.strip() and fault.hint.strip())
        assert fault is None or _can_be_stored(fault)
    finally:
        await desk.aclose()


async def _fault_of(asked: Awaitable[object]) -> RemoteFault | None:
    try:
        await asked
    except RemoteFault as fault:
        return fault
    return None


def _can_be_stored(fault: RemoteFault) -> bool:
    return bool(f"{fault.message}{fault.hint}{fault.code}{fault.reference}".encode())


def _tell(microsoft: Microsoft, root: str, replies: list[Reply]) -> None:
    said: list[Any] = list(replies)
    microsoft.tell(root, *said)
