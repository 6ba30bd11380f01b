"""The bot tried out: everything around it is simulated, the bot is real."""

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


def run_terminal() -> int:
    """Stay up with a prompt; the exit code."""
    from bot.demo.prompt import stay_up

    _print_anything()
    try:
        return stay_up()
    except KeyboardInterrupt:
        return INTERRUPTED


def run_playground(port: int | None) -> int:
    """Stay up with a page for the browser; the exit code."""
    try:
        from bot.demo.playground.serving import serve_playground
    except ModuleNotFoundError as missing:
        print(
            f"The playground needs {missing.name}, of the extra d365bot[playground]. "
            "make demo installs it; d365bot demo --terminal needs none.",
            file=sys.stderr,
        )
        return 1
    _print_anything()
    try:
        return serve_playground(lambda line: print(line, flush=True), port)
    except KeyboardInterrupt:
        return INTERRUPTED


def _print_anything() -> None:
    """A terminal that lacks a sign shows a question mark for it."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
