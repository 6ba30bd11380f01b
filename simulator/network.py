"""The way to the hosts: which certificate each one shows, and what the proxy says instead.

Statuses of a proxy: RFC 9110, 9.3.6 and 15.5.8.
"""

from http import HTTPStatus

from simulator.network_facts import OK
from simulator.world import World


def certificate_of(world: World, host: str) -> str:
    """One of `CERTIFICATES` in `network_facts.py`."""
    return str(world.facts["network"]["tls"].get(_plain(host), OK))


def refusal_of(world: World, host: str) -> HTTPStatus | None:
    """What the proxy answers instead of a tunnel; nothing where it opens one."""
    status = world.facts["network"]["proxy"].get(_plain(host))
    return None if status is None else HTTPStatus(status)


def state_of(world: World, host: str) -> tuple[str, HTTPStatus | None]:
    """All that is true of the way to a host; a tunnel stands only while it stays so."""
    return certificate_of(world, host), refusal_of(world, host)


def _plain(host: str) -> str:
    return host.lower().rstrip(".")
