"""Many rows in one message: CreateMultiple, UpdateMultiple, UpsertMultiple (pa/bulk-operations.md).

All or nothing: the standard tables do not keep what came before a failure.
"""

from collections.abc import Callable
from typing import Any

from starlette.responses import JSONResponse, Response

from simulator.dataverse.asked import Asked
from simulator.dataverse.atomic import atomic
from simulator.dataverse.errors import bad_payload
from simulator.dataverse.naming import REFERENCE, Named, named
from simulator.dataverse.shapes import Table
from simulator.dataverse.writing import create, update

Row = dict[str, Any]
NAMESPACE = "Microsoft.Dynamics.CRM."


def bulk(asked: Asked, table: Table, action: str) -> Response:
    targets = asked.json().get("Targets")
    if not isinstance(targets, list) or not all(isinstance(each, dict) for each in targets):
        raise bad_payload("'Targets' is no list of rows.")
    for target in targets:
        if target.get("@odata.type", f"{NAMESPACE}{table.entity}").lstrip("#") != (
            f"{NAMESPACE}{table.entity}"
        ):
            raise bad_payload(f"a target is no '{NAMESPACE}{table.entity}'.")
    with atomic(asked.session):
        return BULK[action](asked, table, targets)


def _create(asked: Asked, table: Table, targets: list[Row]) -> Response:
    rows = [create(asked.session, table, target) for target in targets]
    context = f"{asked.session.base}/$metadata#{NAMESPACE}CreateMultipleResponse"
    return JSONResponse({"@odata.context": context, "Ids": [row[table.key] for row in rows]})


def _update(asked: Asked, table: Table, targets: list[Row]) -> Response:
    for target in targets:
        row = _named(asked, table, target).row()
        update(asked.session, table, row, _without_key(table, target), {})
    return Response(status_code=204)


def _upsert(asked: Asked, table: Table, targets: list[Row]) -> Response:
    results = []
    for target in targets:
        one, body = _named(asked, table, target), _without_key(table, target)
        row = one.known()
        if row is None:
            whole = create(asked.session, table, body, one.values)
        else:
            whole = update(asked.session, table, row, body, {})
        results.append({"RecordCreated": row is None, "Target": {table.key: whole[table.key]}})
    context = f"{asked.session.base}/$metadata#{NAMESPACE}UpsertMultipleResponse"
    return JSONResponse({"@odata.context": context, "Results": results})


BULK: dict[str, Callable[[Asked, Table, list[Row]], Response]] = {
    f"{NAMESPACE}CreateMultiple": _create,
    f"{NAMESPACE}UpdateMultiple": _update,
    f"{NAMESPACE}UpsertMultiple": _upsert,
}


def _named(asked: Asked, table: Table, target: Row) -> Named:
    """By the primary key among the columns, or by the key in `@odata.id`."""
    if table.key in target:
        return named(asked.session, table, str(target[table.key]), {})
    address = str(target.get("@odata.id", ""))
    matched = REFERENCE.fullmatch(address)
    if matched is None or matched["set"] != table.entity_set:
        raise bad_payload("a target names no row: by its primary key, or by '@odata.id'.")
    return named(asked.session, table, matched["key"], {})


def _without_key(table: Table, target: Row) -> Row:
    return {name: value for name, value in target.items() if name != table.key}
