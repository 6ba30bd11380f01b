"""What is told in Slack of each scenario of the simulated world: one row a scenario."""

from dataclasses import dataclass

from connection.errors import (
    CallerDisabled,
    Changed,
    Forbidden,
    HostNotAllowed,
    NotFound,
    NotInOrganisation,
    PrivilegeMissing,
    ProxyRefused,
    RemoteFault,
    RequestRefused,
    ServerDown,
    SignInFailed,
    Throttled,
    TimedOut,
    TlsFailed,
    Unauthorised,
    Unintelligible,
    Unreachable,
)


@dataclass(frozen=True)
class Told:
    """The red check, the fault's class (None for what a check finds in good answers), what is
    said, what to do, whether the service gave an id of the request, and what of its `own` words
    the one who asked reads alone."""

    check: str
    kind: type[RemoteFault] | None
    sentence: str
    remedy: str
    reference: bool = True
    word: str = "failed"
    own: str = ""


BOT, INTEGRATION = "Sign-in", "Integration sign-in"

# scenario -> check, AADSTS number; sentence and remedy are those of the number
BY_NUMBER: dict[str, tuple[str, int]] = {
    "wrong-secret": (BOT, 7000215),
    "secret-expired": (BOT, 7000222),
    "certificate-not-registered": (BOT, 700027),
    "app-missing": (BOT, 700016),
    "app-is-public": (BOT, 700025),
    "app-of-one-tenant": (BOT, 50194),
    "tenant-unknown": (BOT, 90002),
    "tenant-not-named": (BOT, 50059),
    "tenant-for-many": (BOT, 9001023),
    "national-cloud-refused": (BOT, 90038),
    "resource-of-another-tenant": (BOT, 500011),
    "scope-invalid": (BOT, 70011),
    "parameter-missing": (BOT, 900144),
    "resource-not-listed": (INTEGRATION, 650057),
    "admin-not-consented": (INTEGRATION, 65001),
    "public-flows-off": (INTEGRATION, 7000218),
    "account-missing": (INTEGRATION, 50034),
    "account-disabled": (INTEGRATION, 50057),
    "account-locked": (INTEGRATION, 50053),
    "account-not-assigned": (INTEGRATION, 50105),
    "wrong-password": (INTEGRATION, 50126),
    "password-expired": (INTEGRATION, 50055),
    "mfa-required": (INTEGRATION, 50076),
    "interaction-required": (INTEGRATION, 50076),
    "assertion-damaged": (BOT, 50027),
    "mfa-not-registered": (INTEGRATION, 50079),
    "credentials-not-checked": (BOT, 70002),
    "device-not-compliant": (INTEGRATION, 53000),
    "conditional-access": (INTEGRATION, 53003),
    "tenant-policy": (INTEGRATION, 530032),
    "security-defaults": (INTEGRATION, 530035),
    "conditional-access-for-apps": (BOT, 53003),
    "assertion-not-signed": (BOT, 50013),
    "issuer-not-trusted": (BOT, 700211),
    "audience-not-trusted": (BOT, 700212),
    "subject-not-trusted": (BOT, 700213),
    "assertion-issuer-wrong": (BOT, 700021),
    "assertion-audience-wrong": (BOT, 700023),
    "assertion-out-of-time": (BOT, 700024),
    "sign-in-loop": (BOT, 50196),
    "entra-throttled": (BOT, 90055),
    "entra-over-budget": (BOT, 90024),
    "entra-transient": (BOT, 90033),
}

# scenario -> AADSTS number, which an administrator meets who signs in with a device code
BY_DEVICE_CODE: dict[str, int] = {
    "device-code-expires": 70019,
    "device-code-unknown": 70018,
    "device-code-over": 70020,
    "device-code-declined": 70030,
}

USER, ROLES = "Integration user", "Roles of the integration user"
SALES, ORGANISATION, CURRENCY = "Dataverse", "Organisation", "Base currency"
BC, COMPANY, SERVICES = "Business Central sign-in", "Company", "Web services"
_USERS = "In the Power Platform admin center open the environment"
_ADMIT = "open the page Microsoft Entra applications"
_REPORT = "Report this with the reference shown"
_FULL = "Sales is refusing calls because"

_FOUND = {
    "national-cloud": Told(
        BOT,
        SignInFailed,
        "sends this tenant's sign-in to another cloud",
        "Set D365BOT_LOGIN_URL to the tenant's cloud, https://login.microsoftonline.us",
        reference=False,
    ),
    "federated-account": Told(
        INTEGRATION,
        SignInFailed,
        "The account is federated",
        "Use an account of the cloud only",
        reference=False,
    ),
    "tokens-expired": Told(
        SALES, Unauthorised, "The sign-in to Sales has expired", "set the clock"
    ),
    "bot-not-consented": Told(
        BC, None, "lacks the permission API.ReadWrite.All", "grant admin consent", reference=False
    ),
    "user-disabled": Told(USER, None, "It is disabled in Sales", "enable", reference=False),
    "user-unlicensed": Told(USER, None, "It has no licence", "Assign a", reference=False),
    "user-missing": Told(USER, None, "does not have the integration user", "add", reference=False),
    "user-is-administrator": Told(ROLES, None, "must not have", "take", reference=False),
    "role-missing": Told(ROLES, None, "It lacks the role", "give it the role", reference=False),
    "user-without-roles": Told(ROLES, None, "no security role", "give it", reference=False),
    "solution-missing": Told(
        ROLES, None, "does not have the roles", "Import the", reference=False, word="warning"
    ),
    "old-version": Told(SALES, None, "might not work", "Upgrade", reference=False, word="warning"),
    "currency-mismatch": Told(CURRENCY, None, "is not EUR", "cannot be changed", reference=False),
    "services-unpublished": Told(SERVICES, None, "does not publish", "publish:", reference=False),
    "service-unpublished": Told(
        SERVICES, None, "118 General Ledger Setup", "publish:", reference=False
    ),
    "company-missing": Told(
        COMPANY, None, "has no company", "Correct the company", reference=False
    ),
    "environment-missing": Told(
        BC, NotFound, "has no environment of that name", "Check the tenant, the environment"
    ),
    "bc-app-not-registered": Told(BC, Unauthorised, "does not accept", _ADMIT),
    "bc-app-not-enabled": Told(BC, Unauthorised, "does not accept", _ADMIT),
    "app-not-in-organisation": Told(
        SALES, NotInOrganisation, "is no user of this Sales organisation", "Application users"
    ),
    "bot-user-disabled": Told(
        SALES, CallerDisabled, "The signed-in user is disabled in Sales", "enable it"
    ),
    "bot-without-roles": Told(
        ORGANISATION, PrivilegeMissing, "lacks the privilege prvReadOrganization", _USERS
    ),
    "privilege-missing": Told(
        USER, PrivilegeMissing, "lacks the privilege prvReadUser", "with the privilege prvReadUser"
    ),
    "record-missing": Told(CURRENCY, NotFound, "no record with that id", "look in Sales whether"),
}

_OF_DATAVERSE = {
    "throttled": Told(SALES, Throttled, f"{_FULL} there were too many", "Try again in"),
    "throttled-by-time": Told(SALES, Throttled, f"{_FULL} the earlier ones", "an app of its own"),
    "throttled-at-once": Told(SALES, Throttled, f"{_FULL} too many ran at once", "Try again in"),
    "dataverse-down": Told(SALES, ServerDown, "is not working right now (503)", "service health"),
    "administration-mode": Told(
        "Administration mode", Forbidden, "Sales denies access", "administration mode"
    ),
    "record-not-shared": Told(USER, Forbidden, "may not use this record", "Share the record"),
    "caller-disabled": Told(SALES, CallerDisabled, "is disabled in Sales", "enable it"),
    "identity-refused": Told(SALES, Unauthorised, "do not agree", "Check the tenant"),
    "key-unknown": Told(CURRENCY, NotFound, "no record with that key", "look in Sales whether"),
    "table-missing": Told(USER, NotFound, "lacks a table or function", "Check that the Sales app"),
    "column-missing": Told(ORGANISATION, RequestRefused, "does not know a column", _REPORT),
    "address-unknown": Told(SALES, NotFound, "has nothing at this address", "Check the Sales URL"),
    "method-not-allowed": Told(SALES, RequestRefused, "does not do this", _REPORT),
    "request-too-large": Told(SALES, RequestRefused, "larger than Sales accepts", "smaller parts"),
    "read-plug-in-error": Told(USER, RequestRefused, "A plug-in in Sales refused", "Ask the"),
    "plug-in-error": Told(SALES, RequestRefused, "A plug-in in Sales refused", "Ask the"),
    "row-changed": Told(SALES, Changed, "Somebody else changed the record", "Read it again"),
    "duplicate-entity-key": Told(SALES, Changed, "already has such a record", "Look whether"),
    "duplicate-record": Told(SALES, Changed, "already has such a record", "Look whether"),
    "duplicate-detected": Told(SALES, Changed, "already has such a record", "Look whether"),
    "access-mode-refused": Told(
        SALES,
        Forbidden,
        "Only a System Administrator of Sales",
        "Sign in as a System Administrator",
    ),
    "role-not-inheritable": Told(SALES, RequestRefused, "A group team may only", "Set the role's"),
    "payload-refused": Told(
        SALES, RequestRefused, "does not understand what the bot sent", _REPORT
    ),
    "text-too-long": Told(SALES, RequestRefused, "longer than Sales can store", "Shorten it"),
    "solution-refused": Told(
        SALES, RequestRefused, "could not import the solution", "Read the import log"
    ),
}

_OF_BUSINESS_CENTRAL = {
    "bc-request-wrong": Told(CURRENCY, RequestRefused, "did not accept the request", _REPORT),
    "bc-address-wrong": Told(
        CURRENCY, RequestRefused, "does not understand the address", "Check the environment"
    ),
    "bc-query-wrong": Told(CURRENCY, RequestRefused, "does not understand the question", _REPORT),
    "bc-segment-unknown": Told(CURRENCY, NotFound, "does not publish this", "open Web Services"),
    "bc-parameter-missing": Told(CURRENCY, RequestRefused, "missed a part", _REPORT),
    "bc-method-not-allowed": Told(CURRENCY, RequestRefused, "does not allow this", "by hand"),
    "bc-filter-without-data": Told(CURRENCY, NotFound, "has no such record", "deleted it"),
    "bc-record-missing": Told(CURRENCY, NotFound, "has no such record", "deleted it"),
    "bc-company-unknown": Told(CURRENCY, NotFound, "no company of that name", "Check the tenant"),
    "bc-relation-invalid": Told(CURRENCY, RequestRefused, "names something", "Create what"),
    "bc-server-error": Told(CURRENCY, ServerDown, "had an error of its own", "Microsoft's support"),
    "bc-tenant-unavailable": Told(BC, ServerDown, "is not available", "admin center"),
    "bc-dialog": Told(
        CURRENCY,
        RequestRefused,
        "answered with an error",
        "Open the page",
        own="The setup is not complete",
    ),
    "bc-evaluation-failed": Told(CURRENCY, RequestRefused, "cannot read a value", "Correct"),
    "bc-guid-invalid": Told(CURRENCY, RequestRefused, "an id that is none", _REPORT),
    "bc-callback": Told(CURRENCY, RequestRefused, "would ask a question", "by hand"),
    "bc-filter-wrong": Told(CURRENCY, RequestRefused, "does not understand a filter", _REPORT),
    "bc-unknown-error": Told(CURRENCY, RequestRefused, "does not say what", "Microsoft's support"),
    "bc-credentials-rejected": Told(BC, Unauthorised, "does not accept", _ADMIT),
    "bc-permission-missing": Told(CURRENCY, Forbidden, "does not let the bot", "permission set"),
    "bc-read-only": Told(CURRENCY, RequestRefused, "changed by hand only", "by hand"),
    "bc-etag-wrong": Told(CURRENCY, RequestRefused, "does not know the state", "Read it again"),
    "bc-method-not-implemented": Told(CURRENCY, RequestRefused, "does not offer this", "by hand"),
    "bc-record-changed": Told(CURRENCY, Changed, "Somebody else changed", "Read it again"),
    "bc-record-exists": Told(CURRENCY, Changed, "already has such a record", "Read it again"),
    "bc-text-too-long": Told(CURRENCY, RequestRefused, "longer than Business Central", "Shorten"),
    "bc-value-refused": Told(CURRENCY, RequestRefused, "refuses a value", "Correct the value"),
    "bc-media-type-refused": Told(CURRENCY, RequestRefused, "does not take what", _REPORT),
    "bc-throttled": Told(BC, Throttled, "is refusing calls because", "Try again in 30 seconds"),
    "bc-queue-full": Told(
        BC, ServerDown, "had an error of its own", "Try again", own="waited too long"
    ),
    "bc-operation-too-long": Told(CURRENCY, TimedOut, "did not finish in time", "Try again"),
    "bc-gateway-timeout": Told(
        CURRENCY, ServerDown, "had an error of its own", "Try again", own="no answer in time"
    ),
    "bc-bad-gateway": Told(
        BC, ServerDown, "had an error of its own", "Try again", own="is being updated"
    ),
    "bc-page-too-large": Told(CURRENCY, RequestRefused, "larger than", "smaller parts"),
}

_TRUST = "D365BOT_CA_FILE"

# fault of the way -> class, sentence, remedy
_WAYS: dict[str, tuple[type[RemoteFault], str, str]] = {
    "tls-expired": (TlsFailed, "its certificate has expired", "has to renew the certificate"),
    "tls-wrong-host": (TlsFailed, "is made out to another host", "Check the address"),
    "tls-unknown-authority": (TlsFailed, "signed by nobody whom the bot trusts", _TRUST),
    "proxy-refuses": (ProxyRefused, "The proxy does not let calls", "to allow CONNECT to"),
    "proxy-wants-sign-in": (ProxyRefused, "The proxy wants a sign-in", "into HTTPS_PROXY"),
    "proxy-cannot-reach": (Unreachable, "The proxy could not reach", "Look for a typing error"),
    "proxy-gives-up": (TimedOut, "The proxy got no answer", "Try again in a minute"),
    "slow": (TimedOut, "did not answer in time", "Try again in a minute"),
    "cut": (Unreachable, "cut the connection", "Try again in a minute"),
    "cut-in-body": (Unreachable, "cut the connection", "Try again in a minute"),
    "html": (ServerDown, "is not working right now (502)", "service health"),
    "sign-in-page": (Unintelligible, "answered with", "Check"),
    "garbage": (Unintelligible, "answered with", "Check"),
    "too-large": (Unintelligible, "answered with more than 8 MB", "Report this"),
    "redirects-away": (HostNotAllowed, "elsewhere.example", "D365BOT_ALLOWED_HOSTS"),
    "redirects-round": (Unintelligible, "redirects without end", "Check the address"),
}
_NEW_CONNECTION_FAILS = ("tls-", "proxy-", "slow", "cut")


def _check(site: str, fault: str) -> str:
    """Both sides are knocked at first, where any answer will do."""
    knocked = fault.startswith(_NEW_CONNECTION_FAILS) and fault != "cut-in-body"
    if knocked and site != "entra":
        return {"bc": "Business Central DNS and TLS", "sales": "DNS and TLS"}[site]
    return {"entra": BOT, "bc": BC, "sales": SALES}[site]


TOLD: dict[str, Told] = {
    **_FOUND,
    **_OF_DATAVERSE,
    **_OF_BUSINESS_CENTRAL,
    **{
        f"{site}-{fault}": Told(_check(site, fault), *row, reference=False)
        for site in ("entra", "sales", "bc")
        for fault, row in _WAYS.items()
    },
}

_KEY = "does not accept the user name with its web service access key"
ON_PREMISES: dict[str, Told] = {
    "on-premises-key-changed": Told(BC, Unauthorised, _KEY, "/d365 secret"),
    "on-premises-user-disabled": Told(BC, Unauthorised, _KEY, "must be Enabled"),
}
