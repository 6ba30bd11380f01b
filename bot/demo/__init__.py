"""The bot tried out: everything around it is simulated, the bot is real."""

import sys
from io import TextIOWrapper

INTERRUPTED = 130


def run(*, tour: bool, terminal: bool, port: int | None) -> int:
    """The main story, a prompt, or else a page for the browser; the exit code."""
    _print_anything()
    try:
        if tour:
            return _play_tour()
        return _stay_up() if terminal else _serve_playground(port)
    except KeyboardInterrupt:
        return INTERRUPTED


def _play_tour() -> int:
    from bot.demo.tour import play_tour

    return play_tour()


def _stay_up() -> int:
    from bot.demo.prompt import stay_up

    return stay_up()


def _serve_playground(port: int | None) -> int:
    try:
        from bot.demo.playground.serving import serve_playground
    except ModuleNotFoundError as missing:
        print(
            f"The playground needs {missing.name}, of the extra d365bot[playground]. "
            "make demo installs it; d365bot demo --terminal needs d365bot[simulator] alone.",
            file=sys.stderr,
        )
        return 1
    return serve_playground(lambda line: print(line, flush=True), port)


def _print_anything() -> None:
    """A terminal that lacks a sign shows a question mark for it."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
