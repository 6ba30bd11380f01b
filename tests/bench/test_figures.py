"""What the benchmarks write: medians, ratios that grow when things get worse, and words."""

import json
from pathlib import Path

import pytest

from bench import report
from bench.__main__ import main
from bench.figure import Figure, percentile
from bench.table import BENCHMARKS

SLOW = Figure("slow", "ms", ours=(8.0, 9.0, 30.0), reference=(2.0, 3.0, 2.5), aim=3)
BUSY = Figure("busy", "rows/s", (100.0,), (400.0,), aim=5, more_is_better=True)


def test_a_larger_ratio_is_worse_whatever_the_unit() -> None:
    assert SLOW.ratio == pytest.approx(9.0 / 2.5)
    assert BUSY.ratio == pytest.approx(4.0)


def test_an_aim_is_missed_only_above_it() -> None:
    assert SLOW.missed
    assert not BUSY.missed


def test_a_percentile_is_a_measured_value() -> None:
    hundred = [float(number) for number in range(1, 101)]
    assert percentile(hundred, 0.99) == 99.0
    assert percentile([7.0], 0.5) == 7.0


def test_results_have_the_agreed_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # the file of a real run is left alone
    monkeypatch.setattr(report, "RESULTS", tmp_path / "results.json")
    report.write_results([SLOW])
    (row,) = json.loads((tmp_path / "results.json").read_text())
    assert list(row) == ["name", "value", "unit", "reference", "ratio", "aim", "when"]


def test_a_missed_aim_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    report.print_verdict([SLOW, BUSY])
    told = capsys.readouterr().out
    assert "Missed: slow is 3.60 times its reference" in told
    assert "busy" not in told


def test_an_unknown_benchmark_gets_the_known_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no-such-thing"]) == 1
    told = capsys.readouterr().err
    assert all(row.name in told for row in BENCHMARKS)
