"""Messages as lines of text."""

from bot.demo.paper import WIDTH
from bot.demo.screen import buttons, is_under_way, message_lines, opening_lines, progress_line
from tests.demo.shown import NAMES, actions, context, header, message, section


def test_a_message_shows_where_it_stands_and_what_it_says() -> None:
    said = message(
        header("Saved"), section("<@U0OLGA> saved *it*."), context("Next: test"), actions("Test")
    )
    assert message_lines(said, NAMES) == [
        "  d365bot in #crm-admins",
        "  │ Saved",
        "  │ ═════",
        "  │ @olga saved it.",
        "  │ Next: test",
        "  │",
        "  │ [1] Test",
    ]


def test_who_alone_sees_it_and_that_it_was_edited_stand_above() -> None:
    assert message_lines(message(to="olga"), NAMES)[0].endswith("(only visible to olga)")
    assert message_lines(message(edits=1), NAMES)[0].endswith("(edited)")
    assert message_lines(message(edits=3), NAMES)[0].endswith("(edited 3 times)")


def test_without_blocks_the_text_is_shown() -> None:
    assert message_lines(message(text="one\ntwo"), NAMES)[1:] == ["  │ one", "  │ two"]


def test_no_line_is_wider_than_the_terminal() -> None:
    long = message(section("many words " * 40), section("https://" + "x" * 300), header("h" * 140))
    lines = message_lines(long, NAMES)
    assert max(map(len, lines)) <= WIDTH
    assert len(lines) > 8


def test_buttons_are_numbered_through_the_whole_message() -> None:
    said = message(actions("Test", "Edit"), section("and"), actions("Help"))
    lines = message_lines(said, NAMES)
    assert "  │ [1] Test   [2] Edit" in lines
    assert "  │ [3] Help" in lines
    assert [one.action_id for one in buttons(said)] == ["test", "edit", "help"]


def test_a_running_test_is_told_from_a_finished_one() -> None:
    lines = ":hourglass_flowing_sand: *DNS* running\n:white_circle: *Sign-in* waiting"
    running = message(header("Test: 1 of 3"), section(lines))
    about_to_end = message(header("Testing x: 3 of 3"), section(":white_check_mark: passed"))
    finished = message(header("Test: passed"), section(":white_check_mark: *DNS* passed"))
    assert is_under_way(running)
    assert is_under_way(about_to_end)
    assert not is_under_way(finished)
    assert progress_line(running, NAMES) == "  │ Test: 1 of 3 (… DNS running)"


def test_the_opening_ends_at_the_divider_and_counts_what_is_left_out() -> None:
    said = message(header("Failed"), section("why"), {"type": "divider"}, section("all\nthe rest"))
    assert opening_lines(said, NAMES)[-2:] == ["  │ why", "  │ (and 5 more lines)"]
    assert opening_lines(message(section("short")), NAMES)[-1] == "  │ short"
