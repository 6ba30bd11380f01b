"""The audit for other programs."""

import csv
import hmac
import io
import json
from datetime import timedelta

import pytest

from connection.audit import AuditTag
from connection.errors import Mistake, NotReady
from connection.ports import Transaction
from storage.audit_key import read_audit_key
from storage.database import Database
from storage.exporting import COLUMNS, export
from tests.storage.samples import ANNA, NOW, Stored, StoredInFile, record


@pytest.fixture
async def filled(database: Database, stored: Stored) -> Stored:
    """Rows 3 to 5, of which the last is an hour later and of another workspace."""

    def work(tx: Transaction) -> None:
        record(tx)
        record(tx, "fabrikam")
        later = NOW + timedelta(hours=1)
        tx.record(
            at=later, workspace="T2", actor=ANNA, tag=AuditTag.SETUP_SAVED, connection="contoso"
        )

    await database.ledger.run(work)
    return stored


def _numbers(lines: list[str]) -> list[int]:
    return [json.loads(line)["n"] for line in lines]


def test_json_lines_can_be_verified_with_the_key_alone(filled: Stored) -> None:
    previous, key = "", read_audit_key(filled.keys)
    for line in export(filled.url, "jsonl"):
        row = json.loads(line)
        covered = [row[c] for c in "n at workspace actor tag connection details".split()]
        text = json.dumps([previous, *covered], separators=(",", ":"), sort_keys=True)
        assert row["hash"] == hmac.new(key, text.encode(), "sha256").hexdigest()
        assert row["previous"] == previous
        previous = row["hash"]


def test_a_part_of_the_rows_can_be_asked_for(filled: Stored) -> None:
    later = NOW + timedelta(minutes=30)
    assert _numbers(list(export(filled.url, "jsonl"))) == [1, 2, 3, 4, 5]
    assert _numbers(list(export(filled.url, "jsonl", later))) == [5]
    assert _numbers(list(export(filled.url, "jsonl", workspace="T1"))) == [3, 4]
    assert _numbers(list(export(filled.url, "jsonl", connection="contoso"))) == [3, 5]


def test_csv_has_a_header_and_a_line_for_each_row(filled: Stored) -> None:
    rows = list(csv.DictReader(io.StringIO("".join(export(filled.url, "csv")), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert [row["n"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert json.loads(rows[2]["details"]) == {"reason": "Zoë’s “test”", "report": "r1"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
async def test_no_cell_is_a_formula(database: Database, stored: Stored, start: str) -> None:
    await database.ledger.run(lambda tx: record(tx, f"{start}cmd()"))
    text = "".join(export(stored.url, "csv"))
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert rows[-1]["connection"] == f"'{start}cmd()"


def test_an_unknown_format_or_a_missing_database_is_told_at_once(
    filled: Stored, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with pytest.raises(Mistake, match="xml"):
        export(filled.url, "xml")
    with pytest.raises(NotReady):
        export(StoredInFile(tmp_path_factory.mktemp("none")).url, "csv")


def test_an_export_that_is_not_read_to_its_end_holds_nothing(filled: Stored) -> None:
    lines = export(filled.url, "jsonl")
    next(lines)
    lines.close()  # type: ignore[attr-defined]
