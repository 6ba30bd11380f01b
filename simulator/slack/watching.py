"""`GET /_slack/messages`: everything one person sees, at once or as soon as it changes.

With `channel` of that channel alone; with `oldest` only messages that were posted after that one.
"""

from collections.abc import Mapping

from simulator.slack.messages import SLACKBOT, Message
from simulator.slack.naming import Json
from simulator.slack.refusals import Mistake
from simulator.slack.state import State

WAIT_MOST = 60.0


class Watching:
    def __init__(self, state: State) -> None:
        self._state = state

    async def messages(self, asked: Mapping[str, str]) -> Json:
        state = self._state
        person = state.workspace.actor(asked.get("person"))
        after, wait = _number(asked, "after"), min(_number(asked, "wait"), WAIT_MOST)
        if wait and "after" in asked:
            await state.app.news.wait_beyond(int(after), wait)
        channel = asked.get("channel")
        wanted = state.workspace.of_person(person, channel).id if channel else None
        oldest = asked.get("oldest", "")
        seen = [m for m in state.messages.seen_by(person, state.members) if m.ts > oldest]
        stack = state.desk.stack(person.id)
        home = state.desk.homes.get(person.id)
        return {
            "event": state.app.news.event,
            "messages": [self._shown(m) for m in seen if wanted in (None, m.channel.id)],
            "views": [state.desk.as_json(view) for view in stack],
            "view_errors": {view.id: view.errors for view in stack if view.errors},
            "home": state.desk.as_json(home) if home else None,
        }

    def _shown(self, message: Message) -> Json:
        space = self._state.workspace
        sender = "slackbot" if message.author == SLACKBOT else space.name_of(message.author)
        return {
            "ts": message.ts,
            "channel": message.channel.id,
            "channel_name": message.channel.name,
            "from": sender,
            "ephemeral": message.ephemeral,
            "to": space.name_of(message.to),
            "text": message.text,
            "blocks": message.blocks,
            "attachments": message.attachments,
            "edited": message.edits > 0,
            "edits": message.edits,
            "thread_ts": message.thread_ts,
            "files": message.files,
            "metadata": message.metadata,
            "event": message.event,
        }


def _number(asked: Mapping[str, str], name: str) -> float:
    try:
        number = float(asked.get(name, 0))
    except ValueError as error:
        raise Mistake(f"{name} must be a number") from error
    if not 0 <= number < 1e15:
        raise Mistake(f"{name} must be a number from 0")
    return number
