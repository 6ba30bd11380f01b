"""Folded parts and tables as lines of text: all of it, with names and times read."""

from datetime import UTC, datetime

from bot.demo.paper import WIDTH
from bot.demo.screen import message_lines
from handlers.views.blocks import Message, section
from handlers.views.newer import cell, folded, person_cell, table, time_cell
from tests.demo.shown import NAMES, message

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)


def lines_of(said: Message) -> list[str]:
    blocks = [dict(block) for block in said.as_dicts()]
    return message_lines(message(*blocks), NAMES)[1:]


def test_a_folded_part_stands_open() -> None:
    said = Message("x", (folded("2 checks passed", [section("Sales: *A*, B")], []),))
    assert lines_of(said) == ["  │ ▾ 2 checks passed", "  │ Sales: A, B"]


def test_a_table_stands_in_columns() -> None:
    rows = [[person_cell("U0OLGA"), cell("admin"), time_cell(AT)], [cell("A"), cell(""), cell("-")]]
    lines = lines_of(Message("x", (table(("Who", "Role", "When"), rows, []),)))
    assert lines[0] == "  │ Who    Role   When"
    assert lines[2:] == ["  │ @olga  admin  2026-11-26 12:00 UTC", "  │ A      -      -"]


def test_a_wide_table_names_its_columns_in_each_row() -> None:
    rows = [[cell("x" * 60), cell("y y " * 20)]]
    lines = lines_of(Message("x", (table(("One", "Two"), rows, []),)))
    assert lines[0].startswith("  │ One: xxx")
    assert "Two: y" in " ".join(lines)
    assert max(map(len, lines)) <= WIDTH
