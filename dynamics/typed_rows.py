"""Pages whose rows are known, read without a mapping for each of a hundred thousand rows.

A column that is missing, null or not of its type counts as None, as `dynamics.odata.text_in` has
it. msgspec reads what is as documented; what it refuses is read again in the forgiving way, so both
come to the same rows.
"""

from collections.abc import Sequence
from typing import Generic, TypeVar, cast

from msgspec import Struct, ValidationError, convert, defstruct, field
from msgspec.json import Decoder
from msgspec.structs import fields

from dynamics.calls import Answer, Service
from dynamics.odata import NEXT_LINK, Row, plain_page

R = TypeVar("R", bound=Struct)


class Typed(Generic[R]):
    """Rows of `kind`, a struct whose fields all may be None and are by default."""

    def __init__(self, kind: type[R]) -> None:
        self._kind = kind
        self._types = {one.encode_name: (one.name, one.type) for one in fields(kind)}
        link = ("link", str, field(name=NEXT_LINK, default=""))
        self._decoder = Decoder(defstruct("Page", [("value", list[kind]), link]))  # type: ignore[valid-type]

    @property
    def columns(self) -> str:
        """For `$select`."""
        return ",".join(self._types)

    def page(self, service: Service, answer: Answer) -> tuple[Sequence[R], str]:
        """The rows, and the next link as it is written. Raises `Unintelligible`."""
        try:
            read = self._decoder.decode(answer.content)
        except (ValueError, RecursionError):
            rows, link = plain_page(service, answer)
            return [self.row(row) for row in rows], link
        return cast(Sequence[R], read.value), cast(str, read.link)  # type: ignore[attr-defined]

    def row(self, row: Row) -> R:
        """One that was read as a mapping."""
        found: dict[str, object] = {}
        for column, (name, kind) in self._types.items():
            try:
                found[name] = convert(row.get(column), kind)
            except ValidationError:
                found[name] = None
        return self._kind(**found)
