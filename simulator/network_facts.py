"""Which facts about the network can be: a patch of the world that says another is refused."""

from collections.abc import Iterator
from typing import Any

OK = "ok"
CERTIFICATES = (OK, "expired", "ends-soon", "wrong-host", "unknown-authority")
REFUSALS = (403, 407, 502, 504)


def faults_in(facts: dict[str, Any]) -> Iterator[str]:
    """One sentence for each fact about the network that cannot be."""
    network = facts.get("network")
    known: dict[str, tuple[Any, ...]] = {"tls": CERTIFICATES, "proxy": REFUSALS}
    if not isinstance(network, dict) or set(network) != set(known):
        yield "network is an object with tls and proxy"
        return
    for part, values in known.items():
        hosts = network[part]
        if not isinstance(hosts, dict):
            yield f"network.{part} cannot be {hosts!r}; it is an object"
            continue
        for host, value in hosts.items():
            if type(value) not in (str, int) or value not in values:
                listed = ", ".join(str(each) for each in values)
                yield f"network.{part}.{host} cannot be {value!r}; it is one of {listed}"
