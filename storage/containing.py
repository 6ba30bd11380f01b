"""Whether a text holds another one, to the letter: each database has its own word for it."""

from typing import Any

from sqlalchemy import Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class place_in(GenericFunction[int]):  # noqa: N801 - a function of SQL
    """Where the second text begins in the first one, from 1 on; 0 where it does not."""

    type = Integer()
    inherit_cache = True


@compiles(place_in, "sqlite")
def _on_sqlite(element: place_in, compiler: SQLCompiler, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"


@compiles(place_in, "postgresql")
def _on_postgresql(element: place_in, compiler: SQLCompiler, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)})"
