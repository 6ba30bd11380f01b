"""The simulators' control address: act as a person, see what a person sees, change the world."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

Json = Mapping[str, Any]

ACT_SECONDS = 30.0
"""Longer than Slack's three seconds, after which the simulated Slack gives up by itself."""

LONGEST_WAIT = 25.0


class CannotDo(Exception):
    """What a person could not have done in Slack, in Slack's words."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it stands now. `to` is the only person who sees it, '' for everybody; `thread`
    is the message that it answers; `event` counts up with each change of anything."""

    channel: str
    ts: str
    sender: str
    to: str
    text: str
    blocks: tuple[Json, ...]
    edits: int
    thread: str = ""
    files: tuple[Json, ...] = ()
    event: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """What stays the same when it is edited."""
        return self.channel, self.ts


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything that one person sees. `views` are the open modals, the top one last."""

    event: int
    messages: tuple[Message, ...]
    views: tuple[Json, ...]
    errors: Mapping[str, Mapping[str, str]]
    home: Json | None = None

    @property
    def form(self) -> Json | None:
        """The modal on top."""
        return self.views[-1] if self.views else None


class SimulatedSlack:
    """People's hands and eyes. Every act raises `CannotDo` where Slack's client would stop it."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def command(self, person: str, channel: str, text: str) -> None:
        """Type a slash command."""
        self._act("command", person=person, channel=channel, text=text)

    def submit(self, person: str, values: Mapping[str, str]) -> Json:
        """Fill in the modal on top and press its submit button."""
        return self._act("submit", person=person, values=dict(values))

    def close(self, person: str) -> None:
        """Close the modal on top."""
        self._act("close", person=person)

    def press(self, person: str, message: Message, block_id: str, action_id: str) -> None:
        """Press a button of a message."""
        channel, ts = message.key
        self._act(
            "press",
            person=person,
            channel=channel,
            ts=ts,
            block_id=block_id,
            action_id=action_id,
        )

    def work(self, person: str, where: Mapping[str, str], element: Mapping[str, str]) -> None:
        """Press or choose something. `where` is a message's channel and ts, or a view's id;
        `element` its block_id, action_id and, for a choice, option."""
        self._act("press", person=person, **where, **element)

    def open_home(self, person: str) -> None:
        """Open the bot's Home tab."""
        self._act("home", person=person)

    def say(self, person: str, channel: str, text: str) -> None:
        """Write a message that is no command."""
        self._act("say", person=person, channel=channel, text=text)

    def sees(self, person: str, *, after: int | None = None, wait: float = LONGEST_WAIT) -> Sight:
        """Now, or with `after` as soon as anything happened after that event."""
        asked: dict[str, str | float] = {"person": person}
        if after is not None:
            asked |= {"after": after, "wait": wait}
        seen = checked(self._http.get("/_slack/messages", params=asked, timeout=wait + ACT_SECONDS))
        return sight_of(seen)

    def _act(self, what: str, **asked: object) -> Json:
        return checked(self._http.post(f"/_slack/{what}", json=asked, timeout=ACT_SECONDS))


class SimulatedWorld:
    """The facts behind the simulated Microsoft."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def become(self, scenario: str) -> str:
        """Everything healthy but what the scenario changes; what that is, in a sentence."""
        return str(checked(self._http.post("/_world/scenario", json={"name": scenario}))["says"])

    def breaks(self, scenario: str) -> str:
        """Like `become`, in the world as it is: what the bot did stays."""
        asked = {"name": scenario, "go_on": True}
        return str(checked(self._http.post("/_world/scenario", json=asked))["says"])

    def subscribe(self, events: Sequence[str]) -> None:
        """Slack tells the bot of these, as after an installation from the manifest."""
        patch = {"slack": {"subscriptions": list(events)}}
        checked(self._http.patch("/_world", json=patch))

    def change(self, patch: Json) -> None:
        """Some facts, by a JSON merge patch."""
        checked(self._http.patch("/_world", json=patch))

    def facts(self) -> Json:
        """All of them."""
        return checked(self._http.get("/_world"))

    def scenarios(self) -> Sequence[tuple[str, str]]:
        """Name and what is wrong in it."""
        answer = self._http.get("/_world/scenarios").raise_for_status()
        return [(one["name"], one["says"]) for one in answer.json()]

    def people(self) -> Mapping[str, str]:
        """Everybody who can use Slack, with their full names."""
        people = checked(self._http.get("/_world"))["slack"]["people"]
        return {name: one["real_name"] for name, one in people.items() if not one["deactivated"]}

    def channels(self) -> Mapping[str, Sequence[str]]:
        """Each channel's members."""
        channels = checked(self._http.get("/_world"))["slack"]["channels"]
        return {name: channel["members"] for name, channel in channels.items()}

    def account_of(self, person: str) -> str:
        """The user principal name of a person."""
        name = self.people()[person].lower()
        accounts = checked(self._http.get("/_world"))["accounts"]
        return str(
            next(upn for upn, row in accounts.items() if row["display_name"].lower() == name)
        )

    def enter_code(self, code: str, account: str) -> None:
        """What the person with a device code does on Entra's page."""
        said = {"user_code": code, "account": account}
        if self._http.post("/_entra/device", json=said).status_code == 404:
            raise CannotDo(f"nobody was given the code {code}, or it was used")

    def upload_certificate(self, pem: str) -> None:
        """What an administrator does in Entra with the public half."""
        known = {"apps": {"bot": {"certificates": {pem[-60:-30]: {"pem": pem}}}}}
        self._http.patch("/_world", json=known).raise_for_status()

    def slow_down(self, site: str, seconds: float) -> None:
        """The site's next answer takes as long as this."""
        rule = {"site": site, "delay": seconds, "times": 1}
        self._http.post("/_faults", json=rule).raise_for_status()

    def integration_user(self) -> str:
        """The user name of the account that Business Central signs in to Sales with."""
        world = checked(self._http.get("/_world"))
        users = world["sales"]["adventure"]["tables"]["systemusers"]
        return str(users["integration"]["internalemailaddress"])


def checked(answer: httpx.Response) -> Json:
    """What was answered. Raises `CannotDo` for what a person could not have done."""
    if answer.status_code in (400, 404):
        raise CannotDo(str(answer.json().get("error", answer.text)))
    answer.raise_for_status()
    found: Json = answer.json()
    return found


def sight_of(seen: Json) -> Sight:
    """From what the simulated Slack shows."""
    return Sight(
        event=int(seen["event"]),
        messages=tuple(_message(one) for one in seen["messages"]),
        views=tuple(seen["views"]),
        errors=seen["view_errors"],
        home=seen.get("home"),
    )


def _message(seen: Json) -> Message:
    return Message(
        channel=seen["channel_name"],
        ts=seen["ts"],
        sender=seen["from"],
        to=seen["to"] or "",
        text=seen["text"],
        blocks=tuple(seen["blocks"]),
        edits=seen["edits"],
        thread=seen.get("thread_ts") or "",
        files=tuple(seen.get("files", ())),
        event=seen.get("event", 0),
    )
