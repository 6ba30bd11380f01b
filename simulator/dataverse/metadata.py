"""The routes of metadata: what the official SDK asks. Reads only; nothing is customised here."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from simulator.dataverse.asked import Asked
from simulator.dataverse.attributes import ATTRIBUTES, TYPED, attribute_rows, option_set
from simulator.dataverse.definitions import (
    ENTITY_DEFINITIONS,
    KEYS,
    MANY_TO_MANY,
    ONE_TO_MANY,
    RELATIONSHIPS,
    entity_definition,
    key_definitions,
    many_to_many,
    metadata_id,
    one_to_many,
)
from simulator.dataverse.errors import DataverseError, NotSimulatedError, bad_query, unknown_segment
from simulator.dataverse.reading import one_of, page_of
from simulator.dataverse.segments import first
from simulator.dataverse.shapes import Table
from simulator.json_bodies import read_json

Row = dict[str, Any]
NAMED = re.compile(r"LogicalName='([^']*)'")
CAST = re.compile(r"Microsoft\.Dynamics\.CRM\.\w+AttributeMetadata")
OPTION_SETS = frozenset({"OptionSet", "GlobalOptionSet"})


def entity_definitions(asked: Asked, inside: str | None, rest: str) -> Response:
    _refuse_writes(asked)
    asked.session.require("prvReadEntity", "entity")
    tables = asked.session.tables()
    if inside is None:
        if rest:
            raise NotSimulatedError(f"EntityDefinitions/{rest}")
        return _page(asked, ENTITY_DEFINITIONS, [entity_definition(table) for table in tables])
    table = _table(tables, inside)
    if not rest:
        return JSONResponse(one_of(asked, ENTITY_DEFINITIONS, entity_definition(table)))
    name, key, tail = first(rest)
    if name == "Attributes":
        return _attributes(asked, table, key, tail)
    if name in PARTS and key is None and not tail:
        shape, rows = PARTS[name]
        return _page(asked, shape, rows(table, tables))
    raise NotSimulatedError(f"EntityDefinitions/{rest}")


PARTS: dict[str, tuple[Table, Callable[[Table, list[Table]], list[Row]]]] = {
    "Keys": (KEYS, lambda table, _: key_definitions(table)),
    "OneToManyRelationships": (
        ONE_TO_MANY,
        lambda table, all_of: _of(one_to_many(all_of), "ReferencedEntity", table),
    ),
    "ManyToOneRelationships": (
        ONE_TO_MANY,
        lambda table, all_of: _of(one_to_many(all_of), "ReferencingEntity", table),
    ),
    "ManyToManyRelationships": (
        MANY_TO_MANY,
        lambda table, all_of: [
            *_of(many_to_many(all_of), "Entity1LogicalName", table),
            *_of(many_to_many(all_of), "Entity2LogicalName", table),
        ],
    ),
}


def relationship_definitions(asked: Asked, inside: str | None, rest: str) -> Response:
    _refuse_writes(asked)
    if inside is not None or rest:
        raise NotSimulatedError("one of RelationshipDefinitions")
    asked.session.require("prvReadEntity", "entity")
    tables = asked.session.tables()
    rows = [*one_to_many(tables), *many_to_many(tables)]
    page = page_of(asked, RELATIONSHIPS, rows)
    whole = {row["MetadataId"]: row for row in rows}
    shown = [{**whole[each["MetadataId"]], **each} for each in page["value"]]
    return JSONResponse(page if asked.options.select else {**page, "value": shown})


def retrieve_metadata_changes(asked: Asked) -> Response:
    """Criteria by equal logical names only, which is what the SDK asks."""
    asked.session.require("prvReadEntity", "entity")
    query = _query(asked)
    wanted = _equals(query.get("Criteria"))
    tables = [each for each in asked.session.tables() if wanted in (None, each.entity)]
    found = [_changed(table, query.get("AttributeQuery") or {}) for table in tables]
    context = f"{asked.session.base}/$metadata#Microsoft.Dynamics.CRM"
    answer = {
        "@odata.context": f"{context}.RetrieveMetadataChangesResponse",
        "ServerVersionStamp": str(asked.session.world.changes),
        "DeletedMetadata": None,
        "EntityMetadata": found,
    }
    return JSONResponse(answer)


def _changed(table: Table, query: Row) -> Row:
    names = (query.get("Properties") or {}).get("PropertyNames") or list(TYPED.columns)
    wanted = _equals(query.get("Criteria"))
    rows = [row for row in attribute_rows(table) if wanted in (None, row["LogicalName"])]
    shown = ("@odata.type", "MetadataId", "LogicalName", *names)
    return {
        "MetadataId": metadata_id(table.entity),
        "LogicalName": table.entity,
        "HasChanged": None,
        "Attributes": [{name: row[name] for name in shown if name in row} for row in rows],
    }


def _query(asked: Asked) -> Row:
    try:
        query = read_json(asked.options.aliases.get("@p1", ""))
    except ValueError as error:
        raise bad_query("The parameter 'Query' is no EntityQueryExpression.") from error
    if not isinstance(query, dict):
        raise bad_query("The parameter 'Query' is no EntityQueryExpression.")
    return query


def _equals(criteria: Any) -> str | None:
    """The logical name that the criteria ask for; none without criteria."""
    conditions = criteria.get("Conditions") if isinstance(criteria, dict) else None
    if not conditions:
        return None
    if len(conditions) != 1:
        raise NotSimulatedError("more than one condition on metadata")
    (one,) = conditions
    if (one.get("PropertyName"), one.get("ConditionOperator")) != ("LogicalName", "Equals"):
        raise NotSimulatedError("a condition on metadata other than an equal LogicalName")
    return str((one.get("Value") or {}).get("Value"))


def _attributes(asked: Asked, table: Table, key: str | None, tail: str) -> Response:
    rows = attribute_rows(table)
    if tail and not CAST.fullmatch(tail):
        raise unknown_segment(tail)
    shape = TYPED if tail else ATTRIBUTES
    if key is not None:
        (row,) = _one(rows, key, table)
        if tail:
            return JSONResponse(row)
        return JSONResponse({"@odata.type": row["@odata.type"], **one_of(asked, shape, row)})
    if tail:
        rows = [row for row in rows if row["@odata.type"] == f"#{tail}"]
    expands = {each.link for each in asked.options.expand}
    if expands - OPTION_SETS:
        raise NotSimulatedError(f"$expand of {', '.join(expands)} of an attribute")
    page = page_of(asked, shape, rows, replace(asked.options, expand=()))
    whole = {row["MetadataId"]: row for row in rows}
    for shown in page["value"]:
        row = whole[shown["MetadataId"]]
        for name in TYPED.columns.keys() - row.keys():
            shown.pop(name, None)
        shown |= {} if tail else {"@odata.type": row["@odata.type"]}
        shown |= {link: option_set(table, row) for link in expands & {"OptionSet"}}
    return JSONResponse(page)


def _one(rows: list[Row], key: str, table: Table) -> list[Row]:
    named = NAMED.fullmatch(key)
    wanted = ("LogicalName", named[1]) if named else ("MetadataId", key.lower())
    found = [row for row in rows if row[wanted[0]] == wanted[1]]
    if not found:
        text = f"Could not find an attribute with specified name: {wanted[1]} in {table.entity}"
        raise DataverseError(404, "0x80041103", text)
    return found


def _table(tables: list[Table], inside: str) -> Table:
    named = NAMED.fullmatch(inside)
    for table in tables:
        if inside.lower() == metadata_id(table.entity) or (named and named[1] == table.entity):
            return table
    name = named[1] if named else inside
    text = f"The entity with a name = '{name}' was not found in the MetadataCache."
    raise DataverseError(404, "0x80041102", text)


def _of(rows: list[Row], column: str, table: Table) -> list[Row]:
    return [row for row in rows if row[column] == table.entity]


def _page(asked: Asked, table: Table, rows: list[Row]) -> Response:
    return JSONResponse(page_of(asked, table, rows))


def _refuse_writes(asked: Asked) -> None:
    if asked.method != "GET":
        raise NotSimulatedError("a change of metadata")
