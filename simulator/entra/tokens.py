"""Access tokens: signed by the world's one Entra key, checked by the sites that receive them.

Claims follow entra/access-token-claims-reference.md (version 1.0 tokens, as Dataverse gets them).
"""

import base64
import time
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

ISSUER = "https://sts.windows.net/{}/"


class TokenRefusedError(Exception):
    """A token that is not good here, and why."""


class ExpiredTokenError(TokenRefusedError):
    """A token that was good once."""


@dataclass(frozen=True)
class Caller:
    """Whose token it is: an app alone, or an account through an app."""

    app_id: str
    object_id: str
    upn: str | None
    tenant_id: str
    roles: frozenset[str]


class Signer:
    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.key_id = _base64(str(self._key.public_key().public_numbers().n % 10**18).encode())

    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self.key_id})

    def jwks(self) -> dict[str, Any]:
        numbers = self._key.public_key().public_numbers()
        key = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.key_id}
        return {"keys": [key | {"n": _number(numbers.n), "e": _number(numbers.e)}]}

    def caller(self, authorization: str | None, audiences: list[str], tenant_id: str) -> Caller:
        """Who calls, if the bearer token's signature, expiry, audience and tenant are right."""
        kind, _, token = (authorization or "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise TokenRefusedError("there is no bearer token")
        try:
            claims = jwt.decode(
                token.strip(),
                self._key.public_key(),
                algorithms=["RS256"],
                audience=audiences,
                issuer=ISSUER.format(tenant_id),
                options={"require": ["exp", "iat", "aud", "iss", "tid", "appid"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise ExpiredTokenError(str(error)) from error
        except jwt.InvalidTokenError as error:
            raise TokenRefusedError(str(error)) from error
        return Caller(
            claims["appid"],
            claims["oid"],
            claims.get("upn"),
            claims["tid"],
            frozenset(claims.get("roles", ())),
        )


def times(lifetime: int) -> dict[str, int]:
    now = int(time.time())
    return {"iat": now, "nbf": now, "exp": now + lifetime}


def _number(value: int) -> str:
    return _base64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
