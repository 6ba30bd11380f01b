"""What is asked of Business Central, and what is made of the answers."""

from urllib.parse import parse_qs

import pytest

from connection.errors import NotFound, NotReady, Unauthorised, Unintelligible
from connection.remote import Company, PublishedService
from dynamics.service_metadata import published_services
from tests.dynamics.microsoft import BC, LOGIN, TENANT, Desk, Reply, the_access

EDM = 'xmlns="http://docs.oasis-open.org/odata/ns/edm"'
METADATA = f"""<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="NAV" {EDM}>
<EntityType Name="Company"><Property Name="Name" Type="Edm.String"/></EntityType>
<EntityType Name="LedgerRow" Abstract="true">
<Property Name="Primary_Key" Type="Edm.String"/></EntityType>
<EntityType Name="Ledger" BaseType="NAV.LedgerRow">
<Key><PropertyRef Name="Primary_Key"/></Key><Property Name="LCY_Code" Type="Edm.String"/>
<NavigationProperty Name="Other" Type="NAV.Company"/></EntityType>
<EntityContainer Name="NAV"><EntitySet Name="Company" EntityType="NAV.Company"/>
<EntitySet Name="Our_Ledger" EntityType="NAV.Ledger"/>
<EntitySet Name="Odd" EntityType="NAV.Missing"/></EntityContainer></Schema>
</edmx:DataServices></edmx:Edmx>"""
BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
LEDGER = "ODataV4/Company('CRONUS%20International%20Ltd.')/Our_Ledger"


async def test_companies_are_listed_page_by_page(desk: Desk) -> None:
    link = f"{BC}/v2.0/{TENANT}/Production/api/v2.0/companies?$skiptoken=2"
    desk.bc_says(
        "api/v2.0/companies?$select",
        Reply(body={"value": [{"id": "1", "name": "CRONUS"}], "@odata.nextLink": link}),
    )
    desk.bc_says("api/v2.0/companies?$skip", Reply(body={"value": [{"id": "2", "name": "Ann's"}]}))
    companies = await desk.business_central.companies(the_access())
    assert companies == [Company("1", "CRONUS"), Company("2", "Ann's")]


async def test_the_token_is_for_business_central(desk: Desk) -> None:
    desk.bc_says("api/v2.0/companies", Reply(body={"value": []}))
    await desk.business_central.companies(the_access())
    (post,) = desk.microsoft.sent_to(f"{LOGIN}/{TENANT}/oauth2")
    assert parse_qs(post.content.decode())["scope"] == [f"{BC}/.default"]


async def test_published_services_come_with_their_properties(desk: Desk) -> None:
    desk.bc_says("ODataV4/$metadata", Reply(content=METADATA.encode()))
    assert await desk.business_central.services(the_access()) == (
        PublishedService("Our_Ledger", frozenset({"Primary_Key", "LCY_Code"})),
        PublishedService("Odd", frozenset()),
    )
    assert desk.microsoft.calls[-1].headers["accept"] == "application/xml"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_any_encoding(encoding: str) -> None:
    with pytest.raises(ValueError, match="x"):
        published_services(BOMB.replace("1.0", f'1.0" encoding="{encoding}', 1).encode(encoding))


@pytest.mark.parametrize(
    "content", [b"", b"<html></html>", b"{}", b"<a", METADATA.encode()[:400], BOMB.encode()]
)
async def test_what_is_no_metadata_is_named(desk: Desk, content: bytes) -> None:
    desk.bc_says("ODataV4/$metadata", Reply(content=content))
    with pytest.raises(Unintelligible):
        await desk.business_central.services(the_access())


@pytest.mark.parametrize("body", [{"LCY_Code": "EUR"}, {"value": [{"LCY_Code": "EUR"}]}])
async def test_the_ledger_is_read_as_a_row_or_a_collection(desk: Desk, body: object) -> None:
    desk.bc_says(LEDGER, Reply(body=body))
    row = await desk.business_central.general_ledger_setup(the_access(), "Our_Ledger")
    assert row["LCY_Code"] == "EUR"


async def test_an_empty_ledger_is_not_found(desk: Desk) -> None:
    desk.bc_says(LEDGER, Reply(body={"value": []}))
    with pytest.raises(NotFound):
        await desk.business_central.general_ledger_setup(the_access(), "Our_Ledger")


@pytest.mark.parametrize("body", [{"value": 1}, {"value": [1]}, [], None])
async def test_a_ledger_that_is_none_is_named(desk: Desk, body: object) -> None:
    desk.bc_says(LEDGER, Reply(body=body))
    with pytest.raises(Unintelligible):
        await desk.business_central.general_ledger_setup(the_access(), "Our_Ledger")


async def test_names_of_environment_and_company_are_encoded(desk: Desk) -> None:
    address = f"{BC}/v2.0/{TENANT}/My%20Sandbox/ODataV4/Company('Ann''s%2F%26%20Co')/S"
    desk.microsoft.tell(address, Reply(body={"LCY_Code": ""}))
    access = the_access(bc_environment="My Sandbox", bc_company="Ann's/& Co")
    await desk.business_central.general_ledger_setup(access, "S")


async def test_a_setup_without_environment_is_not_ready(desk: Desk) -> None:
    with pytest.raises(NotReady):
        await desk.business_central.companies(the_access(bc_environment=""))


async def test_a_refused_token_is_forgotten(desk: Desk) -> None:
    desk.bc_says("api/v2.0/companies", Reply(401, {}), Reply(body={"value": []}))
    with pytest.raises(Unauthorised):
        await desk.business_central.companies(the_access())
    await desk.business_central.companies(the_access())
    assert desk.microsoft.tokens == 2


async def test_the_pages_that_act_when_opened_are_never_read(desk: Desk) -> None:
    desk.bc_says("ODataV4/$metadata", Reply(content=METADATA.encode()))
    desk.bc_says("api/v2.0/companies", Reply(body={"value": []}))
    desk.bc_says(LEDGER, Reply(body={}))
    await desk.business_central.services(the_access())
    await desk.business_central.companies(the_access())
    await desk.business_central.general_ledger_setup(the_access(), "Our_Ledger")
    asked = [call.url.path for call in desk.microsoft.sent_to(BC)]
    assert {path.rpartition("/")[2] for path in asked} == {"$metadata", "companies", "Our_Ledger"}
