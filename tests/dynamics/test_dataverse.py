"""What is asked of Sales, and what is made of the answers."""

import json
from urllib.parse import parse_qs, unquote

import httpx
import pytest

from connection.errors import HostNotAllowed, NotFound, RemoteFault, Unintelligible
from connection.remote import Organisation, SalesRole, SalesUser
from tests.dynamics.microsoft import CORRELATION, SALES, Desk, Reply, the_access

A, B, C = (f"{digit * 8}-{digit * 4}-4{digit * 3}-8{digit * 3}-{digit * 12}" for digit in "abc")
USER = {
    "systemuserid": A,
    "fullname": "Ann O'Brien",
    "internalemailaddress": "ann@contoso.com",
    "domainname": "ann@contoso.com",
    "isdisabled": False,
    "islicensed": True,
    "accessmode": 4,
    "applicationid": None,
}


def asked(desk: Desk) -> httpx.Request:
    return desk.microsoft.calls[-1]


async def test_who_am_i_is_the_systemusers_id(desk: Desk) -> None:
    desk.sales_says("WhoAmI", Reply(body={"UserId": A, "OrganizationId": B}))
    assert await desk.sales.who_am_i(the_access()) == A


async def test_every_request_has_the_headers_that_the_documentation_asks_for(desk: Desk) -> None:
    desk.sales_says("WhoAmI", Reply(body={"UserId": A}))
    await desk.sales.who_am_i(the_access())
    headers = asked(desk).headers
    assert headers["odata-version"] == headers["odata-maxversion"] == "4.0"
    assert headers["accept"] == "application/json"
    assert headers["if-none-match"] == "null"
    assert headers["x-ms-correlation-id"] == CORRELATION
    assert headers["authorization"] == "Bearer token-1"


async def test_the_version_is_a_text(desk: Desk) -> None:
    desk.sales_says("RetrieveVersion()", Reply(body={"Version": "9.2.24101.00157"}))
    assert await desk.sales.version(the_access()) == "9.2.24101.00157"


@pytest.mark.parametrize("body", [{}, {"Version": 9}, [], "9.2"])
async def test_a_version_that_is_none_is_named(desk: Desk, body: object) -> None:
    desk.sales_says("RetrieveVersion()", Reply(body=body))
    with pytest.raises(Unintelligible):
        await desk.sales.version(the_access())


async def test_the_organisation_is_its_one_row(desk: Desk) -> None:
    row = {"organizationid": A, "name": "Contoso", "_basecurrencyid_value": B}
    desk.sales_says("organizations?", Reply(body={"value": [row]}))
    assert await desk.sales.organisation(the_access()) == Organisation(A, "Contoso", B, False)
    desk.sales_says("organizations?", Reply(body={"value": [{**row, **SOP}]}))
    assert (await desk.sales.organisation(the_access())).sales_orders_integrated


SOP = {"issopintegrationenabled": True}


async def test_no_organisation_is_not_found(desk: Desk) -> None:
    desk.sales_says("organizations?", Reply(body={"value": []}))
    with pytest.raises(NotFound):
        await desk.sales.organisation(the_access())


@pytest.mark.parametrize("email", ["ann@contoso.com", "o'brien+x&y=z#1@contoso.com", "a/b?c%20ü"])
async def test_users_are_found_by_their_email(desk: Desk, email: str) -> None:
    desk.sales_says("systemusers?", Reply(body={"value": [USER]}))
    (user,) = await desk.sales.users_with_email(the_access(), email)
    assert user == SalesUser(
        A, "Ann O'Brien", "ann@contoso.com", "ann@contoso.com", False, True, 4, ""
    )
    doubled = email.replace("'", "''")
    query = parse_qs(asked(desk).url.query.decode())
    assert query["$filter"] == [f"internalemailaddress eq '{doubled}'"]


async def test_users_are_found_by_their_domain_name(desk: Desk) -> None:
    desk.sales_says("systemusers?", Reply(body={"value": []}))
    assert await desk.sales.users_with_domain_name(the_access(), r"CONTOSO\ann") == []
    assert r"domainname eq 'CONTOSO\ann'" in unquote(asked(desk).url.query.decode())


async def test_every_page_is_asked_for_with_its_size(desk: Desk) -> None:
    link = f"{SALES}/api/data/v9.2/systemusers?$skiptoken=%3Ccookie%20page=%222%22%3E"
    desk.sales_says("systemusers?$select", Reply(body={"value": [USER], "@odata.nextLink": link}))
    desk.sales_says("systemusers?$skiptoken", Reply(body={"value": [{**USER, "systemuserid": B}]}))
    users = await desk.sales.users_with_email(the_access(), "x")
    assert [user.id for user in users] == [A, B]
    pages = desk.microsoft.sent_to(f"{SALES}/api")
    assert [page.headers["prefer"] for page in pages] == ["odata.maxpagesize=5000"] * 2
    assert str(pages[1].url) == link


async def test_roles_come_with_root_and_template(desk: Desk) -> None:
    copy = {"roleid": A, "name": "Salesperson", "_parentrootroleid_value": B}
    root = {"roleid": B, "name": "Admin", "_parentrootroleid_value": B, "_roletemplateid_value": C}
    desk.sales_says(f"systemusers({C})/systemuserroles", Reply(body={"value": [copy, root]}))
    assert await desk.sales.roles_of(the_access(), C.upper()) == [
        SalesRole(A, "Salesperson", B, ""),
        SalesRole(B, "Admin", B, C),
    ]


async def test_deployed_roles_are_asked_for_in_one_question(desk: Desk) -> None:
    row = {"roleid": A, "name": "Integration User"}
    desk.sales_says("roles?", Reply(body={"value": [row]}))
    found = await desk.sales.deployed_roles(the_access(), (A, B))
    assert found == [SalesRole(A, "Integration User", A, "")]
    query = parse_qs(asked(desk).url.query.decode())["$filter"][0]
    assert f"PropertyValues={json.dumps([A, B], separators=(',', ':'))}" in query


async def test_many_ids_are_asked_for_in_parts_that_an_address_can_hold(desk: Desk) -> None:
    desk.sales_says("roles?", Reply(body={"value": []}))
    await desk.sales.deployed_roles(the_access(), [A] * 450)
    questions = desk.microsoft.sent_to(f"{SALES}/api")
    assert len(questions) == 3
    assert all(len(str(question.url)) < 32_768 for question in questions)


async def test_no_ids_need_no_question(desk: Desk) -> None:
    assert await desk.sales.deployed_roles(the_access(), ()) == []
    assert not desk.microsoft.calls


async def test_a_currency_has_its_iso_code(desk: Desk) -> None:
    desk.sales_says(f"transactioncurrencies({A})", Reply(body={"isocurrencycode": "EUR"}))
    assert await desk.sales.currency_code(the_access(), A) == "EUR"


async def test_an_id_that_is_none_is_never_sent(desk: Desk) -> None:
    with pytest.raises(Unintelligible):
        await desk.sales.currency_code(the_access(), "1)/x")
    with pytest.raises(Unintelligible):
        await desk.sales.roles_of(the_access(), "")
    assert not desk.microsoft.calls


@pytest.mark.parametrize("url", ["", "ftp://x", "https://evil.test", "http://", "https://a b"])
async def test_what_may_not_be_called_is_a_fault(desk: Desk, url: str) -> None:
    with pytest.raises(HostNotAllowed):
        await desk.sales.allowed(url)
    with pytest.raises(RemoteFault):
        await desk.sales.who_am_i(the_access(sales_url="https://evil.test"))


async def test_the_path_of_an_organisation_on_its_own_port_is_kept() -> None:
    desk = Desk(allowed=("crm.example.test:8443",))
    access = the_access(sales_url="https://crm.example.test:8443/Org")
    desk.microsoft.tell(
        "https://crm.example.test:8443/Org/api/data/v9.2/WhoAmI", Reply(body={"UserId": A})
    )
    assert await desk.sales.who_am_i(access) == A
    await desk.aclose()
