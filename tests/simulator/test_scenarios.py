"""Every scenario changes what it says, and nothing stays of it."""

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
import pytest

from simulator.healthy.people import COMPANY, INTEGRATION
from simulator.healthy.sales import HOST
from simulator.scenarios import SCENARIOS, scenario_named
from simulator.scenarios.imports import IMPORT_SCENARIOS
from simulator.scenarios.scenario import Rule
from tests.simulator.conftest import BC, LOGIN, Visitor
from tests.simulator.importing import begin, over

Seen = Callable[[Visitor], Awaitable[object]]


async def _integration_user(visitor: Visitor) -> dict[str, object]:
    query = f"$filter=internalemailaddress eq '{INTEGRATION}'"
    expand = "$expand=systemuserroles_association($select=name,_roletemplateid_value)"
    rows = (await visitor.sales("GET", f"systemusers?{query}&{expand}")).json()["value"]
    return dict(rows[0]) if rows else {}


def _of_user(column: str) -> Seen:
    async def seen(visitor: Visitor) -> object:
        return (await _integration_user(visitor)).get(column)

    return seen


async def _roles(visitor: Visitor) -> object:
    rows = (await _integration_user(visitor))["systemuserroles_association"]
    assert isinstance(rows, list)
    return {row["name"] for row in rows}


async def _token(visitor: Visitor) -> object:
    answer = await visitor.sign_in(visitor.ready["sales_url"])
    return answer.json().get("error_codes", "token")


PASSWORDS: dict[str, str] = {}


async def _account(visitor: Visitor) -> object:
    """The integration account, signing in as Business Central does, which knows one password."""
    account = visitor.simulation.world.facts["accounts"].get(INTEGRATION, {})
    password = PASSWORDS.setdefault(visitor.ready["tenant"], account.get("password", ""))
    answer = await visitor.sign_in(
        visitor.ready["sales_url"],
        "integration",
        grant_type="password",
        username=INTEGRATION,
        password=password,
    )
    return answer.json().get("error_codes", "token")


async def _device(visitor: Visitor) -> object:
    """How a sign-in by device code begins, and what its first poll says."""
    common = f"{LOGIN}/{visitor.ready['tenant']}/oauth2/v2.0"
    client_id = visitor.ready["apps"]["admin"]["client_id"]
    scope = f"{visitor.ready['sales_url']}/.default"
    given = await visitor.http.post(
        f"{common}/devicecode", data={"client_id": client_id, "scope": scope}
    )
    poll = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "client_id": client_id,
        "device_code": given.json()["device_code"],
    }
    answer = await visitor.http.post(f"{common}/token", data=poll)
    return given.json()["expires_in"], answer.json()["error_codes"]


async def _by_device(visitor: Visitor) -> object:
    """What a person meets who signs in at the app for people and enters the code."""
    common = f"{LOGIN}/{visitor.ready['tenant']}/oauth2/v2.0"
    client_id = visitor.ready["apps"]["admin"]["client_id"]
    scope = f"{visitor.ready['sales_url']}/.default"
    given = await visitor.http.post(
        f"{common}/devicecode", data={"client_id": client_id, "scope": scope}
    )
    person = {"user_code": given.json()["user_code"], "account": INTEGRATION}
    await visitor.control.post("/_entra/device", json=person)
    poll = {
        "grant_type": "device_code",
        "client_id": client_id,
        "code": given.json()["device_code"],
    }
    answer = await visitor.http.post(f"{common}/token", data=poll)
    return answer.json().get("error_codes", "token")


async def _fresh_who(visitor: Visitor) -> object:
    visitor.tokens.clear()
    return await _who(visitor)


async def _users(visitor: Visitor) -> object:
    return (await visitor.sales("GET", "systemusers?$select=fullname")).status_code


async def _own_roles(visitor: Visitor) -> object:
    return (await visitor.sales("GET", "organizations?$select=name")).status_code


async def _base_currency(visitor: Visitor) -> object:
    row = (await visitor.sales("GET", "organizations")).json()["value"][0]
    currency = f"transactioncurrencies({row['_basecurrencyid_value']})"
    answer = await visitor.sales("GET", currency)
    return answer.status_code


async def _ledger_service(visitor: Visitor) -> object:
    return (await visitor.page("GET", "General_Ledger_Setup")).status_code


async def _on_premises(visitor: Visitor) -> object:
    given = visitor.ready["bc"]
    login = (given["on_premises_user"], given["on_premises_access_key"])
    address = f"{given['on_premises_url']}/ODataV4/Company"
    return (await visitor.http.get(address, auth=login)).status_code


async def _solution(visitor: Visitor) -> object:
    query = "$filter=uniquename eq 'MicrosoftDynamicsNavIntegration'"
    return len((await visitor.sales("GET", f"solutions?{query}")).json()["value"])


async def _who(visitor: Visitor) -> object:
    answer = await visitor.sales("GET", "WhoAmI")
    return answer.status_code, answer.headers["content-type"], answer.headers.get("retry-after")


async def _version(visitor: Visitor) -> object:
    return (await visitor.sales("GET", "RetrieveVersion")).json()["Version"]


async def _currency(visitor: Visitor) -> object:
    return (await visitor.page("GET", "General_Ledger_Setup")).json()["value"][0]["LCY_Code"]


async def _services(visitor: Visitor) -> object:
    return len((await visitor.bc("GET", "ODataV4/")).json()["value"])


async def _how_many_users(visitor: Visitor) -> object:
    company = f"ODataV4/Company('{COMPANY}')"
    return len((await visitor.bc("GET", f"{company}/Users")).json()["value"])


async def _company(visitor: Visitor) -> object:
    return (await visitor.bc("GET", f"ODataV4/Company('{COMPANY}')")).status_code


async def _import(visitor: Visitor) -> object:
    """How an import begins and ends."""
    visitor.tokens.clear()
    answer = await begin(visitor)
    if answer.is_error:
        return answer.status_code, answer.json()["error"]["code"]
    done, log = await over(visitor, answer.json())
    return done["statuscode"], done["errorcode"], log["progress"]


async def _companies(visitor: Visitor) -> object:
    visitor.tokens.pop(f"bot {BC}", None)
    return (await visitor.bc("GET", "api/v2.0/companies")).status_code


async def _bc_version(visitor: Visitor) -> object:
    return (await visitor.bc("GET", "api/v2.0/companies")).json()["value"][0]["systemVersion"]


async def _metadata(visitor: Visitor) -> object:
    return (await visitor.bc("GET", "ODataV4/$metadata")).text


def _of_page(service: str, control: str) -> Seen:
    async def seen(visitor: Visitor) -> object:
        return [row[control] for row in (await visitor.page("GET", service)).json()["value"]]

    return seen


async def _date(visitor: Visitor) -> object:
    """Whether the clock of Sales goes with this machine's."""
    answer = await visitor.sales("GET", "WhoAmI")
    said = parsedate_to_datetime(answer.headers["date"])
    return abs((said - datetime.now(UTC)).total_seconds()) < 60


async def _certificate(visitor: Visitor) -> object:
    """Whether it holds for another fortnight."""
    async with visitor.http.stream("GET", f"https://{HOST}/") as answer:
        secured = answer.extensions["network_stream"].get_extra_info("ssl_object")
        until = ssl.cert_time_to_seconds(secured.getpeercert()["notAfter"])
    return until - time.time() > 14 * 86_400


async def _nav_connections(visitor: Visitor) -> object:
    answer = await visitor.sales("GET", "nav_connections?$select=nav_name")
    return answer.status_code, len(answer.json().get("value", ()))


async def _solutions(visitor: Visitor) -> object:
    answer = await visitor.sales("GET", "solutions?$select=uniquename,ismanaged")
    return answer.status_code, [row["ismanaged"] for row in answer.json().get("value", ())]


async def _sales_orders(visitor: Visitor) -> object:
    answer = await visitor.sales("GET", "organizations?$select=issopintegrationenabled")
    return answer.json()["value"][0]["issopintegrationenabled"]


async def _privileges(visitor: Visitor) -> object:
    user = (await _integration_user(visitor))["systemuserid"]
    function = f"systemusers({user})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges"
    rows = (await visitor.sales("GET", function)).json()["RolePrivileges"]
    return {row["PrivilegeName"] for row in rows}


async def _far(visitor: Visitor) -> object:
    """Whether the smallest question is answered within a second."""
    try:
        async with asyncio.timeout(1):
            await visitor.sales("GET", "WhoAmI")
    except TimeoutError:
        return False
    return True


async def _bots_privileges(visitor: Visitor) -> object:
    bot = (await visitor.sales("GET", "WhoAmI")).json()["UserId"]
    function = f"systemusers({bot})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges"
    rows = (await visitor.sales("GET", function)).json()["RolePrivileges"]
    return {row["PrivilegeName"] for row in rows}


METADATA = "/common/v2.0/.well-known/openid-configuration"
# site of a rule -> where its hosts are
ORIGINS = {"entra": LOGIN, "dataverse": f"https://{HOST}", "bc": BC}
HEALTHY_PATHS = {"entra": METADATA, "dataverse": "/api/data/v9.2/", "bc": "/x"}


def _called(rule: Rule) -> Seen:
    """What comes back for the call that a rule catches; nobody is signed in."""

    async def seen(visitor: Visitor) -> object:
        site = rule["site"]
        path = rule.get("path", HEALTHY_PATHS[site]).removeprefix("*").replace("*", "x")
        method = rule.get("method", "GET").replace("*", "GET")
        return await _outcome(visitor, method, ORIGINS[site] + path)

    return seen


def _arrived(host: str) -> Seen:
    async def seen(visitor: Visitor) -> object:
        return await _outcome(visitor, "GET", f"https://{host}/nothing")

    return seen


async def _outcome(visitor: Visitor, method: str, address: str) -> object:
    try:
        answer = await visitor.http.request(method, address, timeout=httpx.Timeout(5, read=0.5))
    except httpx.HTTPError as error:
        return type(error), str(error)
    return answer.status_code, answer.content


BY_APP = (
    "certificate-not-registered",
    "app-missing",
    "app-is-public",
    "app-of-one-tenant",
    "tenant-not-named",
    "tenant-for-many",
    "national-cloud",
    "national-cloud-refused",
    "assertion-damaged",
    "resource-of-another-tenant",
    "scope-invalid",
    "parameter-missing",
    "credentials-not-checked",
    "conditional-access-for-apps",
    "assertion-not-signed",
    "issuer-not-trusted",
    "audience-not-trusted",
    "subject-not-trusted",
    "assertion-issuer-wrong",
    "assertion-audience-wrong",
    "assertion-out-of-time",
    "sign-in-loop",
    "entra-throttled",
    "entra-over-budget",
    "entra-transient",
)
BY_ACCOUNT = (
    "account-missing",
    "account-not-assigned",
    "wrong-password",
    "interaction-required",
    "mfa-not-registered",
    "device-not-compliant",
    "conditional-access",
    "tenant-policy",
    "security-defaults",
)
BY_DEVICE_CODE = (
    "resource-not-listed",
    "admin-not-consented",
    "public-flows-off",
    "device-code-unknown",
    "device-code-over",
    "device-code-declined",
)

SEEN: dict[str, Seen] = {
    **{each.name: _import for each in IMPORT_SCENARIOS},
    **dict.fromkeys(BY_APP, _token),
    **dict.fromkeys(BY_ACCOUNT, _account),
    **dict.fromkeys(BY_DEVICE_CODE, _by_device),
    "device-code-expires": _device,
    "tokens-expired": _fresh_who,
    "user-without-roles": _roles,
    "bot-user-disabled": _who,
    "bot-without-roles": _own_roles,
    "privilege-missing": _users,
    "record-missing": _base_currency,
    "environment-missing": _company,
    "service-unpublished": _ledger_service,
    "bc-app-not-enabled": _companies,
    "on-premises-key-changed": _on_premises,
    "on-premises-user-disabled": _on_premises,
    "wrong-secret": _token,
    "secret-expired": _token,
    "tenant-unknown": _token,
    "bot-not-consented": _companies,
    "account-disabled": _account,
    "account-locked": _account,
    "password-expired": _account,
    "mfa-required": _account,
    "federated-account": _account,
    "user-disabled": _of_user("isdisabled"),
    "user-unlicensed": _of_user("islicensed"),
    "user-missing": _of_user("systemuserid"),
    "user-is-administrator": _roles,
    "role-missing": _roles,
    "solution-missing": _solution,
    "app-not-in-organisation": _who,
    "currency-mismatch": _currency,
    "old-version": _version,
    "throttled": _who,
    "dataverse-down": _who,
    "administration-mode": _who,
    "services-unpublished": _services,
    "users-mixed": _how_many_users,
    "company-missing": _company,
    "bc-app-not-registered": _companies,
    "bc-app-without-permission-sets": _companies,
    "bc-too-old": _bc_version,
    "bc-throttled-once": _metadata,
    "bc-availability-unpublished": _services,
    "bc-currency-elsewhere": _bc_version,
    "bc-page-of-another-form": _metadata,
    "bc-users-without-email": _of_page("Users", "Authentication_Email"),
    "bc-setup-page-elsewhere": _of_page("CRM_Connection_Setup", "Server_Address"),
    "bc-setup-page-empty": _of_page("CRM_Connection_Setup", "Server_Address"),
    "bc-setup-page-another-user": _of_page("CRM_Connection_Setup", "User_Name"),
    "bc-mappings-missing": _of_page("Integration_Table_Mapping_List", "Name"),
    "bc-job-failed": _of_page("Job_Queue_Entries", "Status"),
    "bc-job-on-hold": _of_page("Job_Queue_Entries", "Status"),
    "sales-certificate-ends": _certificate,
    "clock-ahead": _date,
    "clock-far-behind": _date,
    "sales-far-away": _far,
    "solutions-hidden": _solutions,
    "bot-changes-nothing": _bots_privileges,
    "solution-unmanaged": _solutions,
    "solution-tables-hidden": _nav_connections,
    "sales-orders-without-solution": _sales_orders,
    "connection-known": _nav_connections,
    "web-client-elsewhere": _nav_connections,
    "web-client-empty": _nav_connections,
    "availability-without-user": _nav_connections,
    "availability-elsewhere": _nav_connections,
    "user-interactive": _of_user("accessmode"),
    "user-reads-only": _of_user("accessmode"),
    "integration-privileges-missing": _privileges,
}


def _seen_in(name: str) -> Seen:
    scenario = scenario_named(name)
    if name in SEEN:
        return SEEN[name]
    if scenario.faults:
        return _called(scenario.faults[0])
    (hosts,) = scenario.patch["network"].values()
    return _arrived(next(iter(hosts)))


@pytest.mark.parametrize("name", [each.name for each in SCENARIOS if each.name != "healthy"])
async def test_scenario_changes_what_is_seen_and_healthy_brings_it_back(
    visitor: Visitor, name: str
) -> None:
    seen = _seen_in(name)
    healthy = await seen(visitor)
    await visitor.become(name)
    assert await seen(visitor) != healthy
    await visitor.become("healthy")
    assert await seen(visitor) == healthy


@pytest.mark.parametrize(
    ("name", "numbers"),
    [("wrong-secret", [7000215]), ("secret-expired", [7000222]), ("tenant-unknown", [90002])],
)
async def test_sign_in_scenarios_give_their_number(
    visitor: Visitor, name: str, numbers: list[int]
) -> None:
    await visitor.become(name)
    assert await _token(visitor) == numbers


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("account-disabled", 50057),
        ("account-locked", 50053),
        ("password-expired", 50055),
        ("mfa-required", 50076),
        ("federated-account", 70002),
    ],
)
async def test_account_scenarios_give_their_number(
    visitor: Visitor, name: str, number: int
) -> None:
    assert await _account(visitor) == "token"
    await visitor.become(name)
    assert await _account(visitor) == [number]


async def test_bot_without_consent_is_still_known_to_sales(visitor: Visitor) -> None:
    await visitor.become("bot-not-consented")
    assert await _companies(visitor) == 401
    visitor.tokens.clear()
    assert (await visitor.sales("GET", "WhoAmI")).status_code == 200


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("app-not-in-organisation", 403, "0x80072560"),
        ("bot-user-disabled", 403, "0x80040225"),
        ("throttled-by-time", 429, "0x80072321"),
        ("throttled-at-once", 429, "0x80072326"),
        ("identity-refused", 401, "0x80072559"),
        ("administration-mode", 403, "0x80048405"),
        ("throttled", 429, "0x80072322"),
    ],
)
async def test_dataverse_scenarios_give_their_code(
    visitor: Visitor, name: str, status: int, code: str
) -> None:
    await visitor.become(name)
    answer = await visitor.sales("GET", "WhoAmI")
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_administrators_may_enter_in_administration_mode(visitor: Visitor) -> None:
    await visitor.become("administration-mode")
    await visitor.patch_sales({"user_roles": {"bot": {"system-administrator": True}}})
    assert (await visitor.sales("GET", "WhoAmI")).status_code == 200


async def test_disabled_app_user_is_refused(visitor: Visitor) -> None:
    await visitor.patch_sales({"tables": {"systemusers": {"bot": {"isdisabled": True}}}})
    answer = await visitor.sales("GET", "WhoAmI")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "0x80040225")


async def test_underscores_serve_as_hyphens(visitor: Visitor) -> None:
    await visitor.become("wrong_secret")


async def test_unknown_scenario_is_refused_with_the_list(visitor: Visitor) -> None:
    answer = await visitor.control.post("/_world/scenario", json={"name": "rainy"})
    assert answer.status_code == 404
    assert all(each.name in answer.json()["error"] for each in SCENARIOS)


async def test_a_registered_certificate_stays(visitor: Visitor) -> None:
    held = {"apps": {"bot": {"certificates": {"mine": {"pem": "made up"}}}}}
    await visitor.patch(held)
    for scenario in ("wrong-secret", "healthy"):
        await visitor.become(scenario)
        apps = visitor.simulation.world.facts["apps"]
        assert apps["bot"]["certificates"]["mine"] == {"pem": "made up"}
    await visitor.patch({"apps": {"bot": {"certificates": {"mine": None}}}})
