"""Nothing in the audit can be changed unseen."""

# ruff: noqa: S608 - the names of columns stand in this file

import hmac
import itertools
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from connection.audit import ChainHead
from connection.errors import ChainBroken, NotReady
from storage.audit_chain import canonical, row_hash
from storage.audit_key import read_audit_key
from storage.database import Database
from storage.key_files import create_key_file
from storage.verifying import verify
from tests.storage.samples import Stored, StoredInFile, record, throwaway
from tests.storage.writing import write

texts = st.text(max_size=8)
storable = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=70)
"""PostgreSQL has no text with a zero in it."""
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def written(original: Stored, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stored]:
    """Thirty-two rows; read only, copy it to change it."""
    stored = original.copy(tmp_path_factory.mktemp("written") / "stored")
    _run_writers(stored, 1, 30)
    yield stored
    stored.drop()


@given(values)
def test_canonical_text_holds_the_whole_value_in_ascii(value: object) -> None:
    text = canonical(value)
    assert text.isascii()
    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text


@given(st.dictionaries(texts, values, max_size=5), st.randoms())
def test_the_order_of_keys_does_not_matter(value: dict[str, object], chance: random.Random) -> None:
    keys = list(value)
    chance.shuffle(keys)
    assert canonical({key: value[key] for key in keys}) == canonical(value)


@given(st.lists(texts, min_size=6, max_size=6), st.lists(texts, min_size=6, max_size=6))
def test_different_rows_have_different_hashes(one: list[str], other: list[str]) -> None:
    hashes = {_hash(*row) for row in (one, other)}
    assert len(hashes) == (1 if one == other else 2)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_changed_column_of_any_row_is_found(written: Stored, data: st.DataObject) -> None:
    column = data.draw(
        st.sampled_from("n at workspace actor tag connection details previous hash".split())
    )
    row = data.draw(st.integers(1, 32))
    new = data.draw(st.integers(-5, 99) if column == "n" else storable)
    with throwaway(written) as stored:
        with stored.behind_the_bots_back() as driver:
            values = {"new": new, "row": row}
            if column == "n":
                driver.execute(text("DELETE FROM audit WHERE n = :new AND n <> :row"), values)
            before = driver.scalar(text(f"SELECT {column} FROM audit WHERE n = :row"), values)
            driver.execute(text(f"UPDATE audit SET {column} = :new WHERE n = :row"), values)
        if new == before:
            assert verify(stored.url, stored.keys).n == 32
            return
        with pytest.raises(ChainBroken) as caught:
            verify(stored.url, stored.keys)
        if column != "n":
            assert caught.value.row in (row, row + 1)


@settings(max_examples=10, deadline=None)
@given(row=st.integers(1, 32))
def test_the_number_of_a_missing_row_is_told(written: Stored, row: int) -> None:
    with throwaway(written) as stored:
        with stored.behind_the_bots_back() as driver:
            driver.execute(text("DELETE FROM audit WHERE n = :row"), {"row": row})
        with pytest.raises(ChainBroken, match="missing") as caught:
            verify(stored.url, stored.keys)
        assert caught.value.row == row


def test_a_row_of_broken_text_is_told_and_not_tripped_over(on_file: StoredInFile) -> None:
    with on_file.behind_the_bots_back() as driver:
        driver.exec_driver_sql("UPDATE audit SET actor = CAST(x'ff' AS TEXT) WHERE n = 2")
    with pytest.raises(ChainBroken, match="Row 2") as caught:
        verify(on_file.url, on_file.keys)
    assert caught.value.row == 2


def test_another_key_is_told(written: Stored, tmp_path: Path) -> None:
    create_key_file(tmp_path / "other" / "audit.key")
    with pytest.raises(ChainBroken, match="not the key of this database"):
        verify(written.url, tmp_path / "other")


def test_a_chain_written_anew_with_the_key_does_not_fit_a_head_written_down(
    written: Stored,
) -> None:
    head = verify(written.url, written.keys)
    with throwaway(written) as stored:
        key = read_audit_key(stored.keys)
        (stored.keys / "audit.head").unlink()
        with stored.behind_the_bots_back() as driver:
            rows = driver.exec_driver_sql("SELECT * FROM audit ORDER BY n").all()
            previous = ""
            for n, at, workspace, _actor, tag, connection, details, _previous, _hash in rows:
                put = (previous, n, at, workspace, "T1/UEVIL", tag, connection, details)
                previous_now, previous = previous, row_hash(key, *put)
                driver.execute(
                    text(
                        "UPDATE audit SET actor = 'T1/UEVIL', previous = :previous, hash = :hash "
                        "WHERE n = :n"
                    ),
                    {"previous": previous_now, "hash": previous, "n": n},
                )
        assert verify(stored.url, stored.keys).n == 32
        with pytest.raises(ChainBroken, match="the head you gave"):
            verify(stored.url, stored.keys, head)


@pytest.mark.parametrize("kept", [0, 1, 31])
def test_a_cut_off_tail_is_told(written: Stored, kept: int) -> None:
    head = verify(written.url, written.keys)
    with throwaway(written) as stored:
        with stored.behind_the_bots_back() as driver:
            driver.execute(text("DELETE FROM audit WHERE n > :kept"), {"kept": kept})
        with pytest.raises(ChainBroken) as caught:
            verify(stored.url, stored.keys)
        assert caught.value.row == kept + 1
        (stored.keys / "audit.head").unlink()
        with pytest.raises(ChainBroken) as caught:
            verify(stored.url, stored.keys, head)
        assert caught.value.row == kept + 1


def test_a_head_of_an_earlier_day_is_in_the_chain(written: Stored) -> None:
    first = _row(written, 5)
    assert verify(written.url, written.keys, first).n == 32
    with pytest.raises(ChainBroken, match="not the row that the head you gave remembers"):
        verify(written.url, written.keys, ChainHead(5, "0" * 64))


async def test_an_older_copy_that_goes_on_is_told(written: Stored) -> None:
    with throwaway(written) as stored, throwaway(written) as older:
        await _append(stored, 5)
        (older.keys / "audit.head").write_bytes((stored.keys / "audit.head").read_bytes())
        for count in (2, 10):
            await _append(older, count, "fabrikam")
            with pytest.raises(ChainBroken, match="older copy"):
                verify(older.url, older.keys)


def test_a_head_file_of_garbage_is_told(written: Stored) -> None:
    with throwaway(written) as stored:
        (stored.keys / "audit.head").write_text("all is well")
        with pytest.raises(ChainBroken, match=r"audit\.head was changed"):
            verify(stored.url, stored.keys)


async def test_the_head_file_follows_every_commit_and_never_goes_back(
    database: Database, stored: Stored
) -> None:
    file = stored.keys / "audit.head"
    entry = await database.ledger.run(record)
    assert file.read_text() == f"{entry.n}:{entry.hash}\n"
    before = file.read_text()
    await database.ledger.run(lambda tx: tx.audit_head())
    assert file.read_text() == before


def test_nothing_is_verified_without_a_database(tmp_path: Path) -> None:
    with pytest.raises(NotReady):
        verify(StoredInFile(tmp_path).url, tmp_path)


@pytest.mark.parametrize("gone", ["missing", "damaged", "another version"])
def test_a_database_that_the_head_remembers_is_put_back_and_not_made_anew(
    on_file: StoredInFile, gone: str
) -> None:
    stored = on_file
    if gone == "missing":
        stored.file.unlink()
    elif gone == "damaged":
        stored.file.write_bytes(b"rubbish" * 1000)
    else:
        with stored.behind_the_bots_back() as driver:
            driver.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NotReady, match=r"audit\.head remembers its row 2") as caught:
        verify(stored.url, stored.keys)
    assert "Put back a backup" in caught.value.hint
    assert "migrate" not in caught.value.hint


async def test_a_head_file_that_is_written_anew_is_told_in_the_log(
    database: Database, stored: Stored, caplog: pytest.LogCaptureFixture
) -> None:
    await database.ledger.run(record)
    assert not caplog.messages
    (stored.keys / "audit.head").unlink()
    await database.ledger.run(record)
    assert [message.split(":")[0] for message in caplog.messages] == [
        "audit.head was missing and is written anew"
    ]


def test_two_processes_write_one_chain(stored: Stored) -> None:
    numbers = _run_writers(stored, 2, 100)
    assert sorted(numbers) == list(range(3, 203))
    assert verify(stored.url, stored.keys).n == 202
    assert (stored.keys / "audit.head").read_text().startswith("202:")


@pytest.mark.parametrize("acknowledged", [1, 60, 200])
async def test_a_killed_process_leaves_every_acknowledged_unit(
    stored: Stored, acknowledged: int
) -> None:
    told: list[str] = []
    with _writer(stored, "killed", 100_000) as process:
        assert process.stdout is not None
        told += itertools.islice(process.stdout, acknowledged)
        process.kill()
        told += [line for line in process.stdout if line.endswith("\n")]
    kept = verify(stored.url, stored.keys).n
    assert kept >= 2 + len(told)
    database = Database.open(stored.url, stored.keys)
    for line in told:
        n, ask_id = line.split()
        assert await database.ledger.read(lambda r, i=ask_id: r.ask_is_open(i))  # type: ignore[misc]
        assert int(n) <= kept
    assert (await database.ledger.run(record)).n == kept + 1
    database.close()
    assert verify(stored.url, stored.keys).n == kept + 1


def test_the_hash_is_the_documented_one(written: Stored) -> None:
    head, before = _row(written, 1), ""
    with written.looked_into() as driver:
        _, at, workspace, actor, tag, connection, details, *_ = driver.exec_driver_sql(
            "SELECT * FROM audit WHERE n = 1"
        ).one()
    covered = [before, 1, at, workspace, actor, tag, connection, json.loads(details)]
    text = json.dumps(covered, separators=(",", ":"), sort_keys=True)
    key = read_audit_key(written.keys)
    assert head.hash == hmac.new(key, text.encode(), "sha256").hexdigest()


def _hash(previous: str, at: str, workspace: str, actor: str, tag: str, connection: str) -> str:
    return row_hash(b"key", previous, 1, at, workspace, actor, tag, connection, "{}")


def _row(stored: Stored, n: int) -> ChainHead:
    with stored.looked_into() as driver:
        found = driver.execute(text("SELECT hash FROM audit WHERE n = :n"), {"n": n}).scalar_one()
    return ChainHead(n, found)


async def _append(stored: Stored, count: int, connection: str = "contoso") -> None:
    database = Database.open(stored.url, stored.keys)
    for _ in range(count):
        await database.ledger.run(lambda tx: record(tx, connection))
    database.close()


def _writer(stored: Stored, name: str, count: int) -> "subprocess.Popen[str]":
    line = [sys.executable, "-m", write.__module__, stored.url, str(stored.keys), name, str(count)]
    return subprocess.Popen(line, stdout=subprocess.PIPE, text=True)


def _run_writers(stored: Stored, processes: int, count: int) -> list[int]:
    """The numbers that they were told."""
    running = [_writer(stored, f"writer-{one}", count) for one in range(processes)]
    told = [process.communicate(timeout=120)[0] for process in running]
    assert [process.returncode for process in running] == [0] * processes
    return [int(line.split()[0]) for text in told for line in text.splitlines()]
