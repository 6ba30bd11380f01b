"""The string that connects Business Central with Sales: copied, changed by one segment, used."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from simulator.bc.errors import BusinessCentralError
from simulator.bc.setup.addresses import checked_address
from simulator.bc.setup.strings import with_proxy
from simulator.healthy.people import INTEGRATION
from tests.simulator.conftest import Visitor

SALES, DATAVERSE = "CRM_Connection_Setup('')", "CDS_Connection_Setup('')"
ANY = {"If-Match": "*"}
DIALOG = "Application_DialogException"
ASKS = "Application_CallbackNotAllowed"
APP_ID = "11111111-2222-4333-8444-555555555555"


async def _change(visitor: Visitor, page: str, **body: Any) -> dict[str, Any]:
    answer = await visitor.server_page("PATCH", page, json=body, headers=ANY)
    assert answer.status_code == 200, answer.text
    kept: dict[str, Any] = answer.json()
    return kept


async def _refusal(visitor: Visitor, page: str, **body: Any) -> tuple[str, str]:
    answer = await visitor.server_page("PATCH", page, json=body, headers=ANY)
    assert answer.status_code == 400, answer.text
    error = answer.json()["error"]
    return error["code"], error["message"]


def _password(visitor: Visitor) -> str:
    return str(visitor.simulation.world.facts["accounts"][INTEGRATION]["password"])


async def _by_oauth(visitor: Visitor, version: str) -> str:
    """Page 7200 enabled by hand on a server; its string."""
    await visitor.patch_environment({"version": version})
    url = visitor.ready["sales_url"]
    string = (
        f"Url={url}; UserName={INTEGRATION}; Password={{PASSWORD}}; ProxyVersion=8; "
        f"AuthType=OAuth;AppId={APP_ID};RedirectUri=app://{APP_ID};LoginPrompt=Never;"
    )
    wanted = {
        "Server_Address": url,
        "Authentication_Type": "OAuth",
        "User_Name": INTEGRATION,
        "Password": _password(visitor),
        "SDKVersion": 8,
        "Connection_String": string,
        "Is_Enabled": True,
    }
    await _change(visitor, DATAVERSE, **wanted)
    return string


def _by_app(visitor: Visitor) -> dict[str, Any]:
    app = visitor.ready["apps"]["integration"]
    return {
        "Server_Address": visitor.ready["sales_url"],
        "User_Name": INTEGRATION,
        "Client_Id": app["client_id"],
        "Client_Secret": app["client_secret"],
    }


@pytest.mark.parametrize("version", ["16.5.1.0", "17.0.1.0", "18.0.1.0", "26.0.1.0"])
async def test_page_5330_takes_the_string_of_page_7200_as_it_is(
    visitor: Visitor, version: str
) -> None:
    string = await _by_oauth(visitor, version)
    kept = await _change(visitor, SALES, Is_Enabled=True)
    assert (kept["Connection_String"], kept["SDKVersion"]) == (string, 8)
    assert kept["Is_Enabled"]


async def test_page_5330_takes_the_domain_of_page_7200(visitor: Visitor) -> None:
    await visitor.patch_environment({"version": "18.0.1.0"})
    await visitor.patch_company({"cds_connection_setup": {"setup": {"Is_Enabled": True}}})
    row = {"Authentication_Type": "AD", "User_Name": "x\\sync", "Domain": "x"}
    await visitor.patch_company({"cds_connection_setup": {"setup": row}})
    shown = (await visitor.server_page("GET", SALES)).json()
    assert shown["Domain"] == "x"


async def test_a_blank_string_of_page_7200_is_made_of_the_template(visitor: Visitor) -> None:
    await _by_oauth(visitor, "18.0.1.0")
    await visitor.patch_company({"cds_connection_setup": {"setup": {"Connection_String": ""}}})
    shown = (await visitor.server_page("GET", SALES)).json()
    assert "AppId= ;" in shown["Connection_String"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Url=x; ProxyVersion=8; AuthType=AD;", "Url=x; ProxyVersion=91; AuthType=AD;"),
        ("Url=x; ProxyVersion=80", "Url=x; ProxyVersion=91"),
        ("Url=x; ProxyVersion=", "Url=x; ProxyVersion=91"),
        ("Url=x; ProxyVersion=-5;", "Url=x; ProxyVersion=91;"),
        ("Url=x;", "Url=x; ProxyVersion=91"),
        ("Url=x", "Url=x; ProxyVersion=91"),
        ("", ""),
    ],
)
def test_another_sdk_version_is_put_in_place_or_at_the_end(before: str, after: str) -> None:
    assert with_proxy(before, 91) == after


async def test_an_sdk_version_that_the_string_does_not_name_is_put_there(visitor: Visitor) -> None:
    """The number in the string need not be the one that the record has."""
    await visitor.patch_environment({"version": "18.0.1.0"})
    await _change(visitor, DATAVERSE, SDKVersion=9)
    string = "Url=x; Password={PASSWORD}; ProxyVersion=91;"
    kept = await _change(visitor, DATAVERSE, Connection_String=string, SDKVersion=8)
    assert kept["Connection_String"] == string.replace("91", "8")


EXPIRED = (datetime.now(UTC) - timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("app", "number"),
    [
        ({"secrets": {"main": {"expires": EXPIRED}}}, "7000222"),
        ({"secrets": {"main": {"value": "another"}}}, "7000215"),
        ({"refuse": 700016}, "700016"),
        ({"public_client": True}, "700025"),
    ],
)
async def test_a_client_secret_is_good_if_entra_takes_it(
    visitor: Visitor, app: dict[str, Any], number: str
) -> None:
    await visitor.patch_environment({"version": "16.5.1.0"})
    keys = visitor.simulation.world.facts["apps"]["integration"]["secrets"]
    if "secrets" in app:
        app = {"secrets": dict.fromkeys(keys, app["secrets"]["main"])}
    await visitor.patch({"apps": {"integration": app}})
    code, message = await _refusal(visitor, DATAVERSE, **_by_app(visitor), Is_Enabled=True)
    assert code == DIALOG
    assert f"AADSTS{number}" in message


@pytest.mark.parametrize(("secret", "is_good"), [("{CLIENTSECRET}", True), ("wrong", False)])
async def test_the_app_and_its_secret_are_those_of_the_string(
    visitor: Visitor, secret: str, is_good: bool
) -> None:
    await visitor.patch_environment({"version": "16.5.1.0"})
    app = visitor.ready["apps"]["integration"]
    string = (
        f"AuthType=ClientSecret; Url={visitor.ready['sales_url']}; ClientId={app['client_id']}; "
        f"ClientSecret={secret}; {{CLIENTSECRET}}"
    )
    body = {**_by_app(visitor), "Client_Id": APP_ID, "Connection_String": string}
    answer = await visitor.server_page(
        "PATCH", DATAVERSE, json={**body, "Is_Enabled": True}, headers=ANY
    )
    assert answer.status_code == (200 if is_good else 400)


@pytest.mark.parametrize(
    "url", ["https://[x", "https://[:::::]", "https://a:x", "no address", "", "https://"]
)
async def test_an_address_that_cannot_be_read_cannot_be_validated(
    visitor: Visitor, url: str
) -> None:
    string = f"AuthType=Office365; Url={url}; UserName=a; Password={{PASSWORD}}"
    await _change(visitor, SALES, Connection_String=string)
    code, message = await _refusal(visitor, SALES, Is_Enabled=True)
    assert code == DIALOG
    assert "cannot be validated" in message


@pytest.mark.parametrize(
    "entered",
    [
        "https://[:::::]:8443/x",
        "https://[x]",
        "https://a:" + "5" * 5000,
        "https://a:65536",
        "https://a:\u0665",
    ],
)
def test_an_address_without_a_host_or_a_port_is_not_kept(entered: str) -> None:
    """Behind another `https://` it has a host, so another address is proposed."""
    with pytest.raises(BusinessCentralError) as refused:
        checked_address(entered)
    assert refused.value.code == ASKS


@pytest.mark.parametrize("secure", [True, False])
@pytest.mark.parametrize("entered", ["", "@@test@@"])
def test_nothing_and_the_mock_server_are_taken_as_they_are(entered: str, secure: bool) -> None:
    assert checked_address(entered, secure=secure) == entered


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"general_ledger_setup": {"setup": None}}, "General Ledger Setup does not exist"),
        ({"general_ledger_setup": {"setup": {"LCY_Code": None}}}, "LCY Code"),
    ],
)
async def test_a_missing_local_currency_keeps_the_connection_disabled(
    visitor: Visitor, change: dict[str, Any], says: str
) -> None:
    await visitor.patch_company(change)
    code, message = await _refusal(visitor, SALES, Is_Enabled=True)
    assert (code, says in message) == (DIALOG, True)


async def test_a_currency_without_its_code_keeps_the_connection_disabled(visitor: Visitor) -> None:
    rows = visitor.simulation.world.facts["sales"]["adventure"]["tables"]["transactioncurrencies"]
    without = {key: {"isocurrencycode": None} for key in rows}
    await visitor.patch_sales({"tables": {"transactioncurrencies": without}})
    code, message = await _refusal(visitor, SALES, Is_Enabled=True)
    assert (code, "LCY Code" in message) == (DIALOG, True)


@pytest.mark.parametrize(
    ("control", "longest"),
    [("Client_Id", 250), ("Redirect_URL", 250), ("Connection_String", 2048)],
)
async def test_text_of_page_7200_is_at_most_as_long_as_its_field(
    visitor: Visitor, control: str, longest: int
) -> None:
    await visitor.patch_environment({"version": "18.0.1.0"})
    text = "{PASSWORD}".ljust(longest, "x")
    assert (await _change(visitor, DATAVERSE, **{control: text}))[control] == text
    code, _ = await _refusal(visitor, DATAVERSE, **{control: f"{text}x"})
    assert code == "Application_StringExceededLength"


async def test_the_owner_may_be_blank(visitor: Visitor) -> None:
    await visitor.patch_environment({"version": "18.0.1.0"})
    assert (await _change(visitor, DATAVERSE, Ownership_Model=""))["Ownership_Model"] == ""
