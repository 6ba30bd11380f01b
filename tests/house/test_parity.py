"""The page on parity is complete and true: every case once, every test that it names there."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/parity.md").read_text()

# First and last number of each run; the gaps between them hold no case.
NUMBERS = (
    *((1, 2), (4, 6), (8, 10), (12, 14), (16, 18), (20, 22), (24, 26), (28, 30), (32, 34)),
    *((36, 38), (40, 42), (44, 46), (48, 50), (52, 54), (56, 58), (60, 62), (64, 74)),
    *((76, 78), (80, 82), (84, 86), (88, 90), (92, 94), (96, 98), (100, 102), (104, 106)),
    *((108, 110), (112, 114), (116, 118), (120, 122), (124, 126), (128, 130), (132, 134)),
    *((136, 138), (140, 142), (144, 146), (148, 150), (152, 158), (160, 162), (164, 166)),
    *((168, 170), (172, 174), (176, 178), (180, 182), (184, 186), (188, 296)),
)
# What the document has, in its order.
ITEMS = (
    "Video",
    "Ready beforehand: the URL",
    "Ready beforehand: user name and password of the integration user",
    "Ready beforehand: an administrator's user name and password",
    "Note: for the online version",
    "Authentication types other than Office 365 only on the page",
    "Assisted setup: open the guide",
    "Assisted setup: fill in the fields",
    "Import Dynamics 365 Sales Solution",
    "Publish Item Availability Web Service (guide)",
    "Business Central OData Web Service URL (guide)",
    "Business Central OData Web Service Username (guide)",
    "Business Central OData Web Service Accesskey (guide)",
    "Actions: Look up value, Change Web Service Key",
    "Enable Sales Order Integration (guide)",
    "Enable Dynamics 365 for Sales Connection (guide)",
    "Dynamics 365 SDK Version (guide)",
    "Note: the guide assigns both security roles",
    "By hand: open the setup page",
    "Dynamics 365 Sales URL",
    "User Name",
    "Password",
    "Enabled",
    "Dynamics 365 SDK Version (page)",
    "Note: Authentication Type Details",
    "Business Central Web Client URL",
    "Action: Reset Web Client URL",
    "The Web Client URL counts only with the integration solution",
    "Item Availability Web Service Enabled",
    "Business Central OData Web Service URL (page)",
    "Business Central OData Web Service Username (page)",
    "Business Central OData Web Service Accesskey (page)",
    "Sales Order Integration is Enabled",
    "Automatically Create Sales Orders",
    "Automatically Process Sales Quotes",
    "Business Central Users Must Map to Dynamics 365 Sales Users",
    "Current Business Central User is Mapped to a Dynamics 365 Sales User",
    "Action: Test Connection",
    "Test Connection: what it needs, and in which order",
    "Test Connection: which user is looked at",
    "Test Connection: what that user must be",
    "Question: enable data encryption now?",
    "Question: use the default synchronization setup?",
    "Note: the roles may have to be assigned by hand (first)",
    "Note: the roles may have to be assigned by hand (second)",
    "To disconnect: open the page, clear Enabled",
    "Hidden part: install the integration solution by hand, two roles",
    "Hidden part: support matrix of item availability",
    "See also: status of a synchronization",
)
SKIPPING = {"skip", "skipif", "xfail", "importorskip"}
_NAME = re.compile(r"`(tests/[^`]+)`")
_RANGE = re.compile(r"(\d+)(?:–(\d+))?")


def _tables(*titles: str) -> Iterator[list[str]]:
    """The rows of every table with these titles."""
    inside = False
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            inside = False
        elif cells == list(titles):
            inside = True
        elif inside and set(line) - set("|-"):
            yield cells


REASONS = [row[0] for row in _tables("reason", "means")]
DOCUMENT = list(_tables("item", "how this bot does it", "where"))
CASES = list(_tables("number", "case", "test name or reason"))
NAMED = sorted(set(_NAME.findall(PAGE)))
PORTED = [str(one.relative_to(ROOT)) for one in (ROOT / "tests/parity").glob("test_*.py")]


def _numbers(cell: str) -> range:
    matched = _RANGE.fullmatch(cell)
    assert matched, cell
    return range(int(matched[1]), int(matched[2] or matched[1]) + 1)


@cache
def _tests_in(path: str) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse((ROOT / path).read_text())
    assert not _skips(tree.body), f"{path} skips as a whole"
    return {
        node.name: node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
    }


def _skips(nodes: list[ast.stmt]) -> bool:
    """Whether statements of a module, outside of its functions, skip."""
    outside = [node for node in nodes if isinstance(node, ast.Assign | ast.Expr | ast.If)]
    return any(_names_a_skip(node) for node in outside)


def _names_a_skip(tree: ast.AST) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr in SKIPPING for node in ast.walk(tree))


def test_every_case_has_exactly_one_row() -> None:
    wanted = set(chain.from_iterable(range(first, last + 1) for first, last in NUMBERS))
    found = Counter(chain.from_iterable(_numbers(row[0]) for row in CASES))
    assert wanted - set(found) == set(), "cases without a row"
    assert set(found) - wanted == set(), "rows without a case"
    assert [number for number, times in found.items() if times > 1] == []
    assert list(found) == sorted(found)


def test_every_item_of_the_document_has_its_row() -> None:
    assert tuple(row[0] for row in DOCUMENT) == ITEMS


def test_no_cell_is_empty() -> None:
    assert [row for row in (*DOCUMENT, *CASES) if len(row) != 3 or not all(row)] == []


def test_every_case_has_a_test_or_a_reason_of_a_known_kind() -> None:
    assert [row for row in CASES if not (_has_test(row[2]) or _has_reason(row[2]))] == []


def _has_test(cell: str) -> bool:
    return cell.startswith("`tests/") and bool(_NAME.search(cell))


def _has_reason(cell: str) -> bool:
    kind, _, reason = cell.partition(":")
    return not _NAME.search(cell) and kind in REASONS and len(reason.split()) >= 5


@pytest.mark.parametrize("name", NAMED)
def test_every_named_test_is_there_and_runs(name: str) -> None:
    path, _, function = name.partition("::")
    assert (ROOT / path).is_file()
    test = _tests_in(path).get(function)
    assert test is not None, "no such test"
    assert not _names_a_skip(test), "it is skipped"


def test_every_ported_test_is_named_on_the_page() -> None:
    ported = {f"{path}::{name}" for path in PORTED for name in _tests_in(path)}
    assert ported - set(NAMED) == set()
