"""Which services Business Central publishes: read from the `$metadata` of ODataV4 (OData CSDL)."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from connection.remote import PublishedService
from dynamics.safe_xml import parsed

COMPANY = "Company"


def published_services(document: bytes) -> tuple[PublishedService, ...]:
    """Every entity set but the companies. Raises `ValueError` for what is no such document."""
    root = parsed(document)
    if _local(root.tag) != "Edmx":
        raise ValueError("not OData metadata")
    types = dict(_types(root))
    return tuple(
        PublishedService(name, frozenset(_properties(kind, types)))
        for name, kind in _sets(root)
        if name != COMPANY
    )


def _sets(root: ET.Element) -> Iterator[tuple[str, str]]:
    for node in root.iter():
        if _local(node.tag) == "EntitySet":
            yield node.get("Name", ""), node.get("EntityType", "")


def _types(root: ET.Element) -> Iterator[tuple[str, ET.Element]]:
    for schema in root.iter():
        if _local(schema.tag) == "Schema":
            for node in schema:
                if _local(node.tag) == "EntityType":
                    yield f"{schema.get('Namespace', '')}.{node.get('Name', '')}", node


def _properties(kind: str, types: dict[str, ET.Element]) -> Iterator[str]:
    """Own ones and those of the types that it extends."""
    seen = set[str]()
    while kind in types and kind not in seen:
        seen.add(kind)
        node = types[kind]
        yield from (part.get("Name", "") for part in node if _local(part.tag) == "Property")
        kind = node.get("BaseType", "")


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
