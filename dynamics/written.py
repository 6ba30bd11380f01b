"""What a call writes: a body of JSON, and what it holds of secrets; neither shows in a repr."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from connection.changes.remote import HeldSecret
from dynamics.tokens import OpenSecret


@dataclass(frozen=True, slots=True)
class Written:
    """`secrets` are masked wherever the service sends them back."""

    content: bytes = field(default=b"", repr=False)
    secrets: frozenset[str] = field(default=frozenset(), repr=False)


NOTHING = Written()


def written(values: Mapping[str, object]) -> Written:
    """Of values that are no secrets."""
    return Written(json.dumps(dict(values)).encode())


async def with_secret(
    values: Mapping[str, object], name: str, held: HeldSecret, open_secret: OpenSecret
) -> Written:
    """The values, and the opened secret as `name`. Raises `SecretMissing`, `SealBroken`.

    The secret is opened last, so that nothing else can fail while it is in sight.
    """
    plain = json.loads(json.dumps(dict(values)))
    secret = await open_secret(held.ref, held.origin)
    return Written(json.dumps({**plain, name: secret}).encode(), frozenset((secret,)))
