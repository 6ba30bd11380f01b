"""An assertion that another issuer signed for the app: workload identity federation.

entra/workload-identity-federation.md: issuer, subject and audience are compared with case, and
the signature is RS256. In Entra the key is the issuer's; here it stands in the app's record.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import jwt

from simulator.entra.errors import EntraError

SKEW = 300
UNCHECKED = {f"verify_{name}": False for name in ("aud", "exp", "iat", "nbf", "sub", "jti", "iss")}


def claimed(assertion: str) -> dict[str, Any] | None:
    """What the assertion says, whoever signed it; nothing if it is no JWT."""
    try:
        claims: dict[str, Any] = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return None
    return claims


def check_federated(app: dict[str, Any], assertion: str, claims: dict[str, Any]) -> None:
    """Raises unless one of the app's federated credentials is for this assertion."""
    record = _record(list(app.get("federated", {}).values()), claims)
    try:
        jwt.decode(assertion, record.get("pem", ""), algorithms=["RS256"], options=UNCHECKED)  # type: ignore[arg-type]
    except (jwt.PyJWTError, ValueError) as error:
        raise EntraError(50013) from error
    check_time(claims)


def check_time(claims: dict[str, Any]) -> None:
    now = datetime.now(UTC).timestamp()
    expires, begins = claims.get("exp"), claims.get("nbf", now)
    if not isinstance(expires, int | float) or expires + SKEW < now:
        raise EntraError(700024)
    if not isinstance(begins, int | float) or begins > now + SKEW:
        raise EntraError(700024)


def _record(records: list[dict[str, Any]], claims: dict[str, Any]) -> dict[str, Any]:
    """The record that fits; the first claim that fits none is the one that is refused."""
    audiences = claims.get("aud")
    given = audiences if isinstance(audiences, list) else [audiences]
    fits: list[tuple[int, Any, Callable[[dict[str, Any]], bool]]] = [
        (700211, claims.get("iss"), lambda row: row.get("issuer") == claims.get("iss")),
        (700212, audiences, lambda row: row.get("audience") in given),
        (700213, claims.get("sub"), lambda row: row.get("subject") == claims.get("sub")),
    ]
    for number, name, fit in fits:
        records = [row for row in records if fit(row)]
        if not records:
            raise EntraError(number, name=str(name))
    return records[0]
