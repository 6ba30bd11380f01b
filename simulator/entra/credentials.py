"""How an app proves who it is: by a secret, or by an assertion that it or another signed."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import jwt
from cryptography import x509

from simulator.entra.errors import EntraError
from simulator.entra.federation import check_federated, check_time, claimed

Form = Mapping[str, str]
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def prove(app: dict[str, Any], form: Form, endpoints: list[str]) -> None:
    """Raises unless the form carries a good credential of this confidential app."""
    if app["public_client"]:
        raise EntraError(700025)
    if "client_assertion" in form:
        if form.get("client_assertion_type") != JWT_BEARER:
            raise EntraError(900144, name="client_assertion_type")
        _check_assertion(app, form["client_assertion"], endpoints)
    elif form.get("client_secret"):
        _check_secret(app, form["client_secret"])
    else:
        raise EntraError(7000218)


def prove_if_confidential(app: dict[str, Any], form: Form, endpoints: list[str]) -> None:
    """For the grants that a public client may use too."""
    if not app["public_client"] or "client_secret" in form or "client_assertion" in form:
        prove(app, form, endpoints)


def _check_secret(app: dict[str, Any], secret: str) -> None:
    for known in app["secrets"].values():
        if known["value"] == secret:
            if datetime.fromisoformat(known["expires"]) <= datetime.now(UTC):
                raise EntraError(7000222, name=app["client_id"])
            return
    raise EntraError(7000215, name=app["client_id"])


def _check_assertion(app: dict[str, Any], assertion: str, endpoints: list[str]) -> None:
    """Signature, issuer, audience and time (entra/certificate-credentials.md).

    An assertion that says to be from another than the app itself is a federated one.
    """
    client_id = app["client_id"]
    said = claimed(assertion)
    if said is not None and said.get("iss") != client_id:
        check_federated(app, assertion, said)
        return
    claims = _signed_claims(app, assertion)
    if claims.get("sub") != client_id:
        raise EntraError(700021)
    if claims.get("aud") not in endpoints:
        raise EntraError(700023)
    check_time(claims)


def _signed_claims(app: dict[str, Any], assertion: str) -> dict[str, Any]:
    options = {"verify_aud": False, "verify_exp": False, "verify_iat": False, "verify_nbf": False}
    now = datetime.now(UTC)
    for registered in app["certificates"].values():
        certificate = x509.load_pem_x509_certificate(registered["pem"].encode())
        if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
            continue
        try:
            claims: dict[str, Any] = jwt.decode(
                assertion,
                certificate.public_key(),  # type: ignore[arg-type]
                algorithms=["PS256", "RS256"],
                options=options,  # type: ignore[arg-type]
            )
        except jwt.InvalidTokenError:
            continue
        return claims
    raise EntraError(700027)
