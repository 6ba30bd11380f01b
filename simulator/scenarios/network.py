"""What goes wrong on the way to each of Microsoft's services: one row a site and a fault."""

from simulator.healthy.sales import API_HOST, HOST
from simulator.hosts import BUSINESS_CENTRAL, LOGIN
from simulator.scenarios.scenario import Patch, Rule, Scenario

# name of the site in scenarios, in rules, its hosts, and its name for people
_SITES = (
    ("entra", "entra", (LOGIN,), "Entra ID"),
    ("sales", "dataverse", (HOST, API_HOST), "Sales"),
    ("bc", "bc", (BUSINESS_CENTRAL,), "Business Central"),
)

# name, part of the fact `network`, its value for the host, what it says
_WAYS: tuple[tuple[str, str, str | int, str], ...] = (
    ("tls-expired", "tls", "expired", "{}'s certificate is past its end."),
    ("tls-wrong-host", "tls", "wrong-host", "{}'s certificate is made out to another host."),
    (
        "tls-unknown-authority",
        "tls",
        "unknown-authority",
        "{}'s certificate is signed by an authority that nobody trusts.",
    ),
    ("proxy-refuses", "proxy", 403, "The proxy opens no tunnel to {}."),
    ("proxy-wants-sign-in", "proxy", 407, "The proxy wants a sign-in before calls to {}."),
    ("proxy-cannot-reach", "proxy", 502, "The proxy cannot reach {}."),
    ("proxy-gives-up", "proxy", 504, "The proxy gets no answer of {} in time."),
)

MINUTES = 600
TOO_LARGE = 9_000_000
_ELSEWHERE = {"Location": "https://elsewhere.example/"}
_ROUND = {"Location": "?again=1"}

# name, rule, what it says
_ANSWERS: tuple[tuple[str, Rule, str], ...] = (
    ("slow", {"delay": MINUTES}, "{} answers after ten minutes."),
    ("cut", {"cut": True}, "{} cuts the connection before it answers."),
    ("cut-in-body", {"cut": "body"}, "{} cuts the connection in the middle of its answer."),
    ("html", {"status": 502, "html": True}, "A gateway answers with a web page for {}."),
    ("sign-in-page", {"status": 200, "html": True}, "A sign-in page stands before {}."),
    ("garbage", {"garbage": True}, "{} answers with garbage."),
    ("too-large", {"size": TOO_LARGE}, "{} answers with 9 MB."),
    ("redirects-away", {"status": 302, "headers": _ELSEWHERE}, "{} redirects to another host."),
    ("redirects-round", {"status": 302, "headers": _ROUND}, "{} redirects to itself without end."),
)


def _network(part: str, hosts: tuple[str, ...], value: str | int) -> Patch:
    return {"network": {part: dict.fromkeys(hosts, value)}}


NETWORK_SCENARIOS: tuple[Scenario, ...] = (
    *(
        Scenario(f"{site}-{name}", says.format(title), _network(part, hosts, value))
        for site, _, hosts, title in _SITES
        for name, part, value, says in _WAYS
    ),
    *(
        Scenario(f"{site}-{name}", says.format(title), faults=({"site": rules, **rule},))
        for site, rules, _, title in _SITES
        for name, rule, says in _ANSWERS
    ),
)
