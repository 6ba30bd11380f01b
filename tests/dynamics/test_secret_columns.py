"""No query names a column that holds a secret, however it is written."""

from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connection.errors import RemoteFault
from dynamics.secret_columns import SECRET_COLUMNS, refuse_secret_columns
from tests.dynamics.microsoft import BC, SALES, Desk, Reply, the_access

COLUMNS = sorted(SECRET_COLUMNS)
PLACES = (
    "nav_connections?$select={}",
    "nav_connections?$select=nav_name,{}",
    "nav_connections?$select=nav_name&$filter={} eq 'x'",
    "nav_connections?$select=nav_name&$filter=startswith({},'a')",
    "nav_connections?$select=nav_name&$orderby={} desc",
    "nav_connections(1)/{}?$select=nav_name",
    "nav_connections(1)/{}/$value",
    "systemusers?$select=fullname&$expand=x($select={})",
    "systemusers?$filter=Microsoft.Dynamics.CRM.In(PropertyName='{}',PropertyValues=['a'])",
    "systemusers?$filter=Microsoft.Dynamics.CRM.In(PropertyName = '{}',PropertyValues=['a'])",
    "/ODataV4/Company('A')/CRM_Connection_Setup?$select={}",
    "/ODataV4/Company('A')/CRM_Connection_Setup('')/{}",
    "/ODataV4/Company('It''s')/S?$filter=X eq 'a''' and {} eq 'b'",
    "x?$select={}&$filter=a eq '",
    "x?$filter=a eq '&$select={}",
)


@st.composite
def spellings(draw: st.DrawFn) -> str:
    """A column in any case, with any of its letters encoded, once or more."""
    column = draw(st.sampled_from(COLUMNS))
    letters = [
        draw(st.sampled_from((one, one.upper(), f"%{ord(one):02x}", f"%{ord(one.upper()):02X}")))
        for one in column
    ]
    spelt = "".join(letters)
    for _ in range(draw(st.integers(0, 2))):
        spelt = spelt.replace("%", "%25")
    return spelt


@given(spelt=spellings(), place=st.sampled_from(PLACES), whole=st.booleans())
def test_no_spelling_of_a_secret_column_passes(spelt: str, place: str, whole: bool) -> None:
    query = place.format(spelt)
    with pytest.raises(ValueError, match="secret"):
        refuse_secret_columns(quote(query, safe="?&=$") if whole else query)


@pytest.mark.parametrize(
    "query",
    [
        "nav_connections",
        "Nav_Connections?$top=1",
        "nav_connections(1)",
        "nav%5Fconnections",
        "nav_connections?$select=*",
        "nav_connections?$select=nav_name,%2A",
        "nav_connections?$select=",
        "nav_connections?$select=%20",
        "nav_connections?$select=nav_name&$select=*",
        "systemusers(1)/lk_nav_connection_createdby",
        "systemusers?$select=fullname&$expand=lk_nav_connection_createdby",
        "systemusers?%24expand=lk_nav_connection_createdby",
        "nav_connections?$filter=$select=nav_name",
        "nav_connections?fetchXml=<fetch><entity name='nav_connection'><all-attributes/></entity>",
        "nav_connections?savedQuery=1",
        "nav_connections?$select=nav_name&$filter=In(PropertyName=@p)&@p='password'",
        "nav_connections?$apply=groupby((nav_name))",
    ],
)
def test_a_table_with_a_secret_is_read_by_naming_columns_only(query: str) -> None:
    with pytest.raises(ValueError, match=r"read|says"):
        refuse_secret_columns(query)


@pytest.mark.parametrize(
    "query",
    [
        "nav_connections?$select=nav_name",
        "WhoAmI",
        "RetrieveVersion()",
        "/ODataV4/$metadata",
        "/ODataV4/Company('Password')/Ledger?$select=LCY_Code",
        "/ODataV4/Company('It''s%20a%20password')/Ledger?$select=LCY_Code",
        "systemusers?$select=fullname&$filter=domainname eq 'password@contoso.example'",
        "systemusers?$select=fullname&$filter=domainname%20eq%20'it''s%26password'",
        "systemusers?$select=fullname,passwordless,my_password_hint",
    ],
)
def test_what_a_person_typed_is_a_value_and_no_column(query: str) -> None:
    refuse_secret_columns(query)


NAMES = st.text(min_size=1, max_size=40).filter(lambda name: name.isprintable()) | st.sampled_from(
    [
        "password",
        "Password",
        "it's password",
        "a' or password eq 'b",
        "Connection_String",
        "%27 password",
        "%",
        "&$select=password",
        "?password#",
    ]
)


@settings(deadline=None, max_examples=40)
@given(name=NAMES)
async def test_no_name_that_a_person_types_is_taken_for_a_column(name: str) -> None:
    desk = Desk()
    try:
        desk.microsoft.tell(f"{SALES}/", Reply(body={"value": []}))
        desk.microsoft.tell(f"{BC}/", Reply(body={"value": [{"LCY_Code": "EUR"}]}))
        await desk.sales.users_with_email(the_access(), name)
        await desk.sales.users_with_domain_name(the_access(), name)
        await desk.business_central.general_ledger_setup(the_access(bc_company=name), "Ledger")
    finally:
        await desk.aclose()


async def test_every_query_of_the_bot_passes_and_names_what_it_reads(desk: Desk) -> None:
    """All reads of both ports, against a service that has nothing."""
    one = "33333333-3333-4333-8333-333333333333"
    desk.microsoft.tell(f"{SALES}/", Reply(body={"value": []}))
    desk.microsoft.tell(f"{BC}/", Reply(body={"value": []}))
    sales, bc, access = desk.sales, desk.business_central, the_access()
    for ask in (
        sales.who_am_i(access),
        sales.version(access),
        sales.organisation(access),
        sales.users_with_email(access, "a@b"),
        sales.users_with_domain_name(access, "a@b"),
        sales.users_with_application_id(access, one),
        sales.roles_of(access, one),
        sales.deployed_roles(access, [one]),
        sales.currency_code(access, one),
        bc.companies(access),
        bc.services(access),
        bc.general_ledger_setup(access, "Ledger"),
    ):
        try:
            await ask
        except RemoteFault:
            continue
    asked = [call.url for call in desk.microsoft.calls if "/oauth2/" not in call.url.path]
    bare = {url.path.rpartition("/")[2] for url in asked if "$select" not in str(url)}
    assert bare == {"openid-configuration", "WhoAmI", "RetrieveVersion()", "$metadata"}


async def test_the_ledger_is_read_by_its_one_column(desk: Desk) -> None:
    desk.bc_says("ODataV4/", Reply(body={"value": [{"LCY_Code": "EUR"}]}))
    await desk.business_central.general_ledger_setup(the_access(), "Ledger")
    assert desk.microsoft.calls[-1].url.query == b"$select=LCY_Code"


@pytest.mark.parametrize("service", ["S?$select=Password", "S/Password", "S('')/Connection_String"])
async def test_the_guard_stands_before_business_central_too(desk: Desk, service: str) -> None:
    with pytest.raises(ValueError, match="secret"):
        await desk.business_central.general_ledger_setup(the_access(), service)
    assert not desk.microsoft.calls
