"""The workspace: its names, its people and channels, and who is where."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from simulator.slack.people import (
    TEAM_DOMAIN,
    TEAM_NAME,
    Channel,
    Person,
    UserGroup,
    default_usergroups,
)
from simulator.slack.refusals import Mistake, Refusal

BOT_NAME = "d365bot"


@dataclass(frozen=True)
class Identity:
    """The ids and secrets of one installed app."""

    team_id: str
    signing_secret: str
    bot_token: str
    app_token: str
    bot_user_id: str = "U0D365BOT00"
    bot_id: str = "B0D365BOT00"
    app_id: str = "A0D365BOT00"
    verification_token: str = "deprecated-verification-token"
    domain: str = TEAM_DOMAIN
    team_name: str = TEAM_NAME
    client_id: str = ""
    client_secret: str = ""
    enterprise_id: str | None = None
    enterprise_name: str | None = None


class Workspace:
    def __init__(
        self, identity: Identity, people: Mapping[str, Person], channels: Mapping[str, Channel]
    ) -> None:
        self.identity = identity
        self.people = dict(people)
        self.channels = dict(channels)
        self.usergroups: dict[str, UserGroup] = default_usergroups(people)

    @property
    def bot(self) -> Person:
        return Person(self.identity.bot_user_id, BOT_NAME, "D365 Bot", bot=True)

    def everyone(self) -> list[Person]:
        return [*self.people.values(), self.bot]

    def known(self, wanted: str) -> Person | None:
        return next((who for who in self.everyone() if wanted in (who.id, who.name)), None)

    def actor(self, wanted: object) -> Person:
        """The person that a test acts as."""
        who = self.known(wanted) if isinstance(wanted, str) else None
        if who is None or who.id == self.identity.bot_user_id:
            raise Mistake(f"nobody here is called {wanted!r}")
        if who.deactivated:
            raise Mistake(f"{who.name} is deactivated and cannot do anything in Slack")
        return who

    def name_of(self, user_id: str | None) -> str | None:
        who = self.known(user_id) if user_id else None
        return who.name if who else user_id

    def channel(self, wanted: str) -> Channel | None:
        name = wanted.removeprefix("#")
        return next((c for c in self.channels.values() if name in (c.id, c.name)), None)

    def direct(self, person: Person) -> Channel:
        """The direct message channel of the bot and this person, opened on demand."""
        channel_id = f"D{person.id[1:]}"
        name = f"dm-{person.name}"
        members = frozenset({person.id})
        return self.channels.setdefault(name, Channel(channel_id, name, "im", members))

    def group(self, people: list[Person]) -> Channel:
        name = "mpdm-" + "--".join(sorted(who.name for who in people))
        members = frozenset(who.id for who in people)
        known = self.channels.get(name)
        return known or self.channels.setdefault(
            name, Channel(f"G{secrets.token_hex(5).upper()}", name, "mpim", members)
        )

    def for_bot(self, wanted: str) -> Channel:
        """The channel as the bot may see it; a private one it is not in does not exist for it."""
        found = self.channel(wanted)
        if found is None or (found.kind != "public" and not found.bot):
            raise Refusal("channel_not_found")
        return found

    def of_person(self, person: Person, wanted: object) -> Channel:
        if wanted == "dm":
            return self.direct(person)
        found = self.channel(wanted) if isinstance(wanted, str) else None
        if found is None:
            raise Mistake(f"there is no channel {wanted!r}")
        if person.id not in found.members:
            raise Mistake(f"{person.name} is not in {found.name}")
        return found
