"""A Slack modal as lines of text, and its inputs as fields that can be asked one by one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.demo.paper import WIDTH, folded
from bot.demo.screen import Names, block_lines
from bot.demo.simulated import Json

_INDENT = "  │   "
_NO_ERRORS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Field:
    """One input. `options` are (value, label); `value` is what stands in it now."""

    name: str
    label: str
    hint: str
    placeholder: str
    optional: bool
    options: tuple[tuple[str, str], ...]
    value: str

    @property
    def shown(self) -> str:
        """The value as a person reads it."""
        return dict(self.options).get(self.value, self.value)


def fields_of(view: Json) -> list[Field]:
    """In the order of the form."""
    return [_field(view, block) for block in view["blocks"] if block["type"] == "input"]


def title_of(view: Json) -> str:
    """What stands in its frame."""
    return str(view["title"]["text"])


def is_complete(view: Json) -> bool:
    """False for the light view that stands until the form is filled."""
    return bool(view.get("submit")) or "opening" not in str(view.get("callback_id"))


def form_lines(
    view: Json, names: Names, errors: Mapping[str, str] = _NO_ERRORS, *, hints: bool = True
) -> list[str]:
    """The whole modal, with what stands in its fields and the errors at them."""
    title = f"  ┌─ {title_of(view)} "
    lines = [title + "─" * (60 - len(title))]
    for block in view["blocks"]:
        if hints and len(lines) > 1:
            lines.append("  │")
        if block["type"] == "input":
            lines += field_lines(_field(view, block), errors.get(block["block_id"], ""), hints)
        else:
            lines += [f"  │ {line}" for line in block_lines(block, names, width=WIDTH - 4)]
    return [*lines, "  └─ " + "  ".join(_feet(view))]


def field_lines(field: Field, error: str = "", hints: bool = True) -> list[str]:
    """One input: label, value or options, error, hint."""
    lines = folded(field.label + (" (optional)" if field.optional else ""), "  │ ")
    if field.options:
        lines += folded("   ".join(_marked_options(field)), _INDENT)
    else:
        empty = f"[e.g. {field.placeholder}]" if field.placeholder else "[]"
        lines += folded(f"[{field.value}]" if field.value else empty, _INDENT)
    if error:
        lines += folded(f"✗ {error}", _INDENT)
    if hints and field.hint:
        lines += folded(field.hint, _INDENT, "")
    return lines


def _marked_options(field: Field) -> Iterator[str]:
    for number, (value, label) in enumerate(field.options, start=1):
        yield f"({'•' if value == field.value else ' '}) {number} {label}"


def _feet(view: Json) -> Iterator[str]:
    for name in ("close", "submit"):
        if view.get(name):
            yield f"[{view[name]['text']}]"


def _field(view: Json, block: Json) -> Field:
    element = block["element"]
    held = view["state"]["values"].get(block["block_id"], {}).get(element["action_id"], {})
    return Field(
        name=block["block_id"],
        label=_plain(block.get("label")),
        hint=_plain(block.get("hint")),
        placeholder=_plain(element.get("placeholder")),
        optional=bool(block.get("optional")),
        options=tuple((one["value"], _plain(one["text"])) for one in element.get("options", ())),
        value=_held(held),
    )


def _held(state: Json) -> str:
    """A text as it is, an option by its value."""
    held: Any = next((value for key, value in state.items() if key != "type"), None)
    if isinstance(held, Mapping):
        return str(held.get("value", ""))
    return "" if held is None else str(held)


def _plain(text: Any) -> str:
    return str(text["text"]) if text else ""
