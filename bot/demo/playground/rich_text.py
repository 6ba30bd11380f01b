"""Slack's rich text as HTML. Shapes: docs.slack.dev/reference/block-kit/blocks/rich-text-block."""

from collections.abc import Iterable

from markupsafe import Markup

from bot.demo.playground.marks import link, mrkdwn
from bot.demo.playground.reader import Reader
from bot.demo.simulated import Json

_STYLES = (("code", "code"), ("bold", "strong"), ("italic", "em"), ("strike", "s"))


def rich_text(block: Json, reader: Reader) -> Markup:
    """All its parts."""
    return Markup("").join(_part(one, reader) for one in block["elements"])


def _part(part: Json, reader: Reader) -> Markup:
    kind = part["type"]
    if kind == "rich_text_list":
        tag = "ol" if part.get("style") == "ordered" else "ul"
        items = (
            Markup("<li>{}</li>").format(_line(one["elements"], reader)) for one in part["elements"]
        )
        return Markup("<{0}>{1}</{0}>").format(tag, Markup("").join(items))
    inside = _line(part["elements"], reader)
    if kind == "rich_text_preformatted":
        return Markup('<pre tabindex="0">{}</pre>').format(inside)
    tag = "blockquote" if kind == "rich_text_quote" else "div"
    return Markup("<{0}>{1}</{0}>").format(tag, inside)


def _line(elements: Iterable[Json], reader: Reader) -> Markup:
    return Markup("").join(_styled(one, reader) for one in elements)


def _styled(element: Json, reader: Reader) -> Markup:
    html, style = _said(element, reader), element.get("style") or {}
    for name, tag in _STYLES:
        if style.get(name):
            html = Markup("<{0}>{1}</{0}>").format(tag, html)
    return html


def _said(element: Json, reader: Reader) -> Markup:
    match element["type"]:
        case "text":
            lines = str(element["text"]).split("\n")
            return Markup("<br>").join(lines)
        case "link":
            return link(str(element["url"]), str(element.get("text") or element["url"]))
        case "user":
            return mrkdwn(f"<@{element['user_id']}>", reader)
        case "channel":
            return mrkdwn(f"<#{element['channel_id']}>", reader)
        case "usergroup":
            return mrkdwn(f"<!subteam^{element['usergroup_id']}>", reader)
        case "emoji":
            return mrkdwn(f":{element['name']}:", reader)
        case "date":
            said = f"<!date^{element['timestamp']}^{element['format']}|{element.get('fallback')}>"
            return mrkdwn(said, reader)
        case other:
            return Markup("{}").format(element.get("text", f"[{other}]"))
