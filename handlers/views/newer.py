"""Blocks that Slack took up lately, each with classic ones that say the same.

Rules: docs.slack.dev/reference/block-kit/blocks, container and table. slack_sdk looks at no part of
a table's rows, so cells are made of its objects here and nowhere else.
"""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import (
    Block,
    ContainerBlock,
    PlainTextObject,
    RawTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextSectionElement,
    TableBlock,
)
from slack_sdk.models.blocks.block_elements import RichTextElement

from handlers.views.blocks import Newer, actor, clip
from handlers.views.words import DATE_FORMAT, plain_time

TITLE = 150
CHILDREN = 10
ROWS, COLUMNS = 100, 20
CELLS_TOGETHER = 10_000
"""Characters of all cells of a message."""

Cell = RawTextObject | RichTextBlock
_NOTHING = "-"
"""Slack takes no empty cell."""


def folded(title: str, inside: Sequence[Block], classic: Sequence[Block]) -> Newer:
    """Closed until somebody opens it; `title` is plain text, and says what is inside."""
    block = ContainerBlock(
        title=PlainTextObject(text=clip(title, TITLE)),
        child_blocks=list(inside),
        is_collapsible=True,
        default_collapsed=True,
    )
    return Newer(block, tuple(classic))


def table(heads: Sequence[str], rows: Sequence[Sequence[Cell]], classic: Sequence[Block]) -> Newer:
    """One a message. Columns wrap, so nothing of a cell is hidden."""
    wrapped = {"is_wrapped": True}
    first = [cell(head) for head in heads]
    block = TableBlock(rows=[first, *rows], column_settings=[wrapped for _ in heads])
    return Newer(block, tuple(classic))


def cell(text: str) -> Cell:
    """Text as it is; nothing in it is read as a mention or a mark."""
    return RawTextObject(text=text or _NOTHING)


def time_cell(at: datetime) -> Cell:
    """In the reader's own time zone."""
    return _rich(
        RichTextElementParts.Date(
            timestamp=int(at.timestamp()), format=DATE_FORMAT, fallback=plain_time(at)
        )
    )


def person_cell(user: str, before: str = "", after: str = "") -> Cell:
    """A person in Slack, with a word before and behind."""
    parts: list[RichTextElement] = [RichTextElementParts.Text(text=before)] if before else []
    parts.append(RichTextElementParts.User(user_id=user))
    parts += [RichTextElementParts.Text(text=after)] if after else []
    return _rich(*parts)


def actor_cell(organisation: str, user: str) -> Cell:
    """Like `blocks.actor`."""
    told = actor(organisation, user)
    return person_cell(user) if told.startswith("<@") else cell(told)


def _rich(*parts: RichTextElement) -> Cell:
    return RichTextBlock(elements=[RichTextSectionElement(elements=list(parts))])
