"""How connections to the database file are set up, and that frequent questions stay quick."""

import sqlite3

import pytest
from sqlalchemy import ClauseElement, Engine
from sqlalchemy.dialects import sqlite

from storage.rows import asks, audit, reports, showings
from storage.sqlite import reader_engine, writer_engine
from tests.storage.samples import NOW, StoredInFile

SAFE = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "secure_delete": 1,
    "busy_timeout": 10_000,
    "mmap_size": 0,
}


def _pragmas(engine: Engine) -> dict[str, object]:
    with engine.connect() as connection:
        return {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in (*SAFE, "query_only")
        }


def test_every_connection_is_safe(on_file: StoredInFile) -> None:
    assert _pragmas(writer_engine(on_file.url)) == SAFE | {"query_only": 0}
    engine = reader_engine(on_file.url)
    assert _pragmas(engine) == SAFE | {"query_only": 1}
    engine.dispose()


def test_a_writer_has_the_lock_from_its_first_moment(on_file: StoredInFile) -> None:
    other = sqlite3.connect(on_file.file, isolation_level=None, timeout=0)
    with (
        writer_engine(on_file.url).begin(),
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


PAGE = {
    "closed": ["T2"],
    "no_edits": [],
    "no_live_edits": [],
    "no_homes": [],
    "most": 32,
    "now": NOW,
}


@pytest.mark.parametrize(
    ("question", "index"),
    [
        (asks._OPEN, "inbox_open"),
        (showings._DUE.params(**PAGE), "outbox_due"),
        (showings._TOUCH, "outbox_subject"),
        (reports._NEWEST, "reports_connection"),
        (audit.rows_of("T1", None), "audit_workspace"),
    ],
)
def test_frequent_questions_are_answered_from_an_index(
    on_file: StoredInFile, question: ClauseElement, index: str
) -> None:
    compiled = question.compile(
        dialect=sqlite.dialect(), compile_kwargs={"render_postcompile": True}
    )
    sql = str(compiled)
    engine = reader_engine(on_file.url)
    with engine.connect() as connection:
        plan = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {sql}", ("x",) * sql.count("?")
        ).all()
    engine.dispose()
    assert any(index in step[-1] for step in plan), plan
