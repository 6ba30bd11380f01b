"""A modal as HTML: its blocks in a form, and the buttons below."""

from collections.abc import Iterator, Mapping

from markupsafe import Markup

from bot.demo.playground.blocks import Drawing, blocks_html
from bot.demo.playground.reader import Reader
from bot.demo.simulated import Json

WHOLE = "view"
"""Errors at this key are told of the whole modal."""


def modal_html(view: Json, errors: Mapping[str, str], reader: Reader) -> Markup:
    """The whole modal. What its inputs hold is in the view."""
    drawing = Drawing(reader, view["state"]["values"], errors)
    inputs = {str(block["block_id"]) for block in view["blocks"] if block["type"] == "input"}
    loose = [text for name, text in errors.items() if name not in inputs]
    html = Markup(
        '<form class="modal" novalidate data-view="{}"><header><h2 id="modal-title">{}</h2>'
        '<button type="button" class="cross" data-close="1" aria-label="Close">×</button></header>'
        '<div class="inside">{}{}</div><footer>{}</footer></form>'
    )
    return html.format(
        view["id"],
        view["title"]["text"] if view.get("title") else "",
        _summary(view, errors, loose),
        blocks_html(view["blocks"], drawing),
        Markup("").join(_feet(view)),
    )


def empty_in(view: Json, typed: Mapping[str, object]) -> dict[str, str]:
    """Inputs that have to be filled in before Slack's client sends anything."""
    return {
        str(block["block_id"]): "Please complete this required field."
        for block in view["blocks"]
        if block["type"] == "input" and not block.get("optional")
        if typed.get(block["block_id"]) in (None, "", [])
    }


def _summary(view: Json, errors: Mapping[str, str], loose: list[str]) -> Markup:
    """What is wrong, on top, with a way to each field."""
    if not errors:
        return Markup("")
    labels = {
        str(block["block_id"]): str(block["label"]["text"])
        for block in view["blocks"]
        if block["type"] == "input"
    }
    items = [Markup("<li>{}</li>").format(text) for text in loose]
    items += [
        Markup('<li><a href="#{0}" data-field="{0}">{1}</a></li>').format(name, labels[name])
        for name in errors
        if name in labels
    ]
    html = Markup('<div class="alert error" role="alert"><b>Not saved yet.</b><ul>{}</ul></div>')
    return html.format(Markup("").join(items))


def _feet(view: Json) -> Iterator[Markup]:
    close = view.get("close") or {"text": "Close"}
    yield Markup('<button type="button" class="button" data-close="1">{}</button>').format(
        close["text"]
    )
    if view.get("submit"):
        yield Markup('<button type="submit" class="button primary">{}</button>').format(
            view["submit"]["text"]
        )
