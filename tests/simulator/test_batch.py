"""`POST $batch`: many requests in one, some of them together or not at all."""

import contextlib
import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.dataverse.multipart import MultipartError, Part, boundary_of, parts_of, written
from tests.simulator.conftest import Visitor

CRLF = "\r\n"
EVERYTHING = {"privileges": {"Connection Bot": {"*": True}}}
CONTINUES = {"Prefer": "odata.continue-on-error"}


def _request(line: str, body: Any = None, content_id: int | None = None) -> str:
    head = ["Content-Type: application/http", "Content-Transfer-Encoding: binary"]
    if content_id is not None:
        head.append(f"Content-ID: {content_id}")
    inner = [f"{line} HTTP/1.1", "Content-Type: application/json; type=entry", ""]
    return CRLF.join([*head, "", *inner, "" if body is None else json.dumps(body)])


def _change_set(*requests: str) -> str:
    parts = [f"--changeset_1{CRLF}{each}{CRLF}" for each in requests]
    head = f"Content-Type: multipart/mixed; boundary=changeset_1{CRLF}{CRLF}"
    return head + "".join(parts) + f"--changeset_1--{CRLF}"


def _body(*parts: str) -> str:
    return "".join(f"--batch_1{CRLF}{each}{CRLF}" for each in parts) + f"--batch_1--{CRLF}"


async def _send(
    visitor: Visitor, *parts: str, headers: Mapping[str, str] | None = None, body: str = ""
) -> httpx.Response:
    kind = {"Content-Type": 'multipart/mixed; boundary="batch_1"'}
    content = (body or _body(*parts)).encode()
    return await visitor.sales(
        "POST", "$batch", headers={**kind, **(headers or {})}, content=content
    )


def _statuses(answer: httpx.Response) -> list[int]:
    lines = answer.text.split(CRLF)
    return [int(line.split()[1]) for line in lines if line.startswith("HTTP/1.1 ")]


async def _teams(visitor: Visitor) -> set[str]:
    rows = visitor.simulation.world.facts["sales"]["adventure"]["tables"]["teams"].values()
    return {row["name"] for row in rows}


async def test_addresses_are_absolute_or_relative(visitor: Visitor) -> None:
    base = f"{visitor.ready['sales_url']}/api/data/v9.2"
    paths = (f"{base}/WhoAmI", "WhoAmI()", "/api/data/v9.2/WhoAmI", "/WhoAmI")
    answer = await _send(visitor, *(_request(f"GET {path}") for path in paths))
    assert (answer.status_code, _statuses(answer)) == (200, [200] * 4)
    assert answer.headers["Content-Type"].startswith("multipart/mixed; boundary=batchresponse_")
    assert "\n" not in answer.text.replace(CRLF, "")


async def test_query_of_an_address_may_hold_blanks(visitor: Visitor) -> None:
    line = "GET systemusers?$select=fullname&$filter=fullname eq 'Ada Admin'"
    answer = await _send(visitor, _request(line))
    assert "Ada Admin" in answer.text


async def test_first_failure_ends_the_batch_with_its_status(visitor: Visitor) -> None:
    lines = ("GET WhoAmI", "GET shoes", "GET WhoAmI")
    answer = await _send(visitor, *(_request(line) for line in lines))
    assert (answer.status_code, _statuses(answer)) == (404, [200, 404])


async def test_batch_goes_on_after_an_error_if_asked_to(visitor: Visitor) -> None:
    lines = ("GET shoes", "GET WhoAmI")
    answer = await _send(visitor, *(_request(line) for line in lines), headers=CONTINUES)
    assert (answer.status_code, _statuses(answer)) == (200, [404, 200])


async def test_change_set_refers_to_what_it_made_in_address_and_body(visitor: Visitor) -> None:
    await visitor.patch_sales(EVERYTHING)
    answer = await _send(
        visitor,
        _change_set(
            _request("POST contacts", {"firstname": "Bo", "lastname": "Batch"}, 1),
            _request("POST accounts", {"name": "B", "primarycontactid@odata.bind": "$1"}, 2),
            _request("PATCH $2", {"telephone1": "1"}, 3),
            _request("PUT $2/parentaccountid/$ref", {"@odata.id": "$2"}, 4),
        ),
    )
    assert (answer.status_code, _statuses(answer)) == (200, [204] * 4)
    assert "boundary=changesetresponse_" in answer.text
    assert [f"Content-ID: {number}" in answer.text for number in (1, 2, 3, 4)] == [True] * 4
    query = "accounts?$filter=name eq 'B'&$expand=primarycontactid($select=fullname)"
    (account,) = (await visitor.sales("GET", query)).json()["value"]
    assert account["primarycontactid"]["fullname"] == "Bo Batch"
    assert account["telephone1"] == "1"
    assert account["_parentaccountid_value"] == account["accountid"]


@pytest.mark.parametrize("headers", [{}, CONTINUES])
async def test_failed_change_set_answers_with_one_part(
    visitor: Visitor, headers: dict[str, str]
) -> None:
    await visitor.patch_sales(EVERYTHING)
    before = await _teams(visitor)
    changes = [_request("POST teams", {"name": f"T{n}"}, n) for n in (1, 2)]
    wrong = _request("POST teams", {"shoesize": 44}, 3)
    answer = await _send(visitor, _change_set(*changes, wrong), headers=headers)
    assert answer.status_code == (200 if headers else 400)
    assert _statuses(answer) == [400]
    assert "changesetresponse" not in answer.text
    assert await _teams(visitor) == before


async def test_reference_that_nobody_declared_is_refused(visitor: Visitor) -> None:
    answer = await _send(visitor, _change_set(_request("PATCH $7", {"name": "x"}, 1)))
    assert (answer.status_code, "'$7'" in answer.text) == (400, True)


@pytest.mark.parametrize(
    "parts",
    [
        (_change_set(_request("GET WhoAmI", None, 1)),),
        (_change_set(_request("POST teams", {})),),
        (_change_set(_request("POST teams", {}, 1), _request("POST teams", {}, 1)),),
        (_request("POST $batch"),),
        (_request("GET https://other.example/api/data/v9.2/WhoAmI"),),
        (_request("BREW coffee"),),
        (f"Content-Type: text/plain{CRLF}{CRLF}hello",),
        tuple(_request("GET WhoAmI") for _ in range(1001)),
        (),
    ],
)
async def test_batch_that_cannot_be_is_refused_before_anything_is_done(
    visitor: Visitor, parts: tuple[str, ...]
) -> None:
    answer = await _send(visitor, *parts)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "0x80048d19"


async def test_line_ends_of_lf_alone_are_a_payload_error(visitor: Visitor) -> None:
    body = _body(_request("GET WhoAmI")).replace(CRLF, "\n")
    answer = await _send(visitor, body=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "0x80048d19")


async def test_batch_without_a_boundary_is_refused(visitor: Visitor) -> None:
    answer = await _send(visitor, headers={"Content-Type": "application/json"}, body="{}")
    assert answer.status_code == 400


@pytest.mark.parametrize(("length", "status"), [(40_000, 200), (65_536, 400)])
async def test_address_inside_a_batch_may_be_longer(
    visitor: Visitor, length: int, status: int
) -> None:
    answer = await _send(visitor, _request(f"GET systemusers?@p1={'x' * length}"))
    assert answer.status_code == status


async def test_batch_is_posted(visitor: Visitor) -> None:
    assert (await visitor.sales("GET", "$batch")).status_code == 404


_TOKEN = st.text("abcXYZ-_09", min_size=1, max_size=12)
_HEADERS = st.dictionaries(_TOKEN.map(lambda name: f"x{name.lower()}"), _TOKEN, max_size=3)
_BODY = st.text("ab:-\r \t{}\"'$é", max_size=40).map(lambda text: text.replace("\r", CRLF).encode())


@given(st.lists(st.tuples(_HEADERS, _BODY), max_size=5), _TOKEN)
def test_what_is_written_as_multipart_is_read_back(
    parts: list[tuple[dict[str, str], bytes]], token: str
) -> None:
    boundary = f"batch_{token}_0123456789"
    read = parts_of(written(parts, boundary), boundary)
    assert [(dict(each.headers), each.body) for each in read] == parts


@given(st.binary(max_size=300) | st.text("-batch_1\r\n: ", max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(MultipartError):
        assert all(isinstance(each, Part) for each in parts_of(body, "batch_1"))


@given(st.text(max_size=60))
def test_any_content_type_has_a_boundary_or_none(text: str) -> None:
    assert boundary_of(text) is None or "boundary" in text.lower()


_CHANGES = st.lists(
    st.sampled_from(("create", "rename", "delete", "assign", "unassign", "move")),
    min_size=1,
    max_size=6,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_CHANGES)
async def test_whatever_a_failed_change_set_did_is_undone(
    visitor: Visitor, changes: list[str]
) -> None:
    await visitor.patch_sales(EVERYTHING)
    organisation = visitor.simulation.world.facts["sales"]["adventure"]
    team = await visitor.sales("POST", "teams", json={"name": "Before"})
    made = team.headers["OData-EntityId"].rpartition("/")[2]
    user = f"systemusers({visitor.row('systemusers', 'olga')['systemuserid']})"
    role = f"roles({visitor.row('roles', 'bc-availability')['roleid']})"
    north = f"businessunits({visitor.row('businessunits', 'north')['businessunitid']})"
    roles = f"{user}/systemuserroles_association"
    lines: dict[str, tuple[str, Any]] = {
        "create": ("POST teams", {"name": "New"}),
        "rename": (f"PATCH {made}", {"name": "After"}),
        "delete": (f"DELETE {made}", None),
        "assign": (f"POST {roles}/$ref", {"@odata.id": role}),
        "unassign": (f"DELETE {roles}/$ref?$id={role}", None),
        "move": (f"PATCH {user}", {"businessunitid@odata.bind": north}),
    }
    before = json.dumps(organisation, sort_keys=True)
    requests = [_request(*lines[change], number) for number, change in enumerate(changes)]
    answer = await _send(visitor, _change_set(*requests, _request("DELETE shoes(1)", None, 99)))
    assert answer.status_code >= 400
    assert json.dumps(organisation, sort_keys=True) == before
    await visitor.sales("DELETE", made)
