"""The messages of the workspace, in the order they were posted, with who may see them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from simulator.slack.content import Content
from simulator.slack.naming import Json, with_ids
from simulator.slack.news import News
from simulator.slack.people import Channel, Person

SLACKBOT = "USLACKBOT"


@dataclass
class Message:
    ts: str
    channel: Channel
    author: str
    text: str
    blocks: list[Json]
    attachments: list[Json]
    metadata: Json
    to: str | None
    thread_ts: str | None
    event: int
    edits: int = 0
    files: list[Json] = field(default_factory=list)
    chosen: dict[str, dict[tuple[str, str], object]] = field(default_factory=dict)

    @property
    def ephemeral(self) -> bool:
        return self.to is not None


class Messages:
    def __init__(self, clock: Callable[[], float], news: News) -> None:
        self._clock = clock
        self._news = news
        self._last = 0
        self.all: list[Message] = []

    def next_ts(self) -> str:
        self._last = max(int(self._clock() * 1_000_000), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def post(
        self,
        channel: Channel,
        author: str,
        content: Content,
        *,
        to: str | None = None,
        thread_ts: str | None = None,
        files: Sequence[Json] = (),
    ) -> Message:
        message = Message(
            ts=self.next_ts(),
            channel=channel,
            author=author,
            text=content.text or "",
            blocks=with_ids(content.blocks or []),
            attachments=list(content.attachments or []),
            metadata=content.metadata or {},
            to=to,
            thread_ts=thread_ts,
            event=self._news.note(),
            files=list(files),
        )
        self.all.append(message)
        return message

    def change(self, message: Message, content: Content) -> None:
        """Text without blocks takes the blocks away; blocks without text leave the text."""
        if content.text is not None:
            message.text = content.text
        if content.blocks is not None or content.text is not None:
            message.blocks = with_ids(content.blocks or [])
        if content.attachments is not None or content.text is not None:
            message.attachments = list(content.attachments or [])
        if content.metadata is not None:
            message.metadata = content.metadata
        message.edits += 1
        message.event = self._news.note()

    def remove(self, message: Message) -> None:
        self.all.remove(message)
        self._news.note()

    def find(self, channel_id: str, ts: str) -> Message | None:
        return next((m for m in self.all if m.ts == ts and m.channel.id == channel_id), None)

    def seen_by(
        self, person: Person, members: Callable[[Channel], frozenset[str]]
    ) -> list[Message]:
        """A person sees the channels they are in now, and what is ephemeral to them."""
        return [
            message
            for message in self.all
            if (person.id in members(message.channel) or message.to == person.id)
            and message.to in (None, person.id)
        ]
