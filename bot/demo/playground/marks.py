"""Slack's mrkdwn as HTML. All that is foreign is escaped by `Markup`.

Rules: docs.slack.dev/messaging/formatting-message-text.
"""

import re
from collections.abc import Mapping

from markupsafe import Markup

from bot.demo.playground.dates import shown_date
from bot.demo.playground.reader import Reader

EMOJI: Mapping[str, str] = {
    "white_check_mark": "✅",
    "warning": "⚠️",
    "x": "❌",
    "heavy_minus_sign": "➖",
    "white_circle": "⚪",
    "hourglass_flowing_sand": "⏳",
    "information_source": "ℹ️",
    "lock": "🔒",
    "raised_hand": "✋",
}

_BOXES = re.compile(r"```(.*?)```", re.DOTALL)
_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|<(?P<reference>[^<>\n]+)>"
    r"|:(?P<emoji>[a-z0-9_+-]+):"
    r"|(?<![\w*])\*(?P<strong>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"
    r"|(?<![\w_])_(?P<em>[^\s_](?:[^\n]*?[^\s])?)_(?![\w_])"
    r"|(?<![\w~])~(?P<s>[^\s~](?:[^~\n]*[^\s~])?)~(?![\w~])"
)


def mrkdwn(text: str, reader: Reader) -> Markup:
    """Paragraph text; lines stay lines."""
    html = Markup("")
    for number, part in enumerate(_BOXES.split(text)):
        if number % 2:
            html += Markup('<pre tabindex="0">{}</pre>').format(unescaped(part.strip("\n")))
        elif inside := part.removeprefix("\n") if number else part:
            html += _lines(inside, reader)
    return html


def unescaped(text: str) -> str:
    """Slack escapes three characters, and nothing else."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def with_emoji(text: str) -> Markup:
    """Plain text, in which Slack reads short codes only."""
    parts = re.split(r":([a-z0-9_+-]+):", text)
    return Markup("").join(
        _emoji(part) if number % 2 else Markup("{}").format(part)
        for number, part in enumerate(parts)
    )


def _lines(text: str, reader: Reader) -> Markup:
    shown: list[Markup] = []
    for line in text.split("\n"):
        if line.startswith(("&gt;", ">")):
            quoted = line.removeprefix("&gt;").removeprefix(">").strip()
            shown.append(Markup("<blockquote>{}</blockquote>").format(_inline(quoted, reader)))
        else:
            shown.append(_inline(line, reader))
    return Markup("<br>").join(shown)


def _inline(text: str, reader: Reader) -> Markup:
    html, end = Markup(""), 0
    for found in _INLINE.finditer(text):
        html += Markup("{}").format(unescaped(text[end : found.start()]))
        kind, inside = str(found.lastgroup), found[str(found.lastgroup)]
        if kind == "code":
            html += Markup("<code>{}</code>").format(unescaped(inside))
        elif kind == "emoji":
            html += _emoji(inside)
        elif kind == "reference":
            html += _reference(inside, reader)
        else:
            html += Markup("<{0}>{1}</{0}>").format(kind, _inline(inside, reader))
        end = found.end()
    return html + Markup("{}").format(unescaped(text[end:]))


def _emoji(name: str) -> Markup:
    sign = EMOJI.get(name)
    if sign is None:
        return Markup(":{}:").format(name)
    said = name.replace("_", " ")
    return Markup('<span class="emoji" role="img" aria-label="{}">{}</span>').format(said, sign)


def _reference(inside: str, reader: Reader) -> Markup:
    """A mention, a date, a link: docs.slack.dev calls them references."""
    target, _, label = inside.partition("|")
    if not target:
        return Markup("{}").format(f"<{inside}>")
    if target.startswith("!date^"):
        return _date(target, label, reader)
    if target[0] in "@#":
        return _mention(target, label, reader)
    if target.startswith("!subteam^"):
        group = target.split("^")[1]
        return _badge("@" + (reader.names.get(group) or label.lstrip("@") or group))
    if target.startswith("!"):
        return _badge("@" + (label or target[1:]))
    return link(unescaped(target), unescaped(label) or unescaped(target))


def link(target: str, label: str) -> Markup:
    """Leads out of the playground, and nothing leaves this machine: the page tells whereto, and
    the browser does not know. What is no web or mail address is only told."""
    if not target.startswith(("https://", "http://", "mailto:")):
        return Markup("{} ({})").format(label, target)
    return Markup('<a href="#" title="{}" data-leads="{}">{}</a>').format(target, target, label)


def _mention(target: str, label: str, reader: Reader) -> Markup:
    name = reader.names.get(target[1:]) or label or target[1:]
    return _badge(target[0] + name, mine=target[1:] == reader.me)


def _badge(text: str, *, mine: bool = False) -> Markup:
    return Markup('<span class="mention{}">{}</span>').format(" mine" if mine else "", text)


def _date(target: str, label: str, reader: Reader) -> Markup:
    leads: list[str] = []
    try:
        _, epoch, form, *leads = target.split("^")
        said = shown_date(int(epoch), form, reader)
    except ValueError:
        said = label
    html = Markup('<time title="{}">{}</time>').format(label, said)
    return Markup("{}").format(html) if not leads else link(leads[0], said)
