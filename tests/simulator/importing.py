"""Imports as an administrator does them: started, watched, waited for by moving the clock."""

import asyncio
from typing import Any
from xml.etree import ElementTree as ET

import httpx

from tests.simulator.conftest import Visitor
from tests.simulator.packing import INTEGRATION, package

JOB = "7a1c0de0-0000-4000-8000-000000000001"
SWITCHES = {"OverwriteUnmanagedCustomizations": False, "PublishWorkflows": True}
Row = dict[str, Any]


async def post(visitor: Visitor, action: str, **values: Any) -> httpx.Response:
    return await visitor.sales("POST", action, json=values)


async def begin(
    visitor: Visitor, action: str = "ImportSolutionAsync", file: str | None = None, **more: Any
) -> httpx.Response:
    content = package() if file is None else file
    return await post(visitor, action, **SWITCHES, CustomizationFile=content, **more)


async def begun(visitor: Visitor, file: str | None = None, **more: Any) -> Row:
    """The answer of an import that was accepted."""
    answer = await begin(visitor, file=file, **more)
    assert answer.status_code == 200, answer.text
    body: Row = answer.json()
    return body


async def later(visitor: Visitor, seconds: float) -> None:
    answer = await visitor.control.post("/_world/clock", json={"advance": seconds})
    assert answer.status_code == 200, answer.text


async def one(visitor: Visitor, path: str) -> Row:
    answer = await visitor.sales("GET", path)
    assert answer.status_code == 200, answer.text
    row: Row = answer.json()
    return row


async def operation(visitor: Visitor, job: Row) -> Row:
    return await one(visitor, f"asyncoperations({job['AsyncOperationId']})")


async def import_job(visitor: Visitor, job: Row) -> Row:
    return await one(visitor, f"importjobs({job['ImportJobKey']})")


async def over(visitor: Visitor, job: Row) -> tuple[Row, Row]:
    """The operation and the import job when enough time has passed."""
    await later(visitor, 60)
    return await operation(visitor, job), await import_job(visitor, job)


async def solution(visitor: Visitor, name: str = INTEGRATION) -> Row | None:
    rows = await one(visitor, f"solutions?$filter=uniquename eq '{name}'")
    found: Row | None = next(iter(rows["value"]), None)
    return found


async def held(visitor: Visitor, user: str) -> set[str]:
    path = f"systemusers({visitor.row('systemusers', user)['systemuserid']})"
    rows = await one(visitor, f"{path}/systemuserroles_association?$select=name")
    return {row["name"] for row in rows["value"]}


async def running(visitor: Visitor) -> None:
    """Comes back when a call that waits for the clock has started its job."""
    async with asyncio.timeout(20):
        while not (await visitor.control.get("/_world")).json()["sales"]["adventure"]["jobs"]:
            continue


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314


def results(log: str) -> dict[str, dict[str, str]]:
    """Name of each thing in the log that has a result -> the attributes of that."""
    found = {}
    for parent in parsed(log).iter():
        for result in parent.findall("result"):
            found[parent.get("id", parent.tag)] = dict(result.attrib)
    return found
