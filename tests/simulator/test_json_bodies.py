"""JSON that could not be told again is refused where it comes in, and nothing is stored."""

import json
from collections.abc import Awaitable, Callable

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.healthy.people import COMPANY
from simulator.json_bodies import read_json
from tests.simulator.conftest import Visitor

CODEUNIT = "CRMIntegrationManagement_IsCRMIntegrationEnabled"
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
BAD = {
    "half a pair": '"\\ud800"',
    "no number": "NaN",
    "no end": "1e999",
    "negative without an end": "-Infinity",
    "many digits": "1" * 5000,
    "deep": "[" * 200 + "]" * 200,
    "very deep": "[" * 200_000,
}


def _sites(visitor: Visitor) -> dict[str, tuple[str, str, str, str]]:
    """Site -> root, method, path, and the body around the bad value."""
    user = visitor.row("systemusers", "integration")["systemuserid"]
    return {
        "row": ("sales", "PATCH", f"systemusers({user})", '{"firstname": %s}'),
        "solution": ("sales", "POST", "ImportSolution", '{"CustomizationFile": %s}'),
        "page": ("page", "PATCH", "CRM_Connection_Setup('')", '{"User_Name": %s}'),
        "codeunit": ("bc", "POST", f"ODataV4/{CODEUNIT}?company={COMPANY}", '{"x": %s}'),
        "world": ("control", "PATCH", "/_world", '{"network": {"x": %s}}'),
    }


@given(VALUES)
def test_what_was_read_can_be_told_again(value: object) -> None:
    try:
        read = read_json(json.dumps(value))
    except ValueError:
        return
    json.dumps(read, allow_nan=False, ensure_ascii=False).encode()
    assert read == value


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_bad_value_is_refused(bad: str) -> None:
    for body in (f'{{"a": [{bad}]}}', f'{{"a": [{bad}]}}'.encode()):
        with pytest.raises(ValueError, match=r"\w"):
            read_json(body)


def test_bytes_that_are_no_utf8_are_refused() -> None:
    for body in (b'"\xed\xa0\x80"', '"a"'.encode("utf-16"), b'{"\xff": 1}'):
        with pytest.raises(ValueError, match="decode"):
            read_json(body)
    assert read_json(b'\xef\xbb\xbf"\xc3\xa9"') == "é"


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
@pytest.mark.parametrize("site", ["row", "solution", "page", "codeunit", "world"])
async def test_site_refuses_it_and_stores_nothing(visitor: Visitor, site: str, bad: str) -> None:
    root, method, path, around = _sites(visitor)[site]
    services = {"CRMIntegrationManagement": {"published": True}}
    await visitor.patch_environment({"web_services": services})
    headers = {"Content-Type": "application/json", "If-Match": "*"}
    callers: dict[str, Callable[..., Awaitable[httpx.Response]]] = {
        "sales": visitor.sales,
        "page": visitor.page,
        "bc": visitor.bc,
        "control": visitor.control.request,
    }
    answer = await callers[root](method, path, content=(around % bad).encode(), headers=headers)
    assert answer.status_code == 400, answer.text
    assert "JSON" in answer.text
    assert (await visitor.control.get("/_world")).status_code == 200
