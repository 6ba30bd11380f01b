"""A row of the tables of refusals: what a code or status means, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass

from connection.errors import RemoteFault


@dataclass(frozen=True, slots=True)
class Meaning:
    """`quotes`: the service's own sentence follows ours. A `kind` of `RemoteFault` itself leaves
    the class to the status. `broad`: says less than a row for the status does, but for 400."""

    kind: type[RemoteFault]
    sentence: str
    hint: str
    quotes: bool = False
    broad: bool = False


Meanings = Mapping[str, Meaning]
