"""Entra's refusals: one row each, in the shape of its error body.

Numbers: entra/reference-error-codes.md; 700211 to 700213 from reports to Azure/login and
azure-workload-identity. HTTP status and `error` of 7000215, 500011, 700038 and 70003 are from
captures of a real tenant; the other words are inferred.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.responses import JSONResponse


@dataclass(frozen=True)
class Refusal:
    number: int
    status: int
    error: str
    text: str
    suberror: str | None = None
    has_uri: bool = False


_GRANT = "invalid_grant"
_CLIENT = "invalid_client"
_REQUEST = "invalid_request"
_BUSY = "temporarily_unavailable"
BUSY = (429, 503)
_NO_RECORD = "No matching federated identity record found for presented assertion"
REFUSALS: dict[int, Refusal] = {
    row.number: row
    for row in (
        Refusal(50013, 401, _CLIENT, "Assertion failed signature validation."),
        Refusal(50027, 401, _CLIENT, "Invalid JWT token. {name}"),
        Refusal(
            50034, 400, _GRANT, "The user account {name} does not exist in the {tenant} directory."
        ),
        Refusal(50049, 400, "invalid_instance", "Unknown or invalid instance: {name}."),
        Refusal(50053, 400, _GRANT, "The account is locked, because of too many tries to sign in."),
        Refusal(50055, 400, _GRANT, "The password is expired."),
        Refusal(50057, 400, _GRANT, "The user account is disabled."),
        Refusal(50059, 400, _REQUEST, "No tenant-identifying information was found."),
        Refusal(
            50076, 400, _GRANT, "Multi-factor authentication is needed.", suberror="basic_action"
        ),
        Refusal(
            50079,
            400,
            _GRANT,
            "The user must enrol in multi-factor authentication.",
            suberror="basic_action",
        ),
        Refusal(50105, 400, _GRANT, "The user {name} is not assigned to a role of the app."),
        Refusal(50126, 400, _GRANT, "Error validating credentials: invalid username or password."),
        Refusal(50194, 400, _REQUEST, "App '{name}' is not multi-tenant; /common is not for it."),
        Refusal(50196, 400, _GRANT, "The operation was ended, because the client loops."),
        Refusal(53000, 400, _GRANT, "The device is not in the state that the policy requires."),
        Refusal(53003, 400, _GRANT, "Conditional Access policies do not allow the token."),
        Refusal(65001, 400, _GRANT, "No consent to use {name}.", suberror="consent_required"),
        Refusal(70000, 400, _GRANT, "The provided grant is invalid."),
        Refusal(70002, 400, _GRANT, "The user is federated; the password cannot be checked here."),
        Refusal(70003, 400, "unsupported_grant_type", "The grant type '{name}' is not supported."),
        Refusal(
            70011, 400, "invalid_scope", "The provided value for 'scope' is not valid: {name}."
        ),
        Refusal(70016, 400, "authorization_pending", "The device code was not approved yet."),
        Refusal(70018, 400, "bad_verification_code", "The device code is not known."),
        Refusal(70019, 400, "expired_token", "The device code is expired."),
        Refusal(70020, 400, "expired_token", "The code is past its end."),
        Refusal(70030, 400, "authorization_declined", "The person declined to sign in."),
        Refusal(90002, 400, _REQUEST, "Tenant '{name}' not found."),
        Refusal(90024, 503, _BUSY, "The budget of the request is exceeded. Try again."),
        Refusal(90033, 503, _BUSY, "A transient error has occurred. Try again."),
        Refusal(90038, 400, _REQUEST, "The tenant belongs to another national cloud."),
        Refusal(90055, 429, _BUSY, "There are too many requests from this tenant."),
        Refusal(
            500011, 400, "invalid_resource", "The resource {name} was not found.", has_uri=True
        ),
        Refusal(530032, 400, _GRANT, "The tenant's security policy blocks the sign-in."),
        Refusal(530035, 400, _GRANT, "Access is blocked by the security defaults."),
        Refusal(650057, 400, "invalid_resource", "The app does not list the resource {name}."),
        Refusal(
            700016, 400, "unauthorized_client", "Application '{name}' was not found in {tenant}."
        ),
        Refusal(700021, 401, _CLIENT, "The assertion's issuer is not the client_id."),
        Refusal(700023, 401, _CLIENT, "The assertion's audience is not this token endpoint."),
        Refusal(700024, 401, _CLIENT, "The assertion is not within its valid time range."),
        Refusal(700025, 401, _CLIENT, "The client is public, so it must not send a credential."),
        Refusal(
            700027, 401, _CLIENT, "The assertion's signature is not of a registered certificate."
        ),
        Refusal(
            700038, 400, "unauthorized_client", "{name} is not a valid application identifier."
        ),
        Refusal(700211, 401, _CLIENT, f"{_NO_RECORD} issuer '{{name}}'."),
        Refusal(700212, 401, _CLIENT, f"{_NO_RECORD} audience '{{name}}'."),
        Refusal(700213, 401, _CLIENT, f"{_NO_RECORD} subject '{{name}}'."),
        Refusal(900144, 400, _REQUEST, "The body must contain the parameter: '{name}'."),
        Refusal(7000215, 401, _CLIENT, "Invalid client secret for app '{name}'.", has_uri=True),
        Refusal(
            7000218, 401, _CLIENT, "The body must contain 'client_assertion' or 'client_secret'."
        ),
        Refusal(7000222, 401, _CLIENT, "The client secret keys for app '{name}' are expired."),
        Refusal(9001023, 400, _REQUEST, "The grant type is not supported over /{name}."),
    )
}


class EntraError(Exception):
    """A refusal, by its AADSTS number.

    `claims`: what the token must show, for a client that can ask a person for it
    (entra/v2-conditional-access-dev-guide.md). `retry_after` in seconds, for 429 and 503.
    """

    def __init__(
        self,
        number: int,
        *,
        name: str = "",
        tenant: str = "",
        claims: str = "",
        retry_after: int | None = None,
    ) -> None:
        self.claims, self.retry_after = claims, retry_after
        self.refusal = REFUSALS[number]
        self.text = self.refusal.text.format(name=name, tenant=tenant)
        super().__init__(self.text)


def error_response(error: EntraError, correlation_id: str | None, host: str) -> JSONResponse:
    """`host` is the login's that was asked."""
    refusal = error.refusal
    trace, correlation = str(uuid.uuid4()), correlation_id or str(uuid.uuid4())
    at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    body: dict[str, object] = {
        "error": refusal.error,
        "error_description": f"AADSTS{refusal.number}: {error.text} Trace ID: {trace} "
        f"Correlation ID: {correlation} Timestamp: {at}",
        "error_codes": [refusal.number],
        "timestamp": at,
        "trace_id": trace,
        "correlation_id": correlation,
    }
    if refusal.has_uri:
        body["error_uri"] = f"https://{host}/error?code={refusal.number}"
    if refusal.suberror:
        body["suberror"] = refusal.suberror
    if error.claims:
        body |= {"error": "interaction_required", "claims": error.claims}
    return JSONResponse(body, refusal.status, _headers(error, trace))


def _headers(error: EntraError, trace: str) -> Mapping[str, str]:
    headers = {
        "Cache-Control": "no-store, no-cache",
        "Pragma": "no-cache",
        "x-ms-request-id": trace,
    }
    if error.retry_after is not None and error.refusal.status in BUSY:
        headers["Retry-After"] = str(error.retry_after)
    return headers
