"""Filling in a modal at the terminal: one field after the other, and wrong ones again."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.demo.form import Field, field_lines, fields_of, title_of
from bot.demo.right_values import value_lines
from bot.demo.screen import block_lines
from bot.demo.simulated import CannotDo, Json
from bot.demo.stage import Stage
from bot.demo.terminal import Terminal

CANCEL, VALUES, EMPTY = "cancel", "values", "-"


class Cancelled(Exception):
    """The person closed the form."""


@dataclass(frozen=True, slots=True)
class Filling:
    """One person before the modals that are open for them."""

    stage: Stage
    terminal: Terminal
    person: str

    def fill_in(self) -> bool:
        """Until no modal is open; false if the last one was closed instead of sent."""
        errors: Mapping[str, str] = {}
        sent = False
        while view := self.stage.slack.sees(self.person).form:
            try:
                values = self._values(view, errors)
            except Cancelled:
                self.stage.slack.close(self.person)
                errors, sent = {}, False
                continue
            errors, sent = self._submit(values), True
        return sent

    def _values(self, view: Json, errors: Mapping[str, str]) -> dict[str, str]:
        """Asks every field, or with errors only those."""
        if errors:
            wrong = [field for field in fields_of(view) if field.name in errors]
            return {field.name: self._ask(field, errors[field.name]) for field in wrong}
        self.terminal.show(
            ["", f"  ┌─ {title_of(view)} ─ Enter keeps what is shown, {CANCEL} closes the form"]
        )
        fields = {field.name: field for field in fields_of(view)}
        values: dict[str, str] = {}
        for block in view["blocks"]:
            if block["type"] == "input":
                values[block["block_id"]] = self._ask(fields[block["block_id"]])
            else:
                self.terminal.show(
                    f"  │ {line}" for line in block_lines(block, self.stage.ready.names)
                )
        if not view.get("submit"):
            self.terminal.ask("  └─ Enter closes it ")
            raise Cancelled
        self.terminal.show([f"  └─ {view['submit']['text']}"])
        return values

    def _ask(self, field: Field, error: str = "") -> str:
        self.terminal.show(["  │", *field_lines(field, error)])
        while True:
            line = self.terminal.ask("  ├> ")
            if line == CANCEL:
                raise Cancelled
            if line == VALUES:
                self.terminal.show(f"  │ {one}" for one in value_lines(self.stage))
                continue
            value = _entered(field, line)
            if value or (field.optional and value is not None):
                return value
            choices = f"Type a number from 1 to {len(field.options)}." if field.options else ""
            self.terminal.show([f"  │   ✗ {choices or 'This field is needed.'}"])

    def _submit(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """The errors at the fields."""
        try:
            answer = self.stage.slack.submit(self.person, values)
        except CannotDo as error:
            name, _, reason = str(error).partition(": ")
            if name in values:
                return {name: reason}
            self.terminal.show([f"  │ ✗ Slack does not take it: {error}"])
            return {}
        if answer["error"] or answer["refused"]:
            self.terminal.show(["  │ ✗ We had some trouble connecting. Try again?"])
        errors: Mapping[str, str] = answer["errors"]
        if errors:
            count = "one field needs" if len(errors) == 1 else f"{len(errors)} fields need"
            self.terminal.show(["  │", f"  │ Not saved: {count} another look."])
        return errors


def _entered(field: Field, line: str) -> str | None:
    """None for what is no answer to this field."""
    if not line:
        return field.value
    if line == EMPTY and field.optional:
        return ""
    if not field.options:
        return line
    if line.isdecimal() and 1 <= int(line) <= len(field.options):
        return field.options[int(line) - 1][0]
    return None
