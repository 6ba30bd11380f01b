"""A message as it stands in a channel: who wrote it, who reads it, what it says, its thread."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.demo.playground.blocks import Drawing, blocks_html
from bot.demo.playground.marks import mrkdwn
from bot.demo.playground.reader import Reader
from bot.demo.simulated import Message

BOT = "d365bot"


@dataclass(frozen=True, slots=True)
class Place:
    """A message with the replies below it; `unfolded` says that they are shown."""

    message: Message
    replies: Sequence[Message] = ()
    unfolded: bool = False


def placed(messages: Sequence[Message], unfolded: frozenset[str]) -> list[Place]:
    """Replies go below what they answer, where that is to be seen."""
    seen = {one.ts for one in messages}
    replies: dict[str, list[Message]] = {}
    for one in messages:
        if _is_reply(one) and one.thread in seen:
            replies.setdefault(one.thread, []).append(one)
    return [
        Place(one, tuple(replies.get(one.ts, ())), one.ts in unfolded)
        for one in messages
        if not (_is_reply(one) and one.thread in seen)
    ]


def _is_reply(message: Message) -> bool:
    return bool(message.thread) and message.thread != message.ts


def message_html(place: Place, reader: Reader) -> Markup:
    """The message, with the line of its thread."""
    html = _one(place.message, reader)
    if not place.replies:
        return html
    count = len(place.replies)
    said = f"{count} {'reply' if count == 1 else 'replies'}"
    open_word = "true" if place.unfolded else "false"
    button = Markup(
        '<button type="button" class="thread" data-thread="{}" aria-expanded="{}">{}</button>'
    )
    html += button.format(place.message.ts, open_word, said)
    if place.unfolded:
        inside = Markup("").join(
            Markup('<li class="message">{}</li>').format(_one(one, reader)) for one in place.replies
        )
        html += Markup('<ol class="replies" aria-label="Thread">{}</ol>').format(inside)
    return html


def _one(message: Message, reader: Reader) -> Markup:
    body = (
        blocks_html(message.blocks, Drawing(reader))
        if message.blocks
        else Markup('<div class="section"><div class="text">{}</div></div>').format(
            mrkdwn(message.text, reader)
        )
    )
    html = Markup(
        '<div class="face{}" aria-hidden="true">{}</div><div class="said" data-ts="{}">'
        '<p class="head"><b>{}</b>{} {}{}</p>{}{}{}</div>'
    )
    bot = message.sender == BOT
    return html.format(
        " bot" if bot else "",
        message.sender[:1].upper(),
        message.ts,
        message.sender,
        Markup(' <span class="app">APP</span>') if bot else "",
        _time(message, reader),
        Markup(' <span class="edited">(edited)</span>') if message.edits else "",
        Markup('<p class="only-you">Only visible to you</p>') if message.to else "",
        body,
        Markup("").join(_file(one) for one in message.files),
    )


def _time(message: Message, reader: Reader) -> Markup:
    when = reader.at(float(message.ts))
    said, whole = f"{when:%H:%M}", f"{when:%Y-%m-%d %H:%M:%S %Z}"
    return Markup('<time title="{}">{}</time>').format(whole, said)


def _file(file: object) -> Markup:
    if not isinstance(file, dict):
        return Markup("")
    content = file.get("content")
    name = str(file.get("name"))
    if not isinstance(content, str):
        return Markup('<p class="file">{} ({} bytes)</p>').format(name, file.get("size"))
    html = Markup(
        '<details class="file"><summary>{} ({} bytes)</summary><pre tabindex="0">{}</pre></details>'
    )
    return html.format(name, file.get("size"), content)
