"""The bot tried out in a terminal: everything around it is simulated, the bot is real."""

import sys
from io import TextIOWrapper

INTERRUPTED = 130


def run_tour() -> int:
    """Play the main story; the exit code."""
    from bot.demo.tour import play_tour

    _print_anything()
    try:
        return play_tour()
    except KeyboardInterrupt:
        return INTERRUPTED


def run_demo() -> int:
    """Stay up with a prompt; the exit code."""
    from bot.demo.prompt import stay_up

    _print_anything()
    try:
        return stay_up()
    except KeyboardInterrupt:
        return INTERRUPTED


def _print_anything() -> None:
    """A terminal that lacks a sign shows a question mark for it."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
