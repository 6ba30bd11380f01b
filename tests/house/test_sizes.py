"""A module holds one idea: at most 300 lines, functions at most 40, and no module for leftovers."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "connection", "dynamics", "handlers", "simulator", "storage", "workflows", "bench")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
LEFTOVERS = {"utils", "helpers", "common", "base", "manager"}


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=_named)
def test_a_module_is_short_and_says_what_it_is(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 300
    assert path.stem not in LEFTOVERS
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), "a module says in one line what it holds"


@pytest.mark.parametrize("path", MODULES, ids=_named)
def test_functions_are_short(path: Path) -> None:
    long = [
        f"{function.name} ({_lines(function)})"
        for function in _functions(ast.parse(path.read_text()))
        if _lines(function) > 40 and "versions" not in path.parts
    ]
    assert not long


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Without the docstring: it is read apart."""
    first = function.body[0]
    told = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or 0) - first.lineno + 1 if told else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring
