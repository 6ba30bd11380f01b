"""A simulated Slack: a Web API for the bot, and a driver for those who act as people."""

from simulator.slack.people import Channel, Person
from simulator.slack.site import SlackSite

__all__ = ["Channel", "Person", "SlackSite"]
