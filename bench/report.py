"""The table on the screen and `bench/results.json`."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.figure import Figure, Rounds

RESULTS = Path(__file__).with_name("results.json")

_ROW = "{:<22}{:>10}{:>18}{:>12}{:>18}{:>8}{:>6}  {}"


def print_heading() -> None:
    """Once, above all lines."""
    titles = ("", "d365bot", "min to max", "reference", "min to max", "ratio", "aim", "unit")
    print(_ROW.format(*titles))


def print_figure(figure: Figure) -> None:
    """One line: medians of rounds, and between which values the rounds lay."""
    print(
        _ROW.format(
            figure.name,
            _number(figure.value),
            _spread(figure.ours),
            _number(figure.beside),
            _spread(figure.reference),
            f"{figure.ratio:.2f}",
            f"{figure.aim:g}" if figure.aim else "",
            figure.unit,
        ),
        flush=True,
    )


def print_verdict(figures: Sequence[Figure]) -> None:
    """In words, what was aimed for and missed. Nothing fails because of it."""
    aimed = [figure for figure in figures if figure.aim is not None]
    for figure in aimed:
        if figure.missed:
            over = figure.ratio / (figure.aim or 1)
            print(
                f"Missed: {figure.name} is {figure.ratio:.2f} times its reference; "
                f"the aim is at most {figure.aim:g}, so {over:.2f} times too much."
            )
    if aimed and not any(figure.missed for figure in aimed):
        print(f"Every aim is met ({', '.join(figure.name for figure in aimed)}).")


def write_results(figures: Sequence[Figure]) -> None:
    """Only what ran now; a larger ratio is worse."""
    when = datetime.now(UTC).isoformat(timespec="seconds")
    rows = [figure.as_row(when) for figure in figures]
    RESULTS.write_text(json.dumps(rows, indent=2) + "\n")


def _spread(rounds: Rounds) -> str:
    return f"{_number(min(rounds))} … {_number(max(rounds))}" if len(rounds) > 1 else "one run"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
