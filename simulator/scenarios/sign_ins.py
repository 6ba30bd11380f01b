"""Sign-ins that Entra ID refuses, by AADSTS number.

Numbers: entra/reference-error-codes.md. Where the world has the fact itself it is changed; the
others stand as `refuse` in the record of the app or account that is refused.
"""

from simulator.healthy.people import INTEGRATION, PEOPLE, address
from simulator.scenarios.scenario import Patch, Scenario, sales

LONG_AGO = "2026-01-31T00:00:00+00:00"
_MOVED = {"id": "00000000-0000-4000-8000-00000000dead", "domain": "moved-example.onmicrosoft.com"}
_CLAIMS = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
ELSEWHERE = {
    "id": "00000000-0000-4000-8000-0000000e15e0",
    "domain": "elsewhere-example.onmicrosoft.com",
    "name": "Elsewhere Example",
}


def _secrets(main: Patch | None) -> Patch:
    return {"apps": {name: {"secrets": {"main": main}} for name in ("bot", "integration")}}


def _account(change: Patch | None) -> Patch:
    return {"accounts": {INTEGRATION: change}}


def _everybody(number: int) -> Patch:
    """Every account, by password and by device code."""
    upns = (INTEGRATION, *(address(person) for person in PEOPLE))
    return {"accounts": {upn: {"refuse": number} for upn in upns}}


def _bot(number: int) -> Patch:
    return {"apps": {"bot": {"refuse": number}}}


def _admin(number: int) -> Patch:
    """The app that people sign in through."""
    return {"apps": {"admin": {"refuse": number}}}


SIGN_IN_SCENARIOS: tuple[Scenario, ...] = (
    Scenario("wrong-secret", "The apps' client secrets are no longer valid.", _secrets(None)),
    Scenario(
        "secret-expired",
        "The apps' client secrets are past their end.",
        _secrets({"expires": LONG_AGO}),
    ),
    Scenario(
        "certificate-not-registered",
        "The bot's assertion is not signed with a certificate that its app has (700027).",
        _bot(700027),
    ),
    Scenario("app-missing", "Entra ID does not know the bot's app.", {"apps": {"bot": None}}),
    Scenario(
        "app-is-public",
        "The bot's app is a public client, which must send no secret.",
        {"apps": {"bot": {"public_client": True}}},
    ),
    Scenario("app-of-one-tenant", "The bot's app is not for many tenants (50194).", _bot(50194)),
    Scenario(
        "tenant-unknown", "Entra ID does not know the tenant.", {"tenants": {"adventure": _MOVED}}
    ),
    Scenario("tenant-not-named", "The sign-in names no tenant (50059).", _bot(50059)),
    Scenario(
        "tenant-for-many", "The sign-in goes to no tenant of its own (9001023).", _bot(9001023)
    ),
    Scenario(
        "national-cloud",
        "The tenant lives in the cloud of the US government.",
        {"tenants": {"adventure": {"cloud": "us"}}},
    ),
    Scenario("national-cloud-refused", "Another cloud's login is asked (90038).", _bot(90038)),
    Scenario(
        "resource-of-another-tenant",
        "The Sales organisation belongs to another tenant, so this one does not know it (500011).",
        {"tenants": {"elsewhere": ELSEWHERE}} | sales({"tenant": "elsewhere"}),
    ),
    Scenario("scope-invalid", "Entra ID does not know the permission (70011).", _bot(70011)),
    Scenario("parameter-missing", "The sign-in lacks a parameter (900144).", _bot(900144)),
    Scenario(
        "resource-not-listed",
        "The app that people sign in through does not list the resource (650057).",
        _admin(650057),
    ),
    Scenario(
        "admin-not-consented",
        "Nobody consented to the app that people sign in through.",
        {"apps": {"admin": {"consents": {"dataverse": None}}}},
    ),
    Scenario(
        "public-flows-off",
        "The app that people sign in through allows no public client flows.",
        {"apps": {"admin": {"public_client": False}}},
    ),
    Scenario("account-missing", "Entra ID does not know the integration account.", _account(None)),
    Scenario(
        "account-disabled",
        "The integration account is disabled in Entra ID.",
        _account({"enabled": False}),
    ),
    Scenario(
        "account-locked",
        "The integration account is locked in Entra ID.",
        _account({"locked": True}),
    ),
    Scenario(
        "account-not-assigned",
        "The integration account is not assigned to the app.",
        _account({"assigned": False}),
    ),
    Scenario(
        "wrong-password",
        "The integration account has another password.",
        _account({"password": "changed in Entra ID since"}),
    ),
    Scenario(
        "password-expired",
        "The integration account's password is expired.",
        _account({"password_expired": True}),
    ),
    Scenario(
        "mfa-required",
        "The integration account needs multi-factor authentication.",
        _account({"mfa_required": True}),
    ),
    Scenario(
        "interaction-required",
        "The integration account needs what only a person can give; Entra ID tells the claims.",
        _account({"mfa_required": True, "claims": _CLAIMS}),
    ),
    Scenario("assertion-damaged", "Entra ID cannot read the bot's assertion (50027).", _bot(50027)),
    Scenario(
        "mfa-not-registered",
        "The integration account must first register for multi-factor authentication.",
        _account({"must_register_mfa": True}),
    ),
    Scenario(
        "federated-account",
        "The integration account signs in at another identity provider.",
        _account({"federated": True}),
    ),
    Scenario(
        "credentials-not-checked",
        "Entra ID cannot check the bot's credentials (70002).",
        _bot(70002),
    ),
    Scenario("device-not-compliant", "The device breaks the rules (53000).", _everybody(53000)),
    Scenario(
        "conditional-access", "Conditional access blocks all accounts (53003).", _everybody(53003)
    ),
    Scenario(
        "tenant-policy", "A policy of the tenant blocks all accounts (530032).", _everybody(530032)
    ),
    Scenario(
        "security-defaults", "Security defaults block all accounts (530035).", _everybody(530035)
    ),
    Scenario(
        "conditional-access-for-apps",
        "Conditional access for workload identities blocks the bot's app (53003).",
        _bot(53003),
    ),
    Scenario(
        "device-code-expires",
        "Device codes end after two seconds.",
        {"tenants": {"adventure": {"device_lifetime": 2, "device_interval": 1}}},
    ),
    Scenario(
        "device-code-unknown", "Entra ID does not know the device code (70018).", _admin(70018)
    ),
    Scenario("device-code-over", "The device code is past its end (70020).", _admin(70020)),
    Scenario("device-code-declined", "The person declines to sign in (70030).", _admin(70030)),
    Scenario(
        "assertion-not-signed", "The federated assertion's signature is wrong (50013).", _bot(50013)
    ),
    Scenario("issuer-not-trusted", "The app trusts another issuer (700211).", _bot(700211)),
    Scenario("audience-not-trusted", "The app trusts another audience (700212).", _bot(700212)),
    Scenario("subject-not-trusted", "The app trusts another subject (700213).", _bot(700213)),
    Scenario("assertion-issuer-wrong", "The assertion is another app's (700021).", _bot(700021)),
    Scenario(
        "assertion-audience-wrong", "The assertion is not for this endpoint (700023).", _bot(700023)
    ),
    Scenario(
        "assertion-out-of-time", "The assertion is not within its time (700024).", _bot(700024)
    ),
    Scenario("sign-in-loop", "Entra ID saw the same sign-in too often (50196).", _bot(50196)),
    Scenario(
        "entra-throttled",
        "Entra ID answers 429 and asks to wait (90055).",
        {"apps": {"bot": {"refuse": 90055, "retry_after": 30}}},
    ),
    Scenario("entra-over-budget", "Entra ID answers 503 (90024).", _bot(90024)),
    Scenario("entra-transient", "Entra ID has a passing problem (90033).", _bot(90033)),
    Scenario(
        "tokens-expired",
        "Entra ID issues tokens that are past their end already.",
        {"tenants": {"adventure": {"token_lifetime": -10}}},
    ),
    Scenario(
        "bot-not-consented",
        "Nobody consented to the bot's app permissions in Business Central.",
        {"apps": {"bot": {"consents": {"business_central": None}}}},
    ),
)
