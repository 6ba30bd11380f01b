"""Device codes: given out, approved or declined by a hook, spent by a poll.

entra/v2-oauth2-device-code.md.
"""

import secrets
import string
import time
from dataclasses import dataclass
from typing import Any

from simulator.entra.clouds import cloud_of
from simulator.entra.errors import EntraError

LIFETIME = 900
INTERVAL = 5


@dataclass
class Flow:
    tenant_id: str
    client_id: str
    scope: str
    user_code: str
    expires: float
    state: str = "pending"
    account: str = ""

    def refuse_undecided(self) -> None:
        """Raises unless the person approved in time."""
        if self.expires <= time.time():
            raise EntraError(70019)
        if self.state == "pending":
            raise EntraError(70016)
        if self.state == "declined":
            raise EntraError(70030)


class DeviceCodes:
    def __init__(self) -> None:
        self._flows: dict[str, Flow] = {}

    def start(self, tenant: dict[str, Any], client_id: str, scope: str) -> dict[str, Any]:
        lifetime = tenant.get("device_lifetime", LIFETIME)
        code = secrets.token_urlsafe(48)
        letters = string.ascii_uppercase + string.digits
        user_code = "".join(secrets.choice(letters) for _ in range(9))
        expires = time.time() + lifetime
        self._flows[code] = Flow(tenant["id"], client_id, scope, user_code, expires)
        page = cloud_of(tenant).device_page
        return {
            "user_code": user_code,
            "device_code": code,
            "verification_uri": page,
            "expires_in": lifetime,
            "interval": tenant.get("device_interval", INTERVAL),
            "message": f"To sign in, open {page} and enter the code {user_code}.",
        }

    def decide(self, user_code: str, account: str, *, approve: bool) -> bool:
        """The person's answer; false for a code that nobody was given or that is done."""
        for flow in self._flows.values():
            if flow.user_code == user_code and flow.state == "pending":
                flow.state, flow.account = ("approved" if approve else "declined"), account
                return True
        return False

    def given(self, code: str, client_id: str) -> Flow:
        """The flow of a code that this app was given, whatever became of it."""
        flow = self._flows.get(code)
        if flow is None or flow.client_id.lower() != client_id.lower():
            raise EntraError(70018)
        return flow

    def spend(self, code: str) -> None:
        del self._flows[code]
