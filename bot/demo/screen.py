"""A Slack message as lines of text: where it stands, who sees it, and what it says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.demo.mrkdwn import SIGNS, readable, with_signs
from bot.demo.paper import WIDTH, barred, folded
from bot.demo.simulated import Json, Message
from bot.demo.table import table_lines

BAR = "  │ "
_INSIDE = WIDTH - len(BAR)
_UNDER_WAY = (":hourglass_flowing_sand:", ":white_circle:")
_UNDER_WAY_TITLE = "Testing "
RUNNING = SIGNS["hourglass_flowing_sand"]

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a message, as it is pressed."""

    label: str
    block_id: str
    action_id: str


def message_lines(message: Message, names: Names) -> list[str]:
    """The whole message. Buttons are numbered from 1."""
    return ["  " + _head(message), *barred(body_lines(message, names), BAR)]


def opening_lines(message: Message, names: Names) -> list[str]:
    """Only what stands above the first divider."""
    kinds = [block["type"] for block in message.blocks]
    if "divider" not in kinds:
        return message_lines(message, names)
    above = replace(message, blocks=message.blocks[: kinds.index("divider")])
    left = len(body_lines(message, names)) - len(body_lines(above, names))
    return [*message_lines(above, names), f"{BAR}(and {left} more lines)"]


def progress_line(message: Message, names: Names) -> str:
    """A message that is still being edited, in one line: its title, and what runs."""
    title, *rest = body_lines(message, names)
    running = [line for line in rest if line.startswith(RUNNING)]
    return f"{BAR}{title}" + (f" ({'; '.join(running)})" if running else "")


def body_lines(message: Message, names: Names) -> list[str]:
    """What it says, within the bar."""
    if not message.blocks:
        return folded(readable(message.text, names), width=_INSIDE)
    lines: list[str] = []
    numbered = {button: n for n, button in enumerate(buttons(message), start=1)}
    above = ""
    for block in message.blocks:
        kind = str(block["type"])
        if lines and (above, kind) not in _CLOSE:
            lines.append("")
        lines += block_lines(block, names)
        if pressable := [f"[{numbered[one]}] {one.label}" for one in _buttons_of(block)]:
            lines += folded("   ".join(pressable), width=_INSIDE)
        above = kind
    return lines


def block_lines(block: Json, names: Names, *, width: int = _INSIDE) -> list[str]:
    """One block of a message or a modal, without what can be pressed or filled in."""
    match block["type"]:
        case "header":
            title = folded(with_signs(block["text"]["text"]), width=width)
            return [*title, "═" * min(width, max(map(len, title)))]
        case "section":
            texts = [block["text"]] if block.get("text") else []
            text = "\n".join(_text(one, names) for one in (*texts, *block.get("fields", ())))
            return folded(text, width=width)
        case "context":
            said = "  ".join(_text(one, names) for one in block["elements"])
            return folded(said, width=width)
        case "divider":
            return ["┄" * 40]
        case "container":
            inside = [block_lines(one, names, width=width) for one in block["child_blocks"]]
            title = folded(f"▾ {with_signs(block['title']['text'])}", width=width)
            return [*title, *(line for lines in inside for line in lines)]
        case "table":
            return table_lines(block, names, width)
        case "actions":
            return []
        case other:
            return [f"[{other}]"]


def buttons(message: Message) -> list[Button]:
    """In the order of their numbers."""
    return [button for block in message.blocks for button in _buttons_of(block)]


def is_under_way(message: Message) -> bool:
    """Something in it is waiting or running, or its title says so: it will be edited."""
    texts = [_raw(block) for block in message.blocks]
    titled = any(text.startswith(_UNDER_WAY_TITLE) for text in texts[:1])
    return titled or any(sign in text for text in texts for sign in _UNDER_WAY)


_CLOSE = {
    ("header", "context"),
    ("header", "section"),
    ("section", "context"),
    ("section", "section"),
}
"""What stands below what without an empty line between."""


def _head(message: Message) -> str:
    where = "a direct message" if message.channel.startswith("dm-") else f"#{message.channel}"
    seen = f" (only visible to {message.to})" if message.to else ""
    times = {0: "", 1: " (edited)"}.get(message.edits, f" (edited {message.edits} times)")
    return f"{message.sender} in {where}{seen}{times}"


def _buttons_of(block: Json) -> Iterator[Button]:
    elements = [*block.get("elements", ()), block.get("accessory") or {}]
    for element in elements:
        if element.get("type") == "button":
            label = with_signs(element["text"]["text"])
            yield Button(label, block["block_id"], element["action_id"])


def _text(text: Json, names: Names) -> str:
    said = str(text.get("text", ""))
    return readable(said, names) if text.get("type") == "mrkdwn" else with_signs(said)


def _raw(block: Json) -> str:
    text = block.get("text")
    return str(text.get("text", "")) if isinstance(text, Mapping) else ""
