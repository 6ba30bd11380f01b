"""Events API: what happens in the workspace is told to the bot, again if it did not answer.

Shapes: docs.slack.dev/apis/events-api and docs.slack.dev/reference/events.
"""

from collections.abc import Mapping

from simulator.slack.content import Content
from simulator.slack.delivery import JSON, Delivery
from simulator.slack.naming import Json
from simulator.slack.payloads import escaped, event_body
from simulator.slack.refusals import Mistake
from simulator.slack.state import State


class Happenings:
    def __init__(self, state: State, delivery: Delivery) -> None:
        self._state = state
        self._delivery = delivery

    async def home(self, asked: Mapping[str, object]) -> Json:
        """The person opens the bot's Home tab."""
        state = self._state
        person = state.workspace.actor(asked.get("person"))
        home = state.desk.homes.get(person.id)
        shown = {"view": state.desk.as_json(home)} if home else {}
        return await self._tell(
            {
                "type": "app_home_opened",
                "user": person.id,
                "channel": state.workspace.direct(person).id,
                "tab": "home",
                "event_ts": state.messages.next_ts(),
                **shown,
            }
        )

    async def say(self, asked: Mapping[str, object]) -> Json:
        """The person writes; the bot hears direct messages and mentions of itself."""
        state = self._state
        person = state.workspace.actor(asked.get("person"))
        channel = state.workspace.of_person(person, asked.get("channel", "dm"))
        bot = state.workspace.bot
        written = str(asked.get("text") or "").replace(f"@{bot.name}", f"<@{bot.id}>")
        if not written:
            raise Mistake("say something")
        text = escaped(state, written)
        message = state.messages.post(channel, person.id, Content(text, None, None))
        heard = {
            "user": person.id,
            "text": text,
            "ts": message.ts,
            "event_ts": message.ts,
            "channel": channel.id,
            "team": state.workspace.identity.team_id,
        }
        if channel.kind == "im":
            return await self._tell({"type": "message", "channel_type": "im", **heard})
        if channel.bot and f"<@{bot.id}>" in text:
            return await self._tell({"type": "app_mention", **heard})
        return {"status": None, "ack_ms": 0.0, "ts": message.ts}

    async def event(self, asked: Mapping[str, object]) -> Json:
        """Any other event, given as it is: tokens_revoked, subteam_members_changed, …"""
        event = asked.get("event")
        if not isinstance(event, dict) or not isinstance(event.get("type"), str):
            raise Mistake("event must be an object with a type")
        return await self._tell({"event_ts": self._state.messages.next_ts(), **event}, forced=True)

    async def _tell(self, event: Json, *, forced: bool = False) -> Json:
        app = self._state.app
        heard = bool(_heard(event) & set(app.manifest.subscriptions))
        if not forced and not (heard and app.grants.of(self._state.name)):
            return {"status": None, "ack_ms": 0.0, "error": None, "ts": event["event_ts"]}
        body = event_body(self._state, event)
        ack = await self._delivery.send(body, JSON)
        self._delivery.again_later(body, ack)
        return {"status": ack.status, "ack_ms": ack.ms, "error": ack.error, "ts": event["event_ts"]}


def _heard(event: Json) -> set[object]:
    """The subscriptions that an event answers: `message.im`, where a message is a direct one."""
    kind = event["type"]
    return {kind, f"{kind}.{event['channel_type']}"} if "channel_type" in event else {kind}
