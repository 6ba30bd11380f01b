"""Slack's blocks as HTML: one row a kind in `BLOCKS`.

Shapes: docs.slack.dev/reference/block-kit/blocks. Where a kind is not here it is shown by its
name, so that nothing goes unseen.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from bot.demo.playground import elements
from bot.demo.playground.marks import mrkdwn, with_emoji
from bot.demo.playground.reader import Reader
from bot.demo.playground.rich_text import rich_text
from bot.demo.simulated import Json

State = Mapping[str, Mapping[str, Mapping[str, object]]]


@dataclass(frozen=True, slots=True)
class Drawing:
    """For whom it is drawn, what its inputs hold, and the errors at them."""

    reader: Reader
    state: State = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def held(self, block: Json, element: Json) -> Mapping[str, object]:
        """What the element holds; nothing before it was touched."""
        return self.state.get(str(block["block_id"]), {}).get(str(element["action_id"]), {})


def blocks_html(blocks: Iterable[Json], drawing: Drawing) -> Markup:
    """All of them, in order."""
    return Markup("").join(block_html(block, drawing) for block in blocks)


def block_html(block: Json, drawing: Drawing) -> Markup:
    """One block."""
    draw = BLOCKS.get(str(block["type"]))
    if draw is None:
        return Markup('<p class="unknown">[{}]</p>').format(block["type"])
    return draw(block, drawing)


def text_html(text: Json, reader: Reader) -> Markup:
    """A text object."""
    said = str(text.get("text", ""))
    return mrkdwn(said, reader) if text.get("type") == "mrkdwn" else with_emoji(said)


def worked(blocks: Iterable[Json]) -> Iterator[Json]:
    """Every element that can be worked, also inside other blocks."""
    for block in blocks:
        yield from worked(block.get("child_blocks", ()))
        single = [block.get("element"), block.get("accessory")]
        yield from (one for one in single if one)
        if block["type"] in ("actions", "card"):
            yield from block.get("elements", block.get("actions", ()))


def _header(block: Json, drawing: Drawing) -> Markup:
    return Markup("<h3>{}</h3>").format(text_html(block["text"], drawing.reader))


def _section(block: Json, drawing: Drawing) -> Markup:
    inside = Markup("")
    if block.get("text"):
        inside += Markup('<div class="text">{}</div>').format(
            text_html(block["text"], drawing.reader)
        )
    if fields := block.get("fields"):
        cells = (Markup("<li>{}</li>").format(text_html(one, drawing.reader)) for one in fields)
        inside += Markup('<ul class="fields">{}</ul>').format(Markup("").join(cells))
    accessory = block.get("accessory")
    if not accessory:
        return Markup('<div class="section">{}</div>').format(inside)
    worked = _worked(block, [accessory], drawing)
    html = Markup('<div class="section with-accessory"><div>{}</div><div>{}</div></div>')
    return html.format(inside, worked)


def _context(block: Json, drawing: Drawing) -> Markup:
    parts = (
        Markup("<span>{}</span>").format(
            one.get("alt_text", "") if one["type"] == "image" else text_html(one, drawing.reader)
        )
        for one in block["elements"]
    )
    return Markup('<div class="context">{}</div>').format(Markup(" ").join(parts))


def _divider(_block: Json, _drawing: Drawing) -> Markup:
    return Markup("<hr>")


def _actions(block: Json, drawing: Drawing) -> Markup:
    worked = _worked(block, block["elements"], drawing)
    return Markup('<div class="actions">{}</div>').format(worked)


def _worked(block: Json, found: Iterable[Json], drawing: Drawing) -> Markup:
    return Markup("").join(
        elements.pressable(block, one, drawing.reader, drawing.held(block, one)) for one in found
    )


def _input(block: Json, drawing: Drawing) -> Markup:
    name, element = str(block["block_id"]), block["element"]
    optional = Markup(' <span class="optional">(optional)</span>') if block.get("optional") else ""
    label = Markup("{}{}").format(with_emoji(str(block["label"]["text"])), optional)
    error, hint = drawing.errors.get(name), block.get("hint")
    described = [f"error-{name}"] if error else []
    described += [f"hint-{name}"] if hint else []
    held = drawing.held(block, element)
    control = elements.field(block, element, drawing.reader, held, " ".join(described))
    notes = Markup("")
    if error:
        html = Markup('<p class="error" id="error-{}"><b>Wrong:</b> {}</p>')
        notes += html.format(name, error)
    if hint:
        said = with_emoji(str(hint["text"]))
        notes += Markup('<p class="hint" id="hint-{}">{}</p>').format(name, said)
    acts = ""
    if block.get("dispatch_action"):
        acts = Markup(' data-dispatch="{}" data-block="{}"').format(element["action_id"], name)
    wrong = " wrong" if error else ""
    if elements.is_grouped(element):
        html = Markup('<fieldset class="input{}"{} id="{}"><legend>{}</legend>{}{}</fieldset>')
        return html.format(wrong, acts, name, label, control, notes)
    html = Markup('<div class="input{}"{}><label for="{}">{}</label>{}{}</div>')
    return html.format(wrong, acts, name, label, control, notes)


def _rich_text(block: Json, drawing: Drawing) -> Markup:
    return rich_text(block, drawing.reader)


def _markdown(block: Json, drawing: Drawing) -> Markup:
    return Markup('<div class="section"><div class="text">{}</div></div>').format(
        mrkdwn(str(block["text"]).replace("**", "*"), drawing.reader)
    )


def _container(block: Json, drawing: Drawing) -> Markup:
    inside = blocks_html(block.get("child_blocks", ()), drawing)
    titled = block.get("title") or {"text": ""}
    title = with_emoji(str(titled["text"]))
    if block.get("rich_text_title"):
        title = rich_text(block["rich_text_title"], drawing.reader)
    if block.get("subtitle"):
        below = text_html(block["subtitle"], drawing.reader)
        title += Markup(" <small>{}</small>").format(below)
    if not block.get("is_collapsible"):
        return Markup('<section class="container"><h4>{}</h4>{}</section>').format(title, inside)
    stands_open = "" if block.get("default_collapsed") else Markup(" open")
    html = Markup('<details class="container"{}><summary>{}</summary>{}</details>')
    return html.format(stands_open, title, inside)


def _card(block: Json, drawing: Drawing) -> Markup:
    said = [
        Markup("<{0}>{1}</{0}>").format(tag, text_html(block[key], drawing.reader))
        for key, tag in (("title", "h4"), ("subtitle", "small"), ("body", "div"))
        if block.get(key)
    ]
    if actions := block.get("actions"):
        worked = _worked(block, actions, drawing)
        said.append(Markup('<div class="actions">{}</div>').format(worked))
    return Markup('<section class="card">{}</section>').format(Markup("").join(said))


def _alert(block: Json, drawing: Drawing) -> Markup:
    level = str(block.get("level", "default"))
    said = text_html(block["text"], drawing.reader)
    html = Markup('<div class="alert {}" role="note"><b>{}</b> {}</div>')
    word = {"warning": "Warning:", "error": "Error:", "success": "Done:"}.get(level, "Note:")
    return html.format(level, word, said)


def _table(block: Json, drawing: Drawing) -> Markup:
    """The first row is the head of both kinds of table."""
    rows = [[_cell(cell, drawing) for cell in row] for row in block["rows"]]
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(cell) for cell in rows[0])
    body = Markup("")
    for row in rows[1:]:
        cells = Markup("").join(Markup("<td>{}</td>").format(cell) for cell in row)
        body += Markup("<tr>{}</tr>").format(cells)
    caption = block.get("caption")
    said = Markup("<caption>{}</caption>").format(caption) if caption else ""
    html = Markup(
        '<div class="table" tabindex="0" role="region" aria-label="{}"><table>{}'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    )
    return html.format(caption or "Table", said, head, body)


def _cell(cell: Json, drawing: Drawing) -> Markup:
    if cell["type"] == "rich_text":
        return rich_text(cell, drawing.reader)
    return Markup("{}").format(cell.get("text", cell.get("value", "")))


BLOCKS: Mapping[str, Callable[[Json, Drawing], Markup]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "divider": _divider,
    "actions": _actions,
    "input": _input,
    "rich_text": _rich_text,
    "markdown": _markdown,
    "container": _container,
    "card": _card,
    "alert": _alert,
    "table": _table,
    "data_table": _table,
}
