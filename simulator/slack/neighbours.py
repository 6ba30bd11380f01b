"""The other workspaces that the app may be installed in: one alone, two of one organisation.

Everybody and everything is made up.
"""

import random
from collections.abc import Iterator
from dataclasses import replace

from simulator.slack.people import Channel, Person, slack_id
from simulator.slack.workspace import Identity, Workspace

FIRST = "contoso"
ORGANISATION = ("E0ADATUM000", "Adatum (made up)")
# key, name, whether it is of the organisation, people and their real names
NEIGHBOURS = (
    ("fabrikam", "Fabrikam (made up)", False, (("nina", "Nina Neighbour"),)),
    ("adatum-east", "Adatum East (made up)", True, (("gus", "Gus Grid"), ("eve", "Eve East"))),
    ("adatum-west", "Adatum West (made up)", True, (("gus", "Gus Grid"), ("will", "Will West"))),
)


def other_workspaces(first: Identity) -> dict[str, Workspace]:
    """The same ids each time; who is in both workspaces of the organisation has one id."""
    return dict(_made(first, random.Random(first.team_id)))  # noqa: S311


def _made(first: Identity, rng: random.Random) -> Iterator[tuple[str, Workspace]]:
    known: dict[str, Person] = {}
    for number, (key, name, grid, people) in enumerate(NEIGHBOURS, start=1):
        for short, real in people:
            known.setdefault(short, Person(slack_id("W" if grid else "U", rng), short, real))
        here = {short: known[short] for short, _ in people}
        members = frozenset(person.id for person in here.values())
        channel = Channel(slack_id("C", rng), "general", "public", members)
        identity = replace(
            first,
            team_id=slack_id("T", rng),
            bot_token="",
            domain=f"{key}-made-up",
            team_name=name,
            bot_user_id="U0D365BOT99" if grid else f"U0D365BOT{number:02d}",
            bot_id=f"B0D365BOT{number:02d}",
            enterprise_id=ORGANISATION[0] if grid else None,
            enterprise_name=ORGANISATION[1] if grid else None,
        )
        yield key, Workspace(identity, here, {"general": channel})
