"""The tokens of the app: where each counts, with which scopes, and until when.

Rules: docs.slack.dev/authentication/installing-with-oauth and using-token-rotation. That a rotated
token is good until it expires is inferred.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from simulator.slack.refusals import Refusal

LIFE_SECONDS = 12 * 3600


@dataclass(eq=False)
class Grant:
    """`places` are keys of workspaces: one, or all of an organisation.

    `expires` is a time of the clock, None for never.
    """

    token: str
    places: tuple[str, ...]
    scopes: frozenset[str]
    enterprise: bool = False
    expires: float | None = None
    refresh_token: str = ""

    @property
    def provided(self) -> str:
        return ",".join(sorted(self.scopes))


class Grants:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._by_token: dict[str, Grant] = {}
        self._by_refresh_token: dict[str, Grant] = {}
        self._revoked: set[str] = set()

    def add(self, grant: Grant) -> None:
        self._by_token[grant.token] = grant
        if grant.refresh_token:
            self._by_refresh_token[grant.refresh_token] = grant

    def at(self, token: str) -> Grant:
        """The grant of a token; refuses an unknown, a revoked or an expired one."""
        if token in self._revoked:
            raise Refusal("token_revoked")
        grant = self._by_token.get(token)
        if grant is None:
            raise Refusal("invalid_auth")
        if grant.expires is not None and self._clock() >= grant.expires:
            raise Refusal("token_expired")
        return grant

    def of(self, place: str) -> Grant | None:
        """The newest grant of a workspace."""
        found = [grant for grant in self._by_token.values() if place in grant.places]
        return found[-1] if found else None

    def _newest(self, places: tuple[str, ...]) -> Grant | None:
        found = [grant for grant in self._by_token.values() if grant.places == places]
        return found[-1] if found else None

    def issue(
        self, places: tuple[str, ...], scopes: Iterable[str], *, enterprise: bool, rotates: bool
    ) -> Grant:
        """Installed again, an app keeps what it was granted, and without rotation its token."""
        known = self._newest(places)
        granted = frozenset(scopes) | (known.scopes if known else frozenset())
        if known is not None and not rotates and known.expires is None:
            known.scopes = granted
            return known
        grant = self._fresh(places, granted, enterprise=enterprise, rotates=rotates)
        self.add(grant)
        return grant

    def _fresh(
        self, places: tuple[str, ...], scopes: frozenset[str], *, enterprise: bool, rotates: bool
    ) -> Grant:
        tail = f"{secrets.randbelow(10**12)}-{secrets.token_hex(12)}"
        if not rotates:
            return Grant(f"xoxb-{tail}", places, scopes, enterprise)
        return Grant(
            f"xoxe.xoxb-1-{tail}",
            places,
            scopes,
            enterprise,
            self._clock() + LIFE_SECONDS,
            f"xoxe-1-{secrets.token_hex(24)}",
        )

    def rotate(self, refresh_token: str) -> Grant:
        """A new pair for a refresh token, which is good once."""
        old = self._by_refresh_token.pop(refresh_token, None)
        if old is None:
            raise Refusal("invalid_refresh_token")
        grant = self._fresh(old.places, old.scopes, enterprise=old.enterprise, rotates=True)
        self.add(grant)
        return grant

    def revoke(self, place: str) -> list[Grant]:
        """Every token that counts in this workspace, and its refresh tokens."""
        gone = [grant for grant in self._by_token.values() if place in grant.places]
        for grant in gone:
            del self._by_token[grant.token]
            self._by_refresh_token.pop(grant.refresh_token, None)
            self._revoked.add(grant.token)
        return gone
