"""What a person works in a message, a modal or on Home: buttons, choices, inputs.

Every element carries its block id and action id as data, and the page reports them when it is
worked. Shapes: docs.slack.dev/reference/block-kit/block-elements.
"""

from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup

from bot.demo.playground.marks import with_emoji
from bot.demo.playground.reader import Reader
from bot.demo.simulated import Json

Held = Mapping[str, object]
"""Slack's `state` of one element: what it holds now."""

_TEXTS = {
    "email_text_input": "email",
    "url_text_input": "url",
    "number_input": "number",
    "datepicker": "date",
    "timepicker": "time",
}


def pressable(block: Json, element: Json, reader: Reader, held: Held) -> Markup:
    """An element outside an input block."""
    kind = str(element["type"])
    if kind == "button":
        return _button(block, element, reader)
    if kind == "image":
        return Markup('<span class="picture">{}</span>').format(element.get("alt_text", ""))
    if kind == "overflow":
        return _select(block, element, _options(element), "", "More…")
    if kind in ("radio_buttons", "checkboxes"):
        return _many(block, element, held, f"{block['block_id']}-{element['action_id']}")
    return _select(block, element, _choices(element, reader), _chosen(held), _hint(element))


def field(block: Json, element: Json, reader: Reader, held: Held, described: str) -> Markup:
    """An element of an input block; its id is the block's, and `described` names its hint."""
    kind, name = str(element["type"]), str(block["block_id"])
    said = Markup(' id="{0}" name="{0}"').format(name)
    if described:
        said += Markup(' aria-describedby="{}"').format(described)
    if "error-" in described:
        said += Markup(' aria-invalid="true"')
    if kind in ("radio_buttons", "checkboxes"):
        return _many(block, element, held, name)
    if kind == "plain_text_input" or kind in _TEXTS:
        return _text(element, held, said)
    return _select_in_form(element, _choices(element, reader), _chosen(held), said)


def is_grouped(element: Json) -> bool:
    """Several controls that need a legend, not a label."""
    return element["type"] in ("radio_buttons", "checkboxes")


def _button(block: Json, element: Json, reader: Reader) -> Markup:
    shown_to = element.get("visible_to_user_ids")
    if isinstance(shown_to, Sequence) and reader.me not in shown_to:
        return Markup("")
    label = element.get("accessibility_label")
    said = Markup(' aria-label="{}"').format(label) if label else ""
    html = Markup('<button type="button" class="button {}"{}{}>{}</button>')
    style = element.get("style", "")
    text = with_emoji(str(element["text"]["text"]))
    return html.format(style, _ids(block, element), said, text)


def _ids(block: Json, element: Json) -> Markup:
    return Markup(' data-block="{}" data-action="{}"').format(
        block["block_id"], element["action_id"]
    )


def _hint(element: Json) -> str:
    placeholder = element.get("placeholder") or {}
    return str(placeholder.get("text", "Choose…"))


def _chosen(held: Held) -> str:
    """The value of the one option, person or channel that is chosen."""
    for name in ("selected_user", "selected_conversation", "selected_channel"):
        if held.get(name):
            return str(held[name])
    option = held.get("selected_option")
    return str(option["value"]) if isinstance(option, Mapping) else ""


def _ticked(held: Held) -> frozenset[str]:
    several = held.get("selected_options")
    found = several if isinstance(several, list) else [held.get("selected_option")]
    return frozenset(str(one["value"]) for one in found if isinstance(one, Mapping))


def _options(element: Json) -> Iterator[tuple[str, str]]:
    groups = element.get("option_groups") or [{"options": element.get("options", ())}]
    for group in groups:
        for option in group["options"]:
            yield str(option["value"]), str(option["text"]["text"])


def _choices(element: Json, reader: Reader) -> Iterator[tuple[str, str]]:
    kind = str(element["type"])
    if "users" in kind or "conversations" in kind or "channels" in kind:
        first = "U" if "users" in kind else "C"
        return ((key, name) for key, name in reader.names.items() if key[0] == first)
    return _options(element)


def _option_tags(options: Iterator[tuple[str, str]], chosen: str, empty: str) -> Markup:
    tags = Markup('<option value="">{}</option>').format(empty)
    for value, label in options:
        mark = Markup(" selected") if value == chosen else ""
        tags += Markup('<option value="{}"{}>{}</option>').format(value, mark, label)
    return tags


def _select(
    block: Json, element: Json, options: Iterator[tuple[str, str]], chosen: str, label: str
) -> Markup:
    html = Markup('<select class="choice" aria-label="{}"{}>{}</select>')
    return html.format(label, _ids(block, element), _option_tags(options, chosen, label))


def _select_in_form(
    element: Json, options: Iterator[tuple[str, str]], chosen: str, said: Markup
) -> Markup:
    tags = _option_tags(options, chosen, _hint(element))
    return Markup('<select class="choice"{}>{}</select>').format(said, tags)


def _text(element: Json, held: Held, said: Markup) -> Markup:
    kind = str(element["type"])
    value = next((one for key, one in held.items() if key != "type" and one), "")
    said += Markup(' placeholder="{}"').format(_hint(element) if "placeholder" in element else "")
    if element.get("max_length"):
        said += Markup(' maxlength="{}"').format(element["max_length"])
    if element.get("multiline"):
        return Markup('<textarea rows="5"{}>{}</textarea>').format(said, value)
    html = Markup('<input type="{}"{} value="{}" autocomplete="off" spellcheck="false">')
    return html.format(_TEXTS.get(kind, "text"), said, value)


def _many(block: Json, element: Json, held: Held, name: str) -> Markup:
    """Radio buttons or check boxes. Outside a form, each change is an act."""
    ticked, tags = _ticked(held), Markup("")
    kind = "radio" if element["type"] == "radio_buttons" else "checkbox"
    acts = _ids(block, element) if block["type"] != "input" else Markup("")
    for option in element["options"]:
        value, about = str(option["value"]), option.get("description") or {}
        mark = Markup(" checked") if value in ticked else ""
        html = Markup(
            '<label class="tick"><input type="{}" name="{}" value="{}"{}{}>'
            "<span>{}{}</span></label>"
        )
        more = Markup("<small>{}</small>").format(about["text"]) if about else ""
        text = with_emoji(str(option["text"]["text"]))
        tags += html.format(kind, name, value, mark, acts, text, more)
    return tags
