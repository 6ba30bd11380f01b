"""Triggers that keep a table append-only, in the words of each database.

Revisions call these, so what stands in them for SQLite is never changed once it has landed.
"""

from collections.abc import Iterator

from alembic import op

from storage.postgresql import SCHEMA


def keep_append_only(table: str, *key: str) -> None:
    """Rows of it are neither changed nor deleted nor, by `key`, replaced."""
    for statement in _on_postgresql(table) if _postgresql() else _on_sqlite(table, key):
        op.execute(statement)


def keep_in_chain(table: str) -> None:
    """Append-only, and each row has the next `n` and the last row's `hash` as its `previous`."""
    keep_append_only(table)
    for statement in _chain_on_postgresql(table) if _postgresql() else _chain_on_sqlite(table):
        op.execute(statement)


def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _on_sqlite(table: str, key: tuple[str, ...]) -> Iterator[str]:
    for act in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        )
    if key:
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        # Also where a connection did not turn recursive triggers on: REPLACE deletes first.
        yield (
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608 - own words
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
            "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        )


def _chain_on_sqlite(table: str) -> Iterator[str]:
    yield (
        f"CREATE TRIGGER {table}_number BEFORE INSERT ON {table} "  # noqa: S608 - own words
        f"WHEN NEW.n IS NOT (SELECT coalesce(max(n), 0) + 1 FROM {table}) "
        "BEGIN SELECT RAISE(ABORT, 'append-only: the number is not the next one'); END"
    )
    yield (
        f"CREATE TRIGGER {table}_previous BEFORE INSERT ON {table} "  # noqa: S608 - own words
        f"WHEN NEW.previous IS NOT coalesce((SELECT hash FROM {table} ORDER BY n DESC LIMIT 1), '')"
        " BEGIN SELECT RAISE(ABORT, 'append-only: previous is not the last hash'); END"
    )


def _on_postgresql(table: str) -> Iterator[str]:
    """Once a statement, so also where it would meet no row; ALWAYS: also in a replica's session."""
    yield (
        f"CREATE OR REPLACE FUNCTION {SCHEMA}.refuse_change() RETURNS trigger LANGUAGE plpgsql "
        "SET search_path = pg_catalog AS $$ BEGIN RAISE EXCEPTION 'append-only' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    yield (
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {SCHEMA}.{table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse_change()"
    )
    yield f"ALTER TABLE {SCHEMA}.{table} ENABLE ALWAYS TRIGGER {table}_no_change"


def _chain_on_postgresql(table: str) -> Iterator[str]:
    yield f"""
        CREATE FUNCTION {SCHEMA}.continue_{table}() RETURNS trigger LANGUAGE plpgsql
        SET search_path = pg_catalog AS $$
        DECLARE
            last_n bigint;
            last_hash text;
        BEGIN
            SELECT n, hash INTO last_n, last_hash FROM {SCHEMA}.{table} ORDER BY n DESC LIMIT 1;
            IF NEW.n IS DISTINCT FROM coalesce(last_n, 0) + 1 THEN
                RAISE EXCEPTION 'append-only: the number is not the next one'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            IF NEW.previous IS DISTINCT FROM coalesce(last_hash, '') THEN
                RAISE EXCEPTION 'append-only: previous is not the last hash'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$"""  # noqa: S608 - own words
    yield (
        f"CREATE TRIGGER {table}_continued BEFORE INSERT ON {SCHEMA}.{table} "
        f"FOR EACH ROW EXECUTE FUNCTION {SCHEMA}.continue_{table}()"
    )
    yield f"ALTER TABLE {SCHEMA}.{table} ENABLE ALWAYS TRIGGER {table}_continued"
