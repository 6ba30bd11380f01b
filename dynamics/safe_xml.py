"""XML from outside, read without document types: entities could make it grow without end."""

from xml.etree import ElementTree as ET


class ForbiddenMarkup(ValueError):
    """A document type stands in the XML."""


class _Builder(ET.TreeBuilder):
    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Called by the parser before any entity is read."""
        raise ForbiddenMarkup(name, pubid, system)


def parsed(document: bytes | str) -> ET.Element:
    """The root. Raises `ValueError` for what is no XML, or has a document type."""
    parser = ET.XMLParser(target=_Builder())  # noqa: S314 - _Builder refuses document types
    try:
        parser.feed(document)
        root: ET.Element = parser.close()
    except (ET.ParseError, LookupError) as error:
        raise ValueError("not XML") from error
    return root
