"""Page 5330 while it is disabled: address, user name, type, SDK version and connection string."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from simulator.bc.errors import BusinessCentralError
from simulator.bc.setup.addresses import checked_address
from simulator.bc.setup.strings import values_of
from simulator.healthy.people import INTEGRATION, SECOND_COMPANY
from tests.simulator.conftest import Visitor

SETUP = "CRM_Connection_Setup('')"
ANY = {"If-Match": "*"}
ASKS, DIALOG = "Application_CallbackNotAllowed", "Application_DialogException"


async def _patch(visitor: Visitor, **body: Any) -> dict[str, Any]:
    """On the server, where nothing is hidden; what was kept, with the stored string."""
    answer = await visitor.server_page("PATCH", SETUP, json=body, headers=ANY)
    assert answer.status_code == 200, answer.text
    kept: dict[str, Any] = answer.json()
    return kept


async def _refusal(visitor: Visitor, **body: Any) -> str:
    before = visitor.pages()["crm_connection_setup"]["setup"]
    answer = await visitor.server_page("PATCH", SETUP, json=body, headers=ANY)
    assert answer.status_code == 400, answer.text
    assert visitor.pages()["crm_connection_setup"]["setup"] == before
    return str(answer.json()["error"]["code"])


async def _store(visitor: Visitor, **values: Any) -> None:
    await visitor.patch_company({"crm_connection_setup": {"setup": values}})


@pytest.mark.parametrize(
    ("entered", "code"),
    [
        ("https://x.crm.dynamics.com/", ASKS),
        ("https://x.crm.dynamics.com/main.aspx?x=1", ASKS),
        ("https://h.example:443", ASKS),
        ("http://h.example:443", None),
        ("http://h.example:443/x", ASKS),
        ("TEST", ASKS),
        ("host.com:8080/x", DIALOG),
        ("ftp://x.example", DIALOG),
        ("C:\\Sales", DIALOG),
        ("  ", DIALOG),
        ("a b.example", DIALOG),
        ("h.example:", DIALOG),
        (" https://x.crm.dynamics.com ", None),
        ("HTTPS://X.crm.dynamics.com", None),
        ("http://server:5555/Org", None),
    ],
)
def test_an_address_is_kept_asked_about_or_refused(entered: str, code: str | None) -> None:
    if code is None:
        assert checked_address(entered) == entered.strip()
        return
    with pytest.raises(BusinessCentralError) as refused:
        checked_address(entered)
    assert refused.value.code == code


@given(some.text(max_size=40))
def test_whatever_is_kept_is_kept_again(entered: str) -> None:
    try:
        kept = checked_address(entered)
    except BusinessCentralError:
        return
    assert checked_address(kept) == kept


async def test_a_new_address_sets_the_type_and_nothing_that_follows_the_type(
    visitor: Visitor,
) -> None:
    await _store(visitor, Is_User_Mapping_Required=True, Domain="old", User_Name="a@b")
    kept = await _patch(visitor, Server_Address="http://somedomain.com")
    assert kept["Authentication_Type"] == "AD"
    assert (kept["Is_User_Mapping_Required"], kept["Domain"]) == (True, "old")
    kept = await _patch(visitor, Server_Address="https://somedomain.dynamics.com")
    assert kept["Authentication_Type"] == "Office365"
    assert (await _patch(visitor, Server_Address=""))["Authentication_Type"] == "AD"


async def test_a_new_address_leaves_the_string_alone_without_a_user_name(visitor: Visitor) -> None:
    await _store(visitor, User_Name="", Connection_String="Password={PASSWORD};")
    kept = await _patch(visitor, Server_Address="http://somedomain.com")
    assert kept["Connection_String"] == "Password={PASSWORD};"
    await _store(visitor, User_Name="a@b")
    kept = await _patch(visitor, Server_Address="http://otherdomain.com")
    assert "Url=http://otherdomain.com;" in kept["Connection_String"]


async def test_another_type_stops_requiring_users_to_map(visitor: Visitor) -> None:
    await _store(visitor, Is_User_Mapping_Required=True)
    kept = await _patch(visitor, Authentication_Type="Office365")
    assert kept["Is_User_Mapping_Required"]
    assert not (await _patch(visitor, Authentication_Type="AD"))["Is_User_Mapping_Required"]


async def test_the_type_can_be_changed_whatever_the_address(visitor: Visitor) -> None:
    kept = await _patch(
        visitor, Server_Address="https://somedomain.dynamics.com", Authentication_Type="AD"
    )
    assert kept["Authentication_Type"] == "AD"
    kept = await _patch(
        visitor, Server_Address="http://somedomain.com", Authentication_Type="Office365"
    )
    assert kept["Authentication_Type"] == "Office365"
    assert await _refusal(visitor, Authentication_Type="SAML") == "Application_EvaluateException"


async def test_the_domain_follows_the_user_name(visitor: Visitor) -> None:
    await _store(visitor, Domain="domain001")
    assert (await _patch(visitor, User_Name="admin@domain.com"))["Domain"] == ""
    kept = await _patch(visitor, Authentication_Type="AD", User_Name=" domain002\\user ")
    assert (kept["User_Name"], kept["Domain"]) == ("domain002\\user", "domain002")
    assert (await _patch(visitor, User_Name=""))["Domain"] == "domain002"
    assert (await _patch(visitor, Authentication_Type="Office365"))["Domain"] == ""


async def test_controls_are_validated_in_the_order_given(visitor: Visitor) -> None:
    as_domain = {"User_Name": "domain\\user", "Authentication_Type": "AD"}
    assert await _refusal(visitor, **as_domain) == DIALOG
    kept = await _patch(visitor, **dict(reversed(as_domain.items())))
    assert kept["Domain"] == "domain"


STRINGS: dict[str, tuple[str, str, dict[str, str]]] = {
    "Office365": (
        "https://somedomain.com",
        "admin@somedomain.com",
        {"authtype": "Office365", "username": "admin@somedomain.com"},
    ),
    "AD": (
        "http://somedomain.com",
        "somedomain\\admin",
        {"authtype": "AD", "domain": "somedomain", "username": "admin"},
    ),
    "IFD": (
        "http://somedomain.com",
        "somedomain\\admin",
        {"authtype": "IFD", "domain": "somedomain", "username": "admin", "homerealmuri": ""},
    ),
    "OAuth": (
        "http://somedomain.com",
        "admin@somedomain.com",
        {
            "authtype": "OAuth",
            "username": "admin@somedomain.com",
            "appid": "",
            "redirecturi": "",
            "tokencachestorepath": "",
            "loginprompt": "Auto",
        },
    ),
}


@pytest.mark.parametrize("kind", STRINGS)
async def test_the_string_of_each_type_has_its_parts(visitor: Visitor, kind: str) -> None:
    address, name, parts = STRINGS[kind]
    kept = await _patch(visitor, Server_Address=address, Authentication_Type=kind, User_Name=name)
    always = {"url": address, "password": "{PASSWORD}", "proxyversion": "91"}
    assert values_of(kept["Connection_String"]) == always | parts


async def test_another_sdk_version_makes_the_whole_string_anew(visitor: Visitor) -> None:
    await _patch(visitor, Connection_String="By=hand; Password={PASSWORD};")
    for number in (8, 9):
        kept = await _patch(visitor, SDKVersion=number)
        assert f"ProxyVersion={number}" in kept["Connection_String"]
        assert "By=hand" not in kept["Connection_String"]


async def test_a_string_needs_the_placeholder_and_nothing_else(visitor: Visitor) -> None:
    assert await _refusal(visitor, Connection_String="Url=x; Password=y;") == DIALOG
    long = "x" * 300 + "{PASSWORD}"
    assert (await _patch(visitor, Connection_String=long))["Connection_String"] == long
    assert (await _patch(visitor, Connection_String=""))["Connection_String"] == ""


async def test_a_blank_string_is_made_anew_and_kept_when_the_connection_is_made(
    visitor: Visitor,
) -> None:
    assert not visitor.pages()["crm_connection_setup"]["setup"]["Connection_String"]
    kept = await _patch(visitor, Is_Enabled=True)
    assert "AuthType=Office365;" in kept["Connection_String"]
    assert "Password={PASSWORD};" in kept["Connection_String"]


async def test_text_is_at_most_as_long_as_its_field(visitor: Visitor) -> None:
    long = f"{'x' * 245}@b.com"
    assert await _refusal(visitor, User_Name=long) == "Application_StringExceededLength"


async def test_a_password_can_be_blanked_and_is_shown_as_a_star(visitor: Visitor) -> None:
    assert (await _patch(visitor, Password="made-up"))["Password"] == "*"
    assert visitor.pages()["crm_connection_setup"]["setup"]["Password"] == "made-up"
    assert (await _patch(visitor, Password=""))["Password"] == ""


async def test_opening_makes_a_missing_record_with_the_newest_sdk_version(
    visitor: Visitor,
) -> None:
    await visitor.patch_company({"crm_connection_setup": {"setup": None}})
    shown = (await visitor.page("GET", SETUP)).json()
    assert (shown["Server_Address"], shown["SDKVersion"]) == ("", 91)
    assert visitor.pages()["crm_connection_setup"]


async def test_an_sdk_version_of_0_is_raised_to_the_newest(visitor: Visitor) -> None:
    await _store(visitor, SDKVersion=0)
    assert (await visitor.page("GET", SETUP)).json()["SDKVersion"] == 91
    await visitor.patch_environment({"version": "15.0.40000.0"})
    await _store(visitor, SDKVersion=0)
    assert (await visitor.page("GET", SETUP)).json()["SDKVersion"] == 9


async def test_one_company_s_setup_is_not_the_others(visitor: Visitor) -> None:
    await _patch(visitor, User_Name=INTEGRATION.upper())
    path = f"ODataV4/Company('{SECOND_COMPANY}')/{SETUP}"
    assert (await visitor.server("GET", path)).json()["User_Name"] == ""
