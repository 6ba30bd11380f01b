"""Reads a `$filter` into a tree.

pa/webapi/query/filter-rows.md; bc/webservices/use-filter-expressions-in-odata-uris.md.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from simulator.json_bodies import read_json
from simulator.odata.kinds import Kind

COMPARISONS = ("eq", "ne", "gt", "ge", "lt", "le")
TEXT_FUNCTIONS = ("contains", "startswith", "endswith")
IN = "Microsoft.Dynamics.CRM.In"
DEEPEST = 50


class FilterError(ValueError):
    """The text is no filter that the services read, and where it goes wrong."""


@dataclass(frozen=True)
class Literal:
    kind: Kind | None
    value: str | float | bool | None


@dataclass(frozen=True)
class Comparison:
    column: str
    operator: str
    literal: Literal


@dataclass(frozen=True)
class TextFunction:
    name: str
    column: str
    text: str


@dataclass(frozen=True)
class In:
    column: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Not:
    inner: "Node"


@dataclass(frozen=True)
class Both:
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Either:
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Some:
    """`link/any(v:…)` and `link/all(v:…)`; `any()` alone has no inner node."""

    link: str
    every: bool
    variable: str
    inner: "Node | None"


Node = Comparison | TextFunction | In | Not | Both | Either | Some

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>'(?:[^']|'')*')
    | (?P<quoted>"(?:[^"\\]|\\.)*")
    | (?P<guid>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})
    | (?P<time>\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?)
    | (?P<number>-?\d+(?:\.\d+)?)
    | (?P<alias>@\w+)
    | (?P<word>[A-Za-z_][\w./]*)
    | (?P<mark>[(),=:\[\]])
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    at: int


def parse(text: str, aliases: Mapping[str, str] | None = None) -> Node:
    """Raises the 400 that the service answers with. An alias stands for its query parameter."""
    return _Parser(text, aliases or {}).whole()


def tokens_of(text: str) -> list[Token]:
    found: list[Token] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        matched = _TOKEN.match(text, at)
        if matched is None or matched.lastgroup is None:
            raise _syntax(text, at)
        kind = matched.lastgroup
        found.append(Token(kind, matched[kind], matched.start(kind)))
        at = matched.end()
    return found


def _syntax(text: str, at: int) -> FilterError:
    return FilterError(f"Syntax error at position {at} in '{text}'.")


class _Parser:
    """Recursive descent: or, and, not, then one condition."""

    def __init__(self, text: str, aliases: Mapping[str, str]) -> None:
        self._text, self._aliases = text, aliases
        self._tokens = tokens_of(text)
        self._next = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._either()
        if self._next < len(self._tokens):
            raise self._wrong()
        return node

    def _either(self) -> Node:
        node = self._both()
        while self._takes("word", "or"):
            node = Either(node, self._both())
        return node

    def _both(self) -> Node:
        node = self._one()
        while self._takes("word", "and"):
            node = Both(node, self._one())
        return node

    def _one(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise FilterError("The node count limit of the filter was exceeded.")
        try:
            if self._takes("word", "not"):
                return Not(self._one())
            if self._takes("mark", "("):
                node = self._either()
                self._needs("mark", ")")
                return node
            return self._condition()
        finally:
            self._depth -= 1

    def _condition(self) -> Node:
        name = self._needs("word").text
        if name in TEXT_FUNCTIONS and self._takes("mark", "("):
            return self._text_function(name)
        if name == IN and self._takes("mark", "("):
            return self._in()
        if name.endswith(("/any", "/all")) and self._takes("mark", "("):
            return self._some(*name.rsplit("/", 1))
        operator = self._needs("word").text
        if operator not in COMPARISONS:
            raise self._wrong(back=1)
        return Comparison(name, operator, self._literal())

    def _text_function(self, name: str) -> TextFunction:
        column = self._needs("word").text
        self._needs("mark", ",")
        literal = self._literal()
        self._needs("mark", ")")
        if not isinstance(literal.value, str) or literal.kind != Kind.STRING:
            raise FilterError(f"No function signature for the function with name '{name}' matches.")
        return TextFunction(name, column, literal.value)

    def _some(self, link: str, kind: str) -> Some:
        if kind == "any" and self._takes("mark", ")"):
            return Some(link, every=False, variable="", inner=None)
        variable = self._needs("word").text
        self._needs("mark", ":")
        inner = self._either()
        self._needs("mark", ")")
        return Some(link, kind == "all", variable, inner)

    def _in(self) -> In:
        """`In(PropertyName='c',PropertyValues=["a","b"])`, each value inline or by alias."""
        given: dict[str, object] = {}
        while True:
            name = self._needs("word").text
            self._needs("mark", "=")
            given[name] = self._argument()
            if not self._takes("mark", ","):
                break
        self._needs("mark", ")")
        column, values = given.get("PropertyName"), given.get("PropertyValues")
        if not isinstance(column, str) or not isinstance(values, tuple) or len(given) != 2:
            raise FilterError(f"{IN} needs PropertyName and PropertyValues.")
        return In(column, values)

    def _argument(self) -> object:
        token = self._take()
        if token.kind == "alias":
            return _Parser(self._alias(token), {})._argument()
        if token.kind == "text":
            return _unquoted(token.text)
        if (token.kind, token.text) != ("mark", "["):
            raise self._wrong(back=1)
        values = [self._quoted()]
        while self._takes("mark", ","):
            values.append(self._quoted())
        self._needs("mark", "]")
        return tuple(values)

    def _quoted(self) -> str:
        token = self._needs("quoted")
        try:
            return str(read_json(token.text))
        except ValueError as error:
            raise FilterError(f"{token.text} is no JSON text.") from error

    def _literal(self) -> Literal:
        """A value, also that of an enumeration: `Namespace.Type'Member'`."""
        token = self._take()
        if token.kind == "alias":
            return _Parser(self._alias(token), {})._literal()
        if token.kind == "text":
            return Literal(Kind.STRING, _unquoted(token.text))
        if token.kind == "guid":
            return Literal(Kind.GUID, token.text.lower())
        if token.kind == "time":
            return Literal(Kind.TIME, self._time(token))
        if token.kind == "number":
            return Literal(Kind.DOUBLE, float(token.text))
        words = {"true": True, "false": False, "null": None}
        if token.kind == "word" and token.text in words:
            value = words[token.text]
            return Literal(None if value is None else Kind.BOOLEAN, value)
        if token.kind == "word" and "." in token.text:
            return Literal(Kind.STRING, _unquoted(self._needs("text").text))
        raise self._wrong(back=1)

    def _time(self, token: Token) -> str:
        try:
            datetime.fromisoformat(token.text)
        except ValueError as error:
            raise _syntax(self._text, token.at) from error
        return token.text

    def _alias(self, token: Token) -> str:
        if token.text not in self._aliases:
            raise FilterError(f"The parameter alias '{token.text}' has no value.")
        return self._aliases[token.text]

    def _take(self) -> Token:
        if self._next >= len(self._tokens):
            raise self._wrong()
        self._next += 1
        return self._tokens[self._next - 1]

    def _takes(self, kind: str, text: str) -> bool:
        here = self._tokens[self._next] if self._next < len(self._tokens) else None
        if here is None or (here.kind, here.text) != (kind, text):
            return False
        self._next += 1
        return True

    def _needs(self, kind: str, text: str | None = None) -> Token:
        token = self._take()
        if token.kind != kind or text not in (None, token.text):
            raise self._wrong(back=1)
        return token

    def _wrong(self, back: int = 0) -> FilterError:
        place = self._next - back
        at = self._tokens[place].at if place < len(self._tokens) else len(self._text)
        return _syntax(self._text, at)


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'")
