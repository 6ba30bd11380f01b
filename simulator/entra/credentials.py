"""How an app proves who it is: by a secret, or by an assertion that it or another signed."""

import base64
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes

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

    An assertion that says to be from another than the app itself is a federated one. The same one
    may be sent again while it holds: Microsoft's libraries keep it for some minutes.
    """
    client_id = app["client_id"]
    said = claimed(assertion)
    if said is None:
        raise EntraError(50027, name="It is malformed.")
    if said.get("iss") != client_id:
        check_federated(app, assertion, said)
        return
    claims = _signed_claims(app, assertion)
    if claims.get("sub") != client_id:
        raise EntraError(700021)
    if claims.get("aud") not in endpoints:
        raise EntraError(700023)
    check_time(claims)


def _registered(app: dict[str, Any], assertion: str) -> Iterator[x509.Certificate]:
    """The valid certificates that the assertion's header names by thumbprint.

    `x5t#S256`, or `x5t` as older libraries write it, with padding too; `kid` in hexadecimal.
    """
    header = jwt.get_unverified_header(assertion)
    names = {kind: str(header[kind]).rstrip("=") for kind in THUMBPRINTS if kind in header}
    if not names:
        raise EntraError(50027, name="No certificate thumbprint is specified in the header.")
    now = datetime.now(UTC)
    for record in app["certificates"].values():
        certificate = x509.load_pem_x509_certificate(record["pem"].encode())
        is_meant = any(THUMBPRINTS[kind](certificate) == said for kind, said in names.items())
        if is_meant and certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
            yield certificate


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


THUMBPRINTS: dict[str, Callable[[x509.Certificate], str]] = {
    "x5t#S256": lambda certificate: _base64(certificate.fingerprint(hashes.SHA256())),
    "x5t": lambda certificate: _base64(certificate.fingerprint(hashes.SHA1())),  # noqa: S303
    "kid": lambda certificate: certificate.fingerprint(hashes.SHA1()).hex().upper(),  # noqa: S303
}
"""Header of an assertion -> how a certificate is written there."""


def _signed_claims(app: dict[str, Any], assertion: str) -> dict[str, Any]:
    options = {"verify_aud": False, "verify_exp": False, "verify_iat": False, "verify_nbf": False}
    for certificate in _registered(app, assertion):
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
