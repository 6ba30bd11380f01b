"""The few block builders that all views share; the only place that escapes and clips."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    InteractiveElement,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from connection.people import BOTS, OPERATING_SYSTEM, SLACK, Person

SECTION_TEXT = 3000
HEADER_TEXT = 150
BUTTON_TEXT = 75
CONTEXT_TEXT = 2000
FALLBACK_TEXT = 3900
BLOCKS_A_MESSAGE = 50


@dataclass(frozen=True, slots=True)
class Attached:
    """A text file that goes with a message, to the person alone."""

    name: str
    title: str
    content: str


@dataclass(frozen=True, slots=True)
class Newer:
    """A block that not every workspace and client takes, and older ones that say the same."""

    block: Block
    classic: tuple[Block, ...]


Part = Block | Newer


@dataclass(frozen=True, slots=True)
class Message:
    """What Slack shows: blocks, and the plain text for notifications and screen readers."""

    text: str
    blocks: tuple[Part, ...] = ()
    file: Attached | None = None

    @property
    def has_newer(self) -> bool:
        """Whether its classic form is another one."""
        return any(isinstance(part, Newer) for part in self.blocks)

    def in_classic(self) -> "Message":
        """The same, in blocks that every workspace takes."""
        return Message(self.text, tuple(_classic(self.blocks)), self.file)

    def with_file(self, where: str) -> "Message":
        """Says where the file stands."""
        return Message(self.text, (*self.blocks, context(where)))

    def with_note(self, note: str) -> "Message":
        """A line on top of it; `note` is ours, and comes as mrkdwn."""
        return Message(plain([note, self.text]), (context(note), *self.blocks), self.file)

    def with_text_of_file(self) -> "Message":
        """Where a file cannot be sent: its text, to be copied."""
        if self.file is None:
            return self
        said = _boxed(f"Save this as {escape(self.file.name)}:", self.file.content)
        return Message(self.text, (*self.blocks, section(said)))

    def as_dicts(self) -> list[dict[str, object]]:
        """The blocks as Slack takes them; validates them. Raises `ValueError` where there are more
        than a message has: what is left out is for the view to choose, and to say."""
        if len(self.blocks) > BLOCKS_A_MESSAGE:
            raise ValueError(f"a message has {BLOCKS_A_MESSAGE} blocks, this {len(self.blocks)}")
        shown = (part.block if isinstance(part, Newer) else part for part in self.blocks)
        return [block.to_dict() for block in shown]


def _classic(parts: Sequence[Part]) -> Iterator[Block]:
    for part in parts:
        yield from part.classic if isinstance(part, Newer) else (part,)


def _boxed(title: str, content: str) -> str:
    """In a box that it cannot leave. What does not fit is left out by whole lines, and told."""
    told = escape(content).replace("```", "'''")
    if len(title) + len(told) + len("\n``````") <= SECTION_TEXT:
        return f"{title}\n```{told}```"
    more = "Its beginning; it is too long for a message. Once the app may send files, ask again."
    lines = told[: SECTION_TEXT - len(title) - len(more) - 20].rpartition("\n")[0]
    return f"{title}\n{more}\n```{lines}```"


def escape(text: str) -> str:
    """Foreign text in mrkdwn: no mention, link or `<!channel>` survives."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clip(text: str, most: int) -> str:
    """At most `most` characters, the last one an ellipsis where text was left out."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def is_cut(parts: Sequence[Part]) -> bool:
    """Whether an ellipsis stands in them: then the view has to say where there is more."""
    return any("…" in str(block.to_dict()) for block in _classic(parts)) or any(
        "…" in str(part.block.to_dict()) for part in parts if isinstance(part, Newer)
    )


def clip_mrkdwn(text: str, most: int) -> str:
    """Like `clip`, and never in the middle of a mention, a date or an escaped character."""
    clipped = clip(text, most)
    if clipped == text:
        return text
    return re.sub(r"(?:<[^<>]*|&[a-z]{0,4})…$", "…", clipped)


def header(text: str) -> Block:
    """A title; plain text."""
    return HeaderBlock(text=PlainTextObject(text=clip(text, HEADER_TEXT)))


def section(mrkdwn: str) -> Block:
    """A paragraph; foreign parts are escaped by the caller."""
    return SectionBlock(text=MarkdownTextObject(text=clip_mrkdwn(mrkdwn, SECTION_TEXT)))


def lines_of(mrkdwn: str, letters: int = 80) -> int:
    """About how many lines it takes on a screen; boxes have a line of their own."""
    texts = mrkdwn.replace("```", "\n").split("\n")
    return sum(1 + len(_ADDRESS.sub("", text)) // letters for text in texts)


_ADDRESS = re.compile(r"<(?:!date\^|https://)[^<>|]*\|")
"""What nobody sees of a date or a link."""


def paragraphs(mrkdwn: str) -> list[Block]:
    """However long it is, in as few sections as hold it, torn between words; nothing is cut."""
    parts: list[str] = []
    left = mrkdwn
    while len(left) > SECTION_TEXT:
        at = max(left.rfind("\n", 1, SECTION_TEXT), left.rfind(" ", 1, SECTION_TEXT))
        at = at if at > 0 else len(clip_mrkdwn(left, SECTION_TEXT)) - 1
        parts.append(left[:at])
        left = left[at:].lstrip()
    return [section(part) for part in [*parts, left] if part]


def sections(lines: Sequence[str], a_section: int) -> list[Block]:
    """Many lines, so many to a section; where they are too long together, the longest are cut and
    none is left out."""
    parts = (lines[first : first + a_section] for first in range(0, len(lines), a_section))
    return [section("\n".join(fitting(part))) for part in parts]


def fitting(lines: Sequence[str], together: int = SECTION_TEXT) -> list[str]:
    """No more characters than so many; the longest lines are cut, and none is left out."""
    left, most = together - len(lines), together
    for number, line in enumerate(sorted(lines, key=len)):
        most = left // (len(lines) - number)
        left -= min(len(line), most)
    return [clip_mrkdwn(line, most) for line in lines]


def context(mrkdwn: str) -> Block:
    """A small grey line."""
    return ContextBlock(elements=[MarkdownTextObject(text=clip_mrkdwn(mrkdwn, CONTEXT_TEXT))])


def divider() -> Block:
    """A line."""
    return DividerBlock()


def button(
    label: str, action_id: str, value: str, *, primary: bool = False, about: str = ""
) -> InteractiveElement:
    """`value` is an opaque id, never a decision or a fact. `about` tells it from others with the
    same label, for who does not see where it stands."""
    return ButtonElement(
        text=PlainTextObject(text=clip(label, BUTTON_TEXT)),
        action_id=action_id,
        value=value,
        style="primary" if primary else None,
        accessibility_label=clip(f"{label}: {about}", BUTTON_TEXT) if about else None,
    )


def actions(*elements: InteractiveElement) -> Block:
    """A row of buttons."""
    return ActionsBlock(elements=list(elements))


def plain(lines: Sequence[str]) -> str:
    """The fallback text of a message; foreign parts are escaped by the caller. Too long, it ends
    with a whole line: the blocks have the rest."""
    text = "\n".join(line for line in lines if line)
    if len(text) <= FALLBACK_TEXT:
        return text
    whole = text[: FALLBACK_TEXT - 2].rpartition("\n")[0]
    return f"{whole}\n…" if whole else clip_mrkdwn(text, FALLBACK_TEXT)


def actor(organisation: str, user: str) -> str:
    """A mention; who acts at the command line is not named where a channel reads it."""
    return (
        "somebody at the command line"
        if organisation == OPERATING_SYSTEM
        else person(organisation, user)
    )


def person(organisation: str, user: str) -> str:
    """A mention for people in Slack, the login for people at the command line."""
    if Person(organisation, user) == SLACK:
        return "Slack"
    if organisation == BOTS:
        return "the bot"
    return escape(f"{user} (command line)") if organisation == "cli" else f"<@{user}>"
