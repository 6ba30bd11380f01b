"""The Slack site as a part of the simulation, with an identity drawn like all other ids."""

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.calls import CallLog
from simulator.clock import Clock
from simulator.identifiers import Draw
from simulator.slack import Channel, Person, SlackSite
from simulator.slack.people import default_channels, default_people


@dataclass(frozen=True)
class SlackIdentity:
    """What the bot is given to speak with the simulated workspace."""

    signing_secret: str
    bot_token: str
    app_token: str
    team_id: str
    people: Mapping[str, Person]
    channels: Mapping[str, Channel]
    client_id: str
    client_secret: str


def slack_identity(draw: Draw) -> SlackIdentity:
    people = default_people(draw.random)
    hexadecimal, digits = "0123456789abcdef", "0123456789"
    app = f"A0{draw.text(9).upper()}-{draw.text(13, digits)}"
    return SlackIdentity(
        signing_secret=draw.text(32, hexadecimal),
        bot_token=f"xoxb-{draw.text(12, digits)}-{draw.text(13, digits)}-{draw.text(24)}",
        app_token=f"xapp-1-{app}-{draw.text(64, hexadecimal)}",
        team_id=f"T0{draw.text(9).upper()}",
        people=people,
        channels=default_channels(draw.random, people),
        client_id=f"{draw.text(12, digits)}.{draw.text(13, digits)}",
        client_secret=draw.text(32, hexadecimal),
    )


def slack_part(identity: SlackIdentity, log: CallLog, events_url: str, clock: Clock) -> SlackSite:
    return SlackSite(
        record=log.record,
        signing_secret=identity.signing_secret,
        bot_token=identity.bot_token,
        app_token=identity.app_token,
        team_id=identity.team_id,
        people=identity.people,
        channels=identity.channels,
        events_url=events_url,
        clock=clock,
        client_id=identity.client_id,
        client_secret=identity.client_secret,
    )
