"""What the version of a Business Central, and where it runs, decide."""

import re
from dataclasses import dataclass

from simulator.bc.errors import BusinessCentralError

_NUMBERS = re.compile(r"\d+(?:\.\d+)*")
# From this version on (version 15: base application's tests; 10.0: platform 21) -> proxy version.
_PROXIES = (((21,), 100), ((15, 0, 45467), 91))


@dataclass(frozen=True)
class Profile:
    version: tuple[int, ...]
    online: bool

    @property
    def major(self) -> int:
        return self.version[0]

    @property
    def latest_proxy(self) -> int:
        """The last of the SDK versions that the page offers."""
        if (16,) <= self.version < (16, 0, 11346):
            return 9
        return next((proxy for first, proxy in _PROXIES if self.version >= first), 9)

    @property
    def has_dataverse_page(self) -> bool:
        """From version 16 on page 7200 comes before page 5330."""
        return self.major >= 16


def profile_of(version: str, *, online: bool) -> Profile:
    if _NUMBERS.fullmatch(version) is None:
        raise BusinessCentralError(500, "Internal_ServerError", "The version cannot be read.")
    return Profile(tuple(int(part) for part in version.split(".")), online)
