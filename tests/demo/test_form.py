"""Modals as lines of text, and their inputs as fields."""

from bot.demo.form import fields_of, form_lines
from tests.demo.shown import NAMES, context, modal, plain, select, text_input


def test_a_form_shows_values_options_hints_and_errors_at_their_fields() -> None:
    view = modal(
        text_input("name", "Name", hint=plain("What people type.")),
        select("hosting", "It runs", "Online", "On-premises"),
        text_input("tenant", "Tenant", optional=True),
        context("Secrets are given elsewhere."),
        name="adventure-prod",
        hosting="on-premises",
    )
    assert form_lines(view, NAMES, {"tenant": "That is no tenant."}, hints=False)[1:] == [
        "  │ Name",
        "  │   [adventure-prod]",
        "  │ It runs",
        "  │   ( ) 1 Online   (•) 2 On-premises",
        "  │ Tenant (optional)",
        "  │   []",
        "  │   ✗ That is no tenant.",
        "  │ Secrets are given elsewhere.",
        "  └─ [Cancel]  [Save]",
    ]
    assert "  │   What people type." in form_lines(view, NAMES)


def test_fields_hold_what_stands_in_the_form() -> None:
    view = modal(text_input("name", "Name"), select("hosting", "It runs", "Online"), name="x")
    name, hosting = fields_of(view)
    assert (name.value, name.optional, name.options) == ("x", False, ())
    assert (hosting.value, hosting.options) == ("", (("online", "Online"),))
