"""Who is in the simulated workspace, and the channels they meet in. Everybody is made up."""

import random
import string
from collections.abc import Mapping
from dataclasses import dataclass

TEAM_DOMAIN, TEAM_NAME = "contoso-made-up", "Contoso (made up)"


@dataclass(frozen=True)
class Person:
    """A member of the workspace; `name` is what tests and the tour call them.

    `single_channel` is a guest in one channel; `external` is of another organisation.
    """

    id: str
    name: str
    real_name: str
    guest: bool = False
    single_channel: bool = False
    bot: bool = False
    deactivated: bool = False
    external: bool = False

    @property
    def email(self) -> str:
        return f"{self.name}@contoso.example"


@dataclass(frozen=True)
class Channel:
    """`kind` is public, private, im or mpim; members are user ids, the bot's presence is apart.

    `posting` says who may write, `shared` with whom it is: "external" or "organisation"; `teams`
    are the ids of the teams it is shared with; `pending` says that another organisation is invited.
    """

    id: str
    name: str
    kind: str
    members: frozenset[str]
    bot: bool = True
    archived: bool = False
    posting: str = "everyone"
    shared: str = ""
    teams: tuple[str, ...] = ()
    pending: bool = False


@dataclass(frozen=True)
class UserGroup:
    """`updated` is a time of the clock, in whole seconds."""

    id: str
    name: str
    members: frozenset[str]
    enabled: bool = True
    updated: int = 1_700_000_000


# name, real name, flag
PEOPLE = (
    ("ada", "Ada Admin", ""),
    ("olga", "Olga Operator", ""),
    ("paul", "Paul Approver", ""),
    ("vera", "Vera Viewer", ""),
    ("sam", "Sam Stranger", ""),
    ("gwen", "Gwen Guest", "guest"),
    ("dora", "Dora Departed", "deactivated"),
)
# name, kind, members, whether the bot is in it
CHANNELS = (
    ("crm-admins", "private", ("ada", "olga", "paul", "vera"), True),
    ("general", "public", ("ada", "olga", "paul", "vera", "sam", "gwen"), True),
    ("random", "public", ("ada", "olga", "paul", "vera", "sam"), False),
)
USERGROUPS = (("crm-approvers", ("paul",)),)


def slack_id(letter: str, rng: random.Random) -> str:
    return letter + "0" + "".join(rng.choices(string.ascii_uppercase + string.digits, k=9))


def default_people(rng: random.Random) -> dict[str, Person]:
    return {
        name: Person(slack_id("U", rng), name, real_name, **({flag: True} if flag else {}))
        for name, real_name, flag in PEOPLE
    }


def default_channels(rng: random.Random, people: Mapping[str, Person]) -> dict[str, Channel]:
    return {
        name: Channel(
            slack_id("C", rng),
            name,
            kind,
            frozenset(people[who].id for who in members if who in people),
            bot,
        )
        for name, kind, members, bot in CHANNELS
    }


def default_usergroups(people: Mapping[str, Person]) -> dict[str, UserGroup]:
    return {
        name: UserGroup(
            f"S0GROUP{number:04d}",
            name,
            frozenset(people[who].id for who in members if who in people),
        )
        for number, (name, members) in enumerate(USERGROUPS, start=1)
    }
