"""What makes each check red or yellow, and how its own remedy makes it green: by the check's id.
Those of Business Central stand in `told_bc_checks.py`.

A case is a scenario of the simulated world and what the check then says; `followed` does what its
remedy says, in the world or in the bot. Every check has a case that makes it fail, or says in
`ONLY_WARNS` why it cannot; each one that can warn has a case for that.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.healthy.sales import HOST
from simulator.scenarios.sales_facts import AVAILABILITY, WEB_CLIENT
from simulator.scenarios.sign_ins import ELSEWHERE
from tests.journeys.checked import Checked

Follow = Callable[[Checked], Awaitable[None]]
Patch = dict[str, Any]

_CLOCK: Patch = {"clock_ahead": 0}
_ENABLED: Patch = {"isdisabled": False}
_MODE: Patch = {"accessmode": 4}


@dataclass(frozen=True)
class Case:
    """`word` is how the check came out, `said` stands in its sentence, `to_do` in its remedy.

    `prepared` happens after the scenario; with `setup` or `own` the case has a connection of its
    own, set up with these values, because following the remedy changes it.
    """

    scenario: str
    word: str
    said: str
    to_do: str
    followed: Follow
    prepared: Follow | None = None
    own: bool = False
    setup: Mapping[str, str] = field(default_factory=dict)


def fails(scenario: str, said: str, to_do: str, followed: Follow, **more: Any) -> Case:
    """A case that makes it red."""
    return Case(scenario, "failed", said, to_do, followed, **more)


def warns(scenario: str, said: str, to_do: str, followed: Follow, **more: Any) -> Case:
    """A case that makes it yellow."""
    return Case(scenario, "warning", said, to_do, followed, **more)


def changed(patch: Patch) -> Follow:
    """Somebody does it in the world."""
    return lambda checked: checked.stage.change(patch)


def sales(patch: Patch) -> Follow:
    """An administrator of Sales does it."""
    return changed({"sales": {"adventure": patch}})


def restored(*path: str) -> Follow:
    """What stood at this place of the healthy world is there again."""
    return lambda checked: checked.restore(path)


def both(*acts: Follow) -> Follow:
    """One after the other."""

    async def done(checked: Checked) -> None:
        for act in acts:
            await act(checked)

    return done


def corrected(**values: str) -> Follow:
    """Somebody corrects the setup."""
    return lambda checked: checked.correct(values)


async def waited(checked: Checked) -> None:
    """Nothing is done, and the test is made again."""


async def mended(checked: Checked) -> None:
    """What slowed calls down is gone."""
    await checked.stage.mend()


def _user(change: Patch) -> Follow:
    return sales({"tables": {"systemusers": {"integration": change}}})


def _allowed(role: str, *privileges: str) -> Follow:
    return sales({"privileges": {role: dict.fromkeys(privileges, True)}})


def _told(change: Patch) -> Follow:
    return sales({"tables": {"nav_connections": {"adventure": change}}})


_SALES = ("sales", "adventure")
_SOLUTION = both(
    restored(*_SALES, "tables", "solutions", "MicrosoftDynamicsNavIntegration"),
    restored(*_SALES, "tables", "roles"),
    restored(*_SALES, "user_roles"),
)

CASES: dict[str, tuple[Case, ...]] = {
    "allowed_host": (
        fails(
            "healthy",
            "evil-dynamics.com",
            "D365BOT_ALLOWED_HOSTS",
            lambda checked: checked.correct({"sales_url": checked.stage.ready["sales_url"]}),
            setup={"sales_url": "https://evil-dynamics.com"},
        ),
    ),
    "reachable": (
        fails(
            "sales-proxy-refuses",
            "The proxy does not let calls",
            "to allow CONNECT to",
            changed({"network": {"proxy": {HOST: None}}}),
        ),
        fails(
            "sales-tls-expired",
            "its certificate has expired",
            "has to renew the certificate",
            changed({"network": {"tls": {HOST: "ok"}}}),
        ),
        warns(
            "sales-certificate-ends",
            "but its certificate ends on",
            "Renew the server's certificate",
            changed({"network": {"tls": {HOST: "ok"}}}),
        ),
    ),
    "clock": (
        fails("clock-far-behind", " seconds ahead of Sales", "Set the clock", sales(_CLOCK)),
        warns("clock-ahead", "seconds behind Sales", "Set the clock", sales(_CLOCK)),
    ),
    "tenant": (
        fails(
            "resource-of-another-tenant",
            ELSEWHERE["id"],
            "Correct the tenant or the Sales URL",
            corrected(tenant=ELSEWHERE["domain"]),
            own=True,
        ),
        fails(
            "national-cloud",
            "belongs to the cloud of login.microsoftonline.us",
            "Set D365BOT_LOGIN_URL to https://login.microsoftonline.us",
            changed({"tenants": {"adventure": {"cloud": "public"}}}),
        ),
    ),
    "bot_sign_in": (
        fails(
            "wrong-secret",
            "The client secret is wrong",
            "/d365 secret",
            lambda checked: checked.new_client_secret(),
            own=True,
        ),
        warns(
            "healthy",
            "ends on",
            "/d365 secret",
            lambda checked: checked.certificate(days=200),
            prepared=lambda checked: checked.certificate(days=20),
            setup={"bot_credential": "certificate"},
        ),
    ),
    "dataverse": (
        fails(
            "app-not-in-organisation",
            "is no user of this Sales organisation",
            "Application users",
            both(
                restored(*_SALES, "tables", "systemusers", "bot"),
                restored(*_SALES, "user_roles", "bot"),
            ),
        ),
        warns("old-version", "might not work correctly", "Upgrade", sales({"version": "9.2.1.1"})),
    ),
    "administration_mode": (
        fails(
            "administration-mode",
            "Sales denies access",
            "may be in administration mode",
            sales({"condition": "running"}),
        ),
    ),
    "latency": (
        warns(
            "sales-far-away", "ms to answer the smallest question", "Look at the network", mended
        ),
    ),
    "organisation": (
        fails(
            "bot-without-roles",
            "lacks the privilege prvReadOrganization",
            "give it a security role with the privilege prvReadOrganization",
            restored(*_SALES, "user_roles", "bot"),
        ),
    ),
    "solution": (
        fails(
            "solutions-hidden",
            "lacks the privilege prvReadSolution",
            "with the privilege prvReadSolution",
            _allowed("Connection Bot", "prvReadSolution"),
        ),
        warns(
            "solution-missing", "does not have the integration solution", "Import the", _SOLUTION
        ),
        warns(
            "solution-unmanaged",
            "as an unmanaged one",
            "Import the package",
            restored(*_SALES, "tables", "solutions", "MicrosoftDynamicsNavIntegration"),
        ),
    ),
    "solution_tables": (
        fails(
            "solution-tables-hidden",
            "lacks the privilege prvReadnav_connection",
            "with the privilege prvReadnav_connection",
            _allowed("Connection Bot", "prvReadnav_connection"),
        ),
    ),
    "sales_orders": (
        fails(
            "sales-orders-without-solution",
            "nobody takes submitted orders over",
            "turn sales order integration off",
            sales({"tables": {"organizations": {"adventure": {"issopintegrationenabled": False}}}}),
        ),
        fails(
            "sales-orders-without-solution",
            "nobody takes submitted orders over",
            "Import the integration solution",
            _SOLUTION,
        ),
    ),
    "web_client_url": (
        fails(
            "web-client-elsewhere",
            "lead to another environment of Business Central",
            "choose Reset Web Client URL",
            _told({"nav_dynamicsnavurl": WEB_CLIENT}),
        ),
        warns(
            "web-client-empty",
            "is empty in Sales",
            "choose Reset Web Client URL",
            _told({"nav_dynamicsnavurl": WEB_CLIENT}),
        ),
    ),
    "item_availability": (
        fails(
            "availability-elsewhere",
            "an address that no web service has",
            "disable the item availability web service and enable it again",
            _told({"nav_dynamicsnavodataurl": AVAILABILITY, "nav_dynamicsnavodatausername": "S"}),
        ),
        warns(
            "availability-without-user",
            "no user to ask it as",
            "choose the OData user",
            _told({"nav_dynamicsnavodatausername": "SYNC"}),
        ),
    ),
    "integration_user": (
        fails("user-disabled", "It is disabled", "enable the integration user", _user(_ENABLED)),
        fails("user-unlicensed", "It has no licence", "Assign a", _user({"islicensed": True})),
        fails("user-reads-only", "access mode is Read", "to Non-interactive", _user(_MODE)),
        warns("user-interactive", "mode is Read-Write", "to Non-interactive", _user(_MODE)),
    ),
    "integration_roles": (
        fails(
            "role-missing",
            "It lacks the role Business Central Integration Administrator",
            "give it the role Business Central Integration Administrator",
            sales({"user_roles": {"integration": {"bc-integration-administrator": True}}}),
        ),
        fails(
            "user-is-administrator",
            "It has the role System Administrator",
            "take System Administrator from it",
            sales({"user_roles": {"integration": {"system-administrator": None}}}),
        ),
        warns("solution-missing", "does not have the roles", "Import the", _SOLUTION),
        warns(
            "healthy",
            "It lacks the role Business Central Base Integration",
            "give it the role Business Central Base Integration",
            sales({"user_roles": {"integration": {"bc-base-integration": True}}}),
            prepared=sales({"user_roles": {"integration": {"bc-base-integration": None}}}),
        ),
    ),
    "integration_privileges": (
        fails(
            "integration-privileges-missing",
            "It lacks prvWriteAccount, prvCreateInvoice",
            "add them to the Integration User role",
            _allowed("Business Central Integration User", "prvWriteAccount", "prvCreateInvoice"),
        ),
    ),
    "integration_sign_in": (
        fails(
            "wrong-password",
            "User name or password is wrong",
            "/d365 secret",
            lambda checked: checked.give("integration_password", "changed in Entra ID since"),
            own=True,
        ),
        warns(
            "healthy",
            "ends on",
            "/d365 secret",
            lambda checked: checked.integration_certificate(days=200),
            prepared=lambda checked: checked.integration_certificate(days=20),
            setup={"integration_auth": "certificate"},
        ),
    ),
    "throttling": (
        warns(
            "throttled-once",
            "asked the bot to wait 1 time",
            "Give the bot an app of its own",
            waited,
        ),
    ),
}

ONLY_WARNS = {
    "latency": "a slow answer is an answer; none at all fails Dataverse",
    "throttling": "a call that stays refused fails the check that made it",
}
NEVER_WARNS = {
    "allowed_host": "a host is allowed or not",
    "tenant": "a tenant is the organisation's or another",
    "administration_mode": "Sales lets the bot in or not",
    "organisation": "it can be read or not",
    "solution_tables": "they can be read or not",
    "sales_orders": "without the solution it works for nobody",
    "integration_privileges": "a privilege is held or not",
}
CASES_BY_SCENARIO = {case.scenario: case for cases in CASES.values() for case in cases}
