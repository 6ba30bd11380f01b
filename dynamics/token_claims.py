"""Which app permissions a token of Entra ID names (access-token-claims-reference: `roles`).

Read to explain a refusal, and never to decide: only the service itself may trust a token.
"""

import base64
import binascii

from dynamics.bodies import value_of


def app_permissions(token: str) -> frozenset[str] | None:
    """None where the token is no JWT that can be read. A token without any names none."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        padded = parts[1] + "=" * (-len(parts[1]) % 4)
        claims = value_of(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        return None
    if not isinstance(claims, dict):
        return None
    roles = claims.get("roles", [])
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        return None
    return frozenset(roles)
