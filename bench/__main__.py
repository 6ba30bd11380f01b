"""`python -m bench [name]`: exit 1 only if a benchmark could not run."""

import asyncio
import sys
import traceback
from collections.abc import Sequence

import uvloop

from bench.figure import Figure
from bench.report import RESULTS, print_figure, print_heading, print_verdict, write_results
from bench.table import BENCHMARKS, Benchmark

LONGEST_SECONDS = 600


def main(names: Sequence[str]) -> int:
    """Runs the named ones, or all."""
    unknown = [name for name in names if name not in {row.name for row in BENCHMARKS}]
    if unknown:
        known = "\n".join(f"  {row.name:<10}{row.about}" for row in BENCHMARKS)
        print(f"There is no benchmark {unknown[0]}. Known are:\n{known}", file=sys.stderr)
        return 1
    print_heading()
    figures: list[Figure] = []
    failed = [
        row.name
        for row in BENCHMARKS
        if (not names or row.name in names) and not _measured(row, figures)
    ]
    print()
    print_verdict(figures)
    write_results(figures)
    print(f"Written to {RESULTS.parent.name}/{RESULTS.name}.")
    if failed:
        print(f"Could not run: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


def _measured(row: Benchmark, figures: list[Figure]) -> bool:
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            found = runner.run(_in_time(row))
    except Exception:  # noqa: BLE001 - the others are measured all the same
        traceback.print_exc()
        return False
    for figure in found:
        print_figure(figure)
    figures += found
    return True


async def _in_time(row: Benchmark) -> Sequence[Figure]:
    async with asyncio.timeout(LONGEST_SECONDS):
        return await row.run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
