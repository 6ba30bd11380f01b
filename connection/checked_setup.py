"""From what was typed into a form to a setup that may be saved."""

from collections.abc import Mapping

from connection import field_rules as rules
from connection.errors import Mistake, WrongFields
from connection.setup import TYPED_FIELDS, ConnectionSetup
from connection.setup_fields import FieldKind, FormPart, SetupField


def check_fields(typed: Mapping[str, str]) -> ConnectionSetup:
    """Apply every field's own rule, and the rules between fields.

    Raises `WrongFields` with every wrong field at once. A field that does not belong to the
    chosen authentication types is left empty; a choice that was not made has its first value.
    Secrets are not typed here and stay ''.
    """
    values = with_choices(typed)
    kept: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for about in TYPED_FIELDS:
        if not about.counts(values):
            kept[about.name] = ""
            continue
        try:
            kept[about.name] = _checked(about, values)
        except Mistake as mistake:
            wrong[about.name] = f"{mistake.message} {mistake.hint}".strip()
    if not wrong:
        wrong = rules.between_fields(kept)
    if wrong:
        raise WrongFields(wrong)
    return ConnectionSetup(**kept)


def with_choices(typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, trimmed; a choice that was not made has its first value."""
    values = {about.name: typed.get(about.name, "").strip() for about in TYPED_FIELDS}
    for about in TYPED_FIELDS:
        if about.kind is FieldKind.CHOICE and not values[about.name]:
            values[about.name] = about.choices[0][0]
    return values


def fields_for(typed: Mapping[str, str], part: FormPart) -> tuple[SetupField, ...]:
    """The fields that this part of a form with these choices shows."""
    values = with_choices(typed)
    return tuple(about for about in TYPED_FIELDS if about.part is part and about.counts(values))


def not_to_be_chosen(typed: Mapping[str, str], part: FormPart) -> tuple[SetupField, ...]:
    """Those that it does not show, and says why."""
    values = with_choices(typed)
    return tuple(
        about
        for about in TYPED_FIELDS
        if about.part is part and about.otherwise and not about.counts(values)
    )


def _checked(about: SetupField, values: Mapping[str, str]) -> str:
    value = values[about.name]
    if not value:
        if about.needed(values):
            raise Mistake(f"{about.label} is needed.")
        return ""
    if about.kind is FieldKind.CHOICE and value not in dict(about.choices):
        known = ", ".join(label for _, label in about.choices)
        raise Mistake(f"Choose one of: {known}.")
    return about.rule(value)
